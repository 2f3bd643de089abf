import type { LayerInspection, Tensor, Trainer } from 'kernelgarten';
import type { DigitSession } from '../training/digit_session.svelte.ts';
import type { InputImage } from './input.svelte.ts';
import { Looks } from './looks.ts';

/** What one look inside brought back: the layers that were watched. */
interface Sight {
  /** of the input, where there is one */
  readonly probabilities: Float32Array | undefined;
  readonly activations: readonly (readonly [layer: number, Tensor])[];
  readonly weights: readonly (readonly [layer: number, readonly Tensor[]])[];
  readonly reading: Reading | undefined;
}

/** How a network reads the rows of the present input, one after another. */
export interface Reading {
  /** steps since the network was built */
  readonly step: number;
  /** rows x classes, after each row */
  readonly probabilities: Float32Array;
  /** what the first layer shows inside, each [rows, units] */
  readonly traces: LayerInspection['traces'];
}

/** Fetches what views on the screen show: activations for the present input, weights, class probabilities. */
export class LiveViews extends Looks<DigitSession, Sight> {
  activations = $state.raw<ReadonlyMap<number, Tensor>>(new Map());
  weights = $state.raw<ReadonlyMap<number, readonly Tensor[]>>(new Map());
  probabilities = $state.raw<Float32Array | undefined>();
  reading = $state.raw<Reading | undefined>();

  readonly #input: InputImage;
  readonly #watchedLayers = new Map<symbol, number>();
  readonly #watchedWeights = new Map<symbol, number>();
  readonly #readers = new Map<symbol, true>();

  constructor(session: DigitSession, input: InputImage) {
    super(session);
    this.#input = input;
  }

  /** Keeps a layer's activation fresh until the returned function is called. */
  watchActivation(layer: number): () => void {
    return this.watching(this.#watchedLayers, layer);
  }

  /** Keeps a layer's weights fresh until the returned function is called. */
  watchWeights(layer: number): () => void {
    return this.watching(this.#watchedWeights, layer);
  }

  /** Keeps `reading` fresh until the returned function is called. */
  watchReading(): () => void {
    return this.watching(this.#readers, true);
  }

  protected async look(trainer: Trainer): Promise<Sight> {
    const pixels = this.#input.pixels;
    const layers = pixels === undefined ? [] : [...new Set(this.#watchedLayers.values())];
    const weighted = [...new Set(this.#watchedWeights.values())];
    const [probabilities, inspections, tensors, reading] = await Promise.all([
      pixels && trainer.predict(pixels),
      pixels === undefined || layers.length === 0 ? [] : trainer.inspect(pixels, { layers }),
      Promise.all(weighted.map((layer) => trainer.weights(layer))),
      pixels !== undefined && this.#readers.size > 0 ? this.#read(trainer, pixels) : undefined,
    ]);
    return {
      probabilities,
      activations: inspections.map(({ index, activation }) => [index, activation]),
      weights: weighted.map((layer, i) => [layer, tensors[i] ?? []]),
      reading,
    };
  }

  async #read(trainer: Trainer, pixels: Uint8Array): Promise<Reading> {
    const { label } = this.#input;
    const { step } = this.session;
    const [probabilities, [recurrent]] = await Promise.all([
      trainer.predictSteps(pixels),
      trainer.inspect(pixels, { layers: [0], ...(label !== undefined && { label }) }),
    ]);
    return { step, probabilities, traces: recurrent?.traces ?? {} };
  }

  protected show(sight: Sight, sameNetwork: boolean): void {
    this.probabilities = sight.probabilities;
    this.reading = sight.reading;
    this.activations = sight.probabilities
      ? merged(sameNetwork ? this.activations : none, sight.activations)
      : none;
    this.weights = merged(sameNetwork ? this.weights : none, sight.weights);
  }
}

const none: ReadonlyMap<number, never> = new Map<number, never>();

/** What was seen before stays until it is seen anew, so nothing blinks when it scrolls into view. */
function merged<T>(
  before: ReadonlyMap<number, T>,
  news: readonly (readonly [number, T])[],
): ReadonlyMap<number, T> {
  return new Map([...before, ...news]);
}
