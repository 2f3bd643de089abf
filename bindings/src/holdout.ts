import { KernelgartenError } from './errors.js';
import type { SeriesInfo } from './types.js';

/** @throws KernelgartenError `invalid-argument` unless some, but not all, is to be held out */
export function checkValidationShare(call: string, validationShare: number): void {
  if (validationShare > 0 && validationShare < 1) return;
  throw new KernelgartenError(
    'invalid-argument',
    `[${call}] validationShare must be between 0 and 1, got ${validationShare}`,
  );
}

/** How a text or series of so many values is cut by the engine. */
export function holdOut(count: number, validationShare: number): SeriesInfo {
  const trainCount = Math.floor(count * (1 - validationShare));
  return { trainCount, testCount: count - trainCount };
}
