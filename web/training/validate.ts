/** Limits of a number field. */
export interface Limits {
  min: number;
  max: number;
  integer: boolean;
}

export type Problem =
  | { kind: 'not-a-number'; got: string; limits: Limits }
  | { kind: 'not-whole'; got: string; limits: Limits }
  | { kind: 'out-of-range'; got: string; limits: Limits };

export type Checked = { value: number } | { problem: Problem };

/** Reads what a person typed: `0.001`, `1e-3`, also in full-width characters. */
export function readNumber(typed: string, limits: Limits): Checked {
  const got = typed.trim();
  const text = got.normalize('NFKC').replaceAll('。', '.');
  const value = text === '' ? NaN : Number(text);
  if (Number.isNaN(value)) return { problem: { kind: 'not-a-number', got, limits } };
  if (value < limits.min || value > limits.max) {
    return { problem: { kind: 'out-of-range', got, limits } };
  }
  if (limits.integer && !Number.isInteger(value)) {
    return { problem: { kind: 'not-whole', got, limits } };
  }
  return { value };
}

/** The next entry of a sorted list above (`+1`) or below (`-1`) a value that need not be in it. */
export function neighbour(list: readonly number[], value: number, direction: 1 | -1): number {
  const tolerance = 1e-9 * Math.abs(value);
  const found =
    direction === 1
      ? list.find((entry) => entry > value + tolerance)
      : list.findLast((entry) => entry < value - tolerance);
  return found ?? value;
}
