import type { Locator } from '@playwright/test';
import type { Tensor } from '../../../bindings/src/index.js';

/** What a unit has after a step; the trace is [steps, units]. */
export function numberAt(trace: Tensor | undefined, step: number, unit: number): number {
  const [, units = 0] = trace?.shape ?? [];
  return trace?.values[step * units + unit] ?? NaN;
}

/** Points at the middle of a cell of a picture that has so many of them. */
export async function pointAtCell(
  picture: Locator,
  cell: { x: number; y: number },
  cells: { x: number; y: number },
): Promise<void> {
  const { width, height } = (await picture.boundingBox()) ?? { width: 0, height: 0 };
  const position = {
    x: (width * (cell.x + 0.5)) / cells.x,
    y: (height * (cell.y + 0.5)) / cells.y,
  };
  await picture.hover({ position });
}
