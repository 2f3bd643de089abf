import type { LayerInspection, NetworkInfo, Tensor } from 'kernelgarten';
import type { Session } from '../training/session.svelte.ts';
import type { InputImage } from './input.svelte.ts';

/** Milliseconds between two looks inside while training, or more: about six a second. */
const INTERVAL = 160;

/**
 * Fetches what views on the screen show: activations for the present input, weights, class
 * probabilities. One round at a time; a round asked for meanwhile follows when it is done.
 */
export class LiveViews {
  activations = $state.raw<ReadonlyMap<number, Tensor>>(new Map());
  weights = $state.raw<ReadonlyMap<number, readonly Tensor[]>>(new Map());
  probabilities = $state.raw<Float32Array | undefined>();

  readonly #session: Session;
  readonly #input: InputImage;
  readonly #watchedLayers = new Map<symbol, number>();
  readonly #watchedWeights = new Map<symbol, number>();
  /** the network that what is shown belongs to */
  #network: NetworkInfo | undefined;
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

  /** The weights or the input changed: look again, soon. */
  refresh(): void {
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
    this.refresh();
    return () => watched.delete(key);
  }

  async #round(): Promise<void> {
    const trainer = this.#session.trainer;
    if (trainer === undefined || document.hidden) return;
    this.#busy = true;
    this.#lastRound = performance.now();
    try {
      await this.#lookInside();
    } catch {
      // The network was rebuilt or the worker lost meanwhile; both start a round of their own.
    }
    this.#busy = false;
    if (!this.#again) return;
    this.#again = false;
    this.refresh();
  }

  async #lookInside(): Promise<void> {
    const trainer = this.#session.trainer;
    const network = this.#session.network;
    const pixels = this.#input.pixels;
    if (trainer === undefined || network === undefined) return;
    if (pixels === undefined) {
      this.activations = new Map();
      this.probabilities = undefined;
    } else {
      const layers = [...new Set(this.#watchedLayers.values())];
      const [probabilities, inspections] = await Promise.all([
        trainer.predict(pixels),
        layers.length === 0 ? emptyInspection : trainer.inspect(pixels, { layers }),
      ]);
      this.probabilities = probabilities;
      this.activations = merged(
        network === this.#network ? this.activations : none,
        inspections.map(({ index, activation }) => [index, activation]),
      );
    }
    const weighted = [...new Set(this.#watchedWeights.values())];
    const tensors = await Promise.all(weighted.map((layer) => trainer.weights(layer)));
    this.weights = merged(
      network === this.#network ? this.weights : none,
      weighted.map((layer, i) => [layer, tensors[i] ?? []]),
    );
    this.#network = network;
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

const emptyInspection: readonly LayerInspection[] = [];
