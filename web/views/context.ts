import { createContext } from 'svelte';
import type { InputImage } from './input.svelte.ts';
import type { LiveViews } from './live.svelte.ts';
import type { Session } from '../training/session.svelte.ts';

/** What the parts of one lesson share. */
export interface LessonContext {
  session: Session;
  input: InputImage;
  live: LiveViews;
}

export const [lessonContext, provideLesson] = createContext<LessonContext>();
