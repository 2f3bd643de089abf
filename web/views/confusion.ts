/** A cell of a confusion matrix. */
export interface Cell {
  actual: number;
  predicted: number;
}

export interface MixUp extends Cell {
  count: number;
}

export function countAt(confusion: Uint32Array, classes: number, cell: Cell): number {
  return confusion[cell.actual * classes + cell.predicted] ?? 0;
}

/** Off-diagonal cells that are not empty, the fullest first. */
export function mixUps(confusion: Uint32Array, classes: number): MixUp[] {
  const found: MixUp[] = [];
  for (let actual = 0; actual < classes; actual += 1) {
    for (let predicted = 0; predicted < classes; predicted += 1) {
      const count = countAt(confusion, classes, { actual, predicted });
      if (actual !== predicted && count > 0) found.push({ actual, predicted, count });
    }
  }
  return found.sort((a, b) => b.count - a.count);
}

/** Examples on the diagonal. */
export function correctCount(confusion: Uint32Array, classes: number): number {
  let sum = 0;
  for (let i = 0; i < classes; i += 1) {
    sum += countAt(confusion, classes, { actual: i, predicted: i });
  }
  return sum;
}
