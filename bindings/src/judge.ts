import { portableFile, type DataFile } from './data_source.js';
import type { Dataset } from './dataset.js';
import { Handle } from './handle.js';
import { guard, type RawJudge, type RawModule } from './raw.js';
import type { NetworkSpec } from './spec.js';
import type { SampleScores } from './types.js';

/** A trained classifier to judge by. */
export interface JudgeSource {
  /** a classifier whose last layer is dense; what that layer reads are an image's features */
  network: NetworkSpec;
  /** its weights, as {@link Classifier.weightsFile} gives them */
  weights: DataFile;
}

/** The same with an address that is good in a worker, too. */
export function portableJudge({ network, weights }: JudgeSource): JudgeSource {
  return { network, weights: portableFile('weights', weights) };
}

/**
 * Scores generated images by a classifier that was trained on real ones, in this thread. Made by
 * {@link Engine.createJudge}.
 */
export class Judge extends Handle<RawJudge> {
  readonly #module: RawModule;

  /** @internal */
  constructor(module: RawModule, reference: Dataset, network: NetworkSpec, weights: Uint8Array) {
    super(
      'Judge',
      guard(module, () => new module.Judge(reference.native, network, weights)),
    );
    this.#module = module;
  }

  #call<Result>(run: (raw: RawJudge) => Result): Result {
    const raw = this.raw;
    return guard(this.#module, () => run(raw));
  }

  /**
   * The scores of some images.
   *
   * @param images 2 or more images one after the other, row by row, black 0, white 1
   * @throws KernelgartenError `invalid-argument` unless they are whole images, `invalid-data` when a
   *   number is not finite
   */
  judge(images: Float32Array): SampleScores {
    this.begin(images);
    while (!this.advance());
    return this.scores();
  }

  /** Starts a judging to be done in parts, as {@link judge} does; one begun before is given up. */
  begin(images: Float32Array): void {
    this.#call((raw) => {
      raw.begin(images);
    });
  }

  /** Judges a few more images; true when the scores are there. */
  advance(): boolean {
    return this.#call((raw) => raw.advance());
  }

  /** Of the last images that were judged. */
  scores(): SampleScores {
    return this.#call((raw) => raw.scores());
  }

  /** Class probabilities of the last images that were judged, n x classes; empty before. */
  probabilities(): Float32Array {
    return this.#call((raw) => raw.probabilities());
  }
}
