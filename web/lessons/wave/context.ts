import { createContext } from 'svelte';
import type { WaveSession } from '../../training/wave_session.svelte.ts';
import type { WaveViews } from './wave_views.svelte.ts';

/** What the parts of the lesson share. */
export interface WaveLesson {
  session: WaveSession;
  views: WaveViews;
}

export const [waveLesson, provideWaveLesson] = createContext<WaveLesson>();
