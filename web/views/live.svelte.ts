import type { LayerInspection, NetworkInfo, Tensor, Trainer } from 'kernelgarten';
import type { Session } from '../training/session.svelte.ts';
import type { InputImage } from './input.svelte.ts';

/** Milliseconds between two looks inside while training, or more: about six a second. */
const INTERVAL = 160;

/** What one look inside brought back: the layers that were watched, and of which network. */
interface Sight {
  readonly network: NetworkInfo | undefined;
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

/**
 * Fetches what views on the screen show: activations for the present input, weights, class
 * probabilities. One round at a time; a round asked for meanwhile follows when it is done.
 */
export class LiveViews {
  activations = $state.raw<ReadonlyMap<number, Tensor>>(new Map());
  weights = $state.raw<ReadonlyMap<number, readonly Tensor[]>>(new Map());
  probabilities = $state.raw<Float32Array | undefined>();
  reading = $state.raw<Reading | undefined>();

  readonly #session: Session;
  readonly #input: InputImage;
  readonly #watchedLayers = new Map<symbol, number>();
  readonly #watchedWeights = new Map<symbol, number>();
  readonly #readers = new Set<symbol>();
  /** the network that what is shown belongs to */
  #network: NetworkInfo | undefined;
  /** seen, but not shown yet */
  #fetched: Sight | undefined;
  #busy = false;
  #again = false;
  #lastRound = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, input: InputImage) {
    this.#session = session;
    this.#input = input;
  }

  /** Keeps a layer's activation fresh until the returned function is called. */
  watchActivation(layer: number): () => void {
    return this.#watch(this.#watchedLayers, layer);
  }

  /** Keeps a layer's weights fresh until the returned function is called. */
  watchWeights(layer: number): () => void {
    return this.#watch(this.#watchedWeights, layer);
  }

  /** Keeps `reading` fresh until the returned function is called. */
  watchReading(): () => void {
    const key = Symbol();
    this.#readers.add(key);
    this.#schedule();
    return () => this.#readers.delete(key);
  }

  /** The weights, the input or the state of the run changed: show what was seen, look again, soon. */
  refresh(): void {
    this.#showFetched();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    const pause = INTERVAL * this.#session.slowdown;
    const wait = this.#session.running ? this.#lastRound + pause - performance.now() : 0;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.#round();
      },
      Math.max(wait, 0),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #watch(watched: Map<symbol, number>, layer: number): () => void {
    const key = Symbol();
    watched.set(key, layer);
    this.#schedule();
    return () => watched.delete(key);
  }

  async #round(): Promise<void> {
    const trainer = this.#session.trainer;
    if (trainer === undefined || document.hidden) return;
    this.#busy = true;
    this.#lastRound = performance.now();
    try {
      this.#fetched = await this.#lookInside(trainer);
      // While training, it goes with the page's next update: two frames would cost twice as much.
      if (!this.#session.running) this.#showFetched();
    } catch {
      // The network was rebuilt or the worker lost meanwhile; both start a round of their own.
    }
    this.#busy = false;
    if (!this.#again) return;
    this.#again = false;
    this.#schedule();
  }

  async #lookInside(trainer: Trainer): Promise<Sight> {
    const network = this.#session.network;
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
      network,
      probabilities,
      activations: inspections.map(({ index, activation }) => [index, activation]),
      weights: weighted.map((layer, i) => [layer, tensors[i] ?? []]),
      reading,
    };
  }

  async #read(trainer: Trainer, pixels: Uint8Array): Promise<Reading> {
    const { label } = this.#input;
    const { step } = this.#session;
    const [probabilities, [recurrent]] = await Promise.all([
      trainer.predictSteps(pixels),
      trainer.inspect(pixels, { layers: [0], ...(label !== undefined && { label }) }),
    ]);
    return { step, probabilities, traces: recurrent?.traces ?? {} };
  }

  #showFetched(): void {
    const sight = this.#fetched;
    this.#fetched = undefined;
    if (sight === undefined || sight.network !== this.#session.network) return;
    const sameNetwork = sight.network === this.#network;
    this.#network = sight.network;
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
