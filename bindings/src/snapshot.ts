import type { Snapshot, StepPlace } from './types.js';

/**
 * How many steps wait for a reader that does not read. A reader that comes back after more than this
 * finds the newest; at 100 steps a second it is eleven minutes.
 */
export const maxBacklog = 65_536;

/** Two snapshots as one: the state of the newer, the steps and evaluations of both. */
export function mergeSnapshots<Result, Step extends StepPlace>(
  older: Snapshot<Result, Step>,
  newer: Snapshot<Result, Step>,
): Snapshot<Result, Step> {
  return {
    ...newer,
    steps: newest(older.steps, newer.steps),
    evaluations: [...older.evaluations, ...newer.evaluations],
  };
}

function newest<Step>(older: Step[], newer: Step[]): Step[] {
  return [...older, ...newer].slice(-maxBacklog);
}
