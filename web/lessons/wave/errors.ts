/** Mean of the squared differences between predictions and the true values they are of. */
export function meanSquaredError(
  predictions: ArrayLike<number>,
  values: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += ((predictions[i] ?? 0) - (values[i] ?? 0)) ** 2;
  return sum / values.length;
}
