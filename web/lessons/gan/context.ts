import { createContext } from 'svelte';
import type { DigitGanSession } from '../../training/digit_gan_session.svelte.ts';
import type { GanViews } from './gan_views.svelte.ts';

/** What the parts of the lesson share. */
export interface GanLesson {
  session: DigitGanSession;
  views: GanViews;
}

export const [ganLesson, provideGanLesson] = createContext<GanLesson>();
