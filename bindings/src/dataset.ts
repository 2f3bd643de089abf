import { Handle } from './handle.js';
import { guard, present, type RawDataset, type RawModule } from './raw.js';
import type { Sample } from './types.js';

/** Images to train on and images held out. */
export interface DatasetSplits {
  train: Dataset;
  test: Dataset;
}

/**
 * Labelled images, kept as bytes in the engine's memory. Made by {@link Engine.dataset} and
 * {@link Engine.loadData}.
 */
export class Dataset extends Handle<RawDataset> {
  readonly #module: RawModule;

  /** @internal */
  constructor(module: RawModule, raw: RawDataset) {
    super('Dataset', raw);
    this.#module = module;
  }

  /** @internal the engine's object, for {@link Engine.classifier} */
  get native(): RawDataset {
    return this.raw;
  }

  /** number of images */
  get count(): number {
    return this.raw.count();
  }

  /** rows of an image */
  get height(): number {
    return this.raw.height();
  }

  /** columns of an image */
  get width(): number {
    return this.raw.width();
  }

  /** bytes per pixel */
  get channels(): number {
    return this.raw.channels();
  }

  /** number of classes: labels run from 0 to `classes - 1` */
  get classes(): number {
    return this.raw.classes();
  }

  /** The pixels of one image, row by row, 0 to 255: a copy. */
  image(index: number): Uint8Array {
    return guard(this.#module, () => this.raw.image(index));
  }

  /** The class of one image. */
  label(index: number): number {
    return guard(this.#module, () => this.raw.label(index));
  }

  /** One image with its label. */
  sample(index: number): Sample {
    return {
      index,
      label: this.label(index),
      height: this.height,
      width: this.width,
      pixels: this.image(index),
    };
  }

  /**
   * Moves a random part of the images into a data set of its own, as for a held-out test split. The
   * same seed picks the same images.
   *
   * @param fraction share to move, between 0 and 1 exclusive
   * @throws KernelgartenError `invalid-argument` when either part would be empty
   */
  splitOff(fraction: number, seed = 1): Dataset {
    return new Dataset(
      this.#module,
      guard(this.#module, () => present(this.raw.split_off(fraction, seed))),
    );
  }
}
