import { Dataset } from './dataset.js';
import { Handle } from './handle.js';
import { guard, present, type RawGan, type RawModule } from './raw.js';
import type { GanTrainingSpec, NetworkSpec } from './spec.js';
import type { GanInfo, GanStep, LayerStatistics, Player, Players, Tensor } from './types.js';

/** Classes of examples, one each; none unless the GAN is conditional. */
export type Labels = readonly number[] | Int32Array;

/**
 * Two networks that are trained against each other, in this thread. Made by {@link Engine.gan}; lives no
 * longer than its images.
 *
 * The generator makes fakes out of noise; the discriminator learns to tell them from real examples, and
 * the generator to be taken for real. The labels that some calls take are for conditional GANs.
 */
export class Gan extends Handle<RawGan> {
  readonly #module: RawModule;

  /** @internal */
  constructor(
    module: RawModule,
    real: Dataset | Float32Array,
    generator: NetworkSpec,
    discriminator: NetworkSpec,
    training: GanTrainingSpec,
  ) {
    const images = real instanceof Dataset;
    const make = () =>
      images
        ? module.Gan.of_images(real.native, generator, discriminator, training)
        : module.Gan.of_points(real, generator, discriminator, training);
    super('Gan', present(guard(module, make)), images ? [real] : []);
    this.#module = module;
  }

  #call<Result>(run: (raw: RawGan) => Result): Result {
    const raw = this.raw;
    return guard(this.#module, () => run(raw));
  }

  /** Shapes, parameter counts, floating-point operations and memory of both networks. */
  info(): GanInfo {
    return this.#call((raw) => raw.info());
  }

  /**
   * One round, or the rest of the one in progress: the discriminator's steps, then the generator's; or
   * one step of one of them.
   *
   * @throws KernelgartenError `non-finite` when a loss or a gradient is NaN or infinite; `where` names
   *   player and layer (`generator.dense_1`), and both networks stay as the last finished step left them
   */
  step(players: Players = 'both'): GanStep {
    return this.#call((raw) => raw.step(players));
  }

  /**
   * The next part of a round, some 20 ms on a slow machine; begins one where none is in progress. Gives
   * the metrics with the last part. In between, everything else sees the networks as the last finished
   * step of a player left them.
   *
   * @throws KernelgartenError as {@link step}
   */
  advanceStep(players: Players = 'both'): GanStep | undefined {
    return this.#call((raw) => raw.advance_step(players));
  }

  /** Standard normal noise for so many examples that is always the same. */
  fixedNoise(count: number): Float32Array {
    return this.#call((raw) => raw.fixed_noise(count));
  }

  /** What the generator, or its average if there is one, makes of noise: examples one after the other. */
  generate(noise: Float32Array, labels: Labels = []): Float32Array {
    return this.#call((raw) => raw.generate(noise, Int32Array.from(labels)));
  }

  /** The discriminator's verdict on each example, from 0 (fake) to 1 (real). */
  discriminate(examples: Float32Array, labels: Labels = []): Float32Array {
    return this.#call((raw) => raw.discriminate(examples, Int32Array.from(labels)));
  }

  /**
   * For each example the gradient of the generator's loss on it alone: against it lies what would make
   * the discriminator take it for real.
   */
  exampleGradients(examples: Float32Array, labels: Labels = []): Float32Array {
    return this.#call((raw) => raw.example_gradients(examples, Int32Array.from(labels)));
  }

  /** Parameters of a layer of one of the networks: copies. */
  weights(player: Player, layer: number): Tensor[] {
    return this.#call((raw) => raw.weights(player, layer));
  }

  /** Mean, spread and gradient length of each layer's parameters. */
  statistics(player: Player): LayerStatistics[] {
    return this.#call((raw) => raw.statistics(player));
  }

  /** All that training needs to go on, as {@link Classifier.checkpoint}. */
  checkpoint(): Uint8Array {
    return this.#call((raw) => raw.checkpoint());
  }

  /** Goes on from a checkpoint, as {@link Classifier.restore}. */
  restore(checkpoint: Uint8Array): void {
    this.#call((raw) => {
      raw.restore(checkpoint);
    });
  }

  /** Learning rate of a player's next step. */
  learningRate(player: Player): number {
    return this.#call((raw) => raw.learning_rate(player));
  }

  /** @throws KernelgartenError `invalid-argument` when it is not a positive, sensible number */
  setLearningRate(player: Player, rate: number): void {
    this.#call((raw) => {
      raw.set_learning_rate(player, rate);
    });
  }
}
