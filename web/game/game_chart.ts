import type { GameNumber } from '../charts/gan_history.ts';
import type { Line } from '../components/LineChart.svelte';

/** One chart of numbers over epochs. */
export interface Chart {
  /** what the chart shows, for those who cannot see it */
  label: string;
  axis: string;
  lines: readonly {
    name: GameNumber;
    label: string;
    colour: Line['colour'];
    dashed?: boolean;
  }[];
  /** measured now and then, not in each round */
  scores?: boolean;
  yRange?: [number, number];
  /** what to compare with */
  reference?: { label: string; value: number };
  format: (value: number) => string;
  tick: (value: number) => string;
}
