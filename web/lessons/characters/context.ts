import { createContext } from 'svelte';
import type { TextSession } from '../../training/text_session.svelte.ts';
import type { TextViews } from './text_views.svelte.ts';

/** What the parts of the lesson share. */
export interface TextLesson {
  session: TextSession;
  views: TextViews;
}

export const [textLesson, provideTextLesson] = createContext<TextLesson>();
