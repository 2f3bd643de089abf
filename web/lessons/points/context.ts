import { createContext } from 'svelte';
import type { PointGanSession } from '../../training/point_gan_session.svelte.ts';
import type { PointViews } from './point_views.svelte.ts';

/** What the parts of the lesson share. */
export interface PointsLesson {
  session: PointGanSession;
  views: PointViews;
}

export const [pointsLesson, providePointsLesson] = createContext<PointsLesson>();
