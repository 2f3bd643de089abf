import { Handle } from './handle.js';
import { guard, type RawHandle, type RawModule, type RawTrainedNetwork } from './raw.js';
import type { LayerStatistics, NetworkInfo, Split, StepMetrics, Tensor } from './types.js';

/** What every network has that is trained step by step, in this thread. */
export abstract class TrainedNetwork<Raw extends RawTrainedNetwork> extends Handle<Raw> {
  readonly #module: RawModule;

  /** @internal */
  protected constructor(
    module: RawModule,
    kind: string,
    make: () => Raw,
    owners: readonly Handle<RawHandle>[],
  ) {
    super(kind, guard(module, make), owners);
    this.#module = module;
  }

  /** @internal */
  protected call<Result>(run: (raw: Raw) => Result): Result {
    const raw = this.raw;
    return guard(this.#module, () => run(raw));
  }

  /** Shapes, parameter counts, floating-point operations and memory of the network. */
  info(): NetworkInfo {
    return this.call((raw) => raw.info());
  }

  /**
   * One optimizer step on the next batch, or the rest of the one in progress.
   *
   * @throws KernelgartenError `non-finite` when the loss or a gradient is NaN or infinite; `where`
   *   names the layer, and the weights stay as they were before the step
   */
  step(): StepMetrics {
    return this.call((raw) => raw.step());
  }

  /**
   * The next part of a step, some 20 ms on a slow machine; begins one where none is in progress. Gives
   * the metrics with the last part. In between, everything else sees the network as the last finished
   * step left it.
   *
   * @throws KernelgartenError as {@link step}; the next call begins a new step
   */
  advanceStep(): StepMetrics | undefined {
    return this.call((raw) => raw.advance_step());
  }

  /** Starts an evaluation to be done in parts; one begun before is given up. */
  beginEvaluation(split: Split): void {
    this.call((raw) => {
      raw.begin_evaluation(split);
    });
  }

  /** Evaluates a few more examples; true when the split is through. */
  advanceEvaluation(): boolean {
    return this.call((raw) => raw.advance_evaluation());
  }

  /** Parameters of a layer, in the order of {@link NetworkInfo}: copies. */
  weights(layer: number): Tensor[] {
    return this.call((raw) => raw.weights(layer));
  }

  /** Gradients of the last step for the parameters of a layer: copies. */
  gradients(layer: number): Tensor[] {
    return this.call((raw) => raw.gradients(layer));
  }

  /** Mean, spread and gradient length of each layer's parameters. */
  statistics(): LayerStatistics[] {
    return this.call((raw) => raw.statistics());
  }

  /**
   * What is needed to use the network: a safetensors file of its parameters (`conv2d_1.weight`) and
   * running statistics.
   *
   * @throws KernelgartenError `invalid-argument` when two layers have the same name
   */
  weightsFile(): Uint8Array {
    return this.call((raw) => raw.weights_file());
  }

  /**
   * All that training needs to go on, as the last finished step left it: a safetensors file with the
   * parameters (`conv2d_1.weight`), running statistics, what the optimizer remembers, and the place in
   * the data. A step in progress is not part of it.
   *
   * @throws KernelgartenError `invalid-argument` when two layers have the same name
   */
  checkpoint(): Uint8Array {
    return this.call((raw) => raw.checkpoint());
  }

  /**
   * Goes on from a checkpoint of a network with the same specs and data as if nothing had come between;
   * a step in progress is abandoned. What is refused changes nothing.
   *
   * @throws KernelgartenError `invalid-data` when the bytes are damaged, `invalid-argument` when they
   *   are of another network or optimizer, or of data or batches of another size
   */
  restore(checkpoint: Uint8Array): void {
    this.call((raw) => {
      raw.restore(checkpoint);
    });
  }

  /** Learning rate of the next step. */
  get learningRate(): number {
    return this.raw.learning_rate();
  }

  /** @throws KernelgartenError `invalid-argument` when it is not a positive, sensible number */
  set learningRate(rate: number) {
    this.call((raw) => {
      raw.set_learning_rate(rate);
    });
  }
}
