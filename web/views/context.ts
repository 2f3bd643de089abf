import { createContext } from 'svelte';
import type { InputImage } from './input.svelte.ts';
import type { LiveViews } from './live.svelte.ts';
import type { DigitSession } from '../training/digit_session.svelte.ts';

/** What the parts of a lesson about digits share. */
export interface LessonContext {
  session: DigitSession;
  input: InputImage;
  live: LiveViews;
}

export const [lessonContext, provideLesson] = createContext<LessonContext>();
