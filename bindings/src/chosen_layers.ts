import type { LayerInspection } from './types.js';

/** Those of the layers with these indices, or all. */
export function chosenLayers(
  inspections: LayerInspection[],
  layers: readonly number[] | undefined,
): LayerInspection[] {
  return layers ? inspections.filter(({ index }) => layers.includes(index)) : inspections;
}
