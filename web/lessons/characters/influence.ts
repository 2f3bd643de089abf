/**
 * Which characters before `target` have the most influence on it, the strongest first.
 *
 * @param influence of each character, not negative
 */
export function strongest(influence: readonly number[], target: number, most: number): number[] {
  return influence
    .slice(0, target)
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value)
    .slice(0, most)
    .map(({ index }) => index);
}
