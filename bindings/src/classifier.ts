import type { Dataset } from './dataset.js';
import { Handle } from './handle.js';
import { guard, type RawClassifier, type RawModule } from './raw.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import type {
  Evaluation,
  LayerInspection,
  LayerStatistics,
  NetworkInfo,
  Split,
  StepMetrics,
  Tensor,
} from './types.js';

/**
 * A network that learns to tell the classes of a data set apart, in this thread. Made by
 * {@link Engine.classifier}; lives no longer than its data sets.
 */
export class Classifier extends Handle<RawClassifier> {
  readonly #module: RawModule;

  /** @internal */
  constructor(
    module: RawModule,
    train: Dataset,
    test: Dataset,
    network: NetworkSpec,
    training: TrainingSpec,
  ) {
    super(
      'Classifier',
      guard(module, () => new module.Classifier(train.native, test.native, network, training)),
      [train, test],
    );
    this.#module = module;
  }

  #call<Result>(run: (raw: RawClassifier) => Result): Result {
    const raw = this.raw;
    return guard(this.#module, () => run(raw));
  }

  /** Shapes, parameter counts, floating-point operations and memory of the network. */
  info(): NetworkInfo {
    return this.#call((raw) => raw.info());
  }

  /**
   * One optimizer step on the next batch, or the rest of the one in progress.
   *
   * @throws KernelgartenError `non-finite` when the loss or a gradient is NaN or infinite; `where`
   *   names the layer, and the weights stay as they were before the step
   */
  step(): StepMetrics {
    return this.#call((raw) => raw.step());
  }

  /**
   * The next part of a step, some 20 ms on a slow machine; begins one where none is in progress. Gives
   * the metrics with the last part. In between, everything else sees the network as the last finished
   * step left it.
   *
   * @throws KernelgartenError as {@link step}; the next call begins a new step
   */
  advanceStep(): StepMetrics | undefined {
    return this.#call((raw) => raw.advance_step());
  }

  /** Runs a whole split through the network with inference statistics. */
  evaluate(split: Split = 'test'): Evaluation {
    this.beginEvaluation(split);
    while (!this.advanceEvaluation());
    return this.evaluation();
  }

  /** Starts an evaluation to be done in parts; one begun before is given up. */
  beginEvaluation(split: Split): void {
    this.#call((raw) => {
      raw.begin_evaluation(split);
    });
  }

  /** Evaluates a few more examples; true when the split is through. */
  advanceEvaluation(): boolean {
    return this.#call((raw) => raw.advance_evaluation());
  }

  /** The last finished evaluation. */
  evaluation(): Evaluation {
    return this.#call((raw) => raw.evaluation());
  }

  /** Predicted class of each example in the last finished evaluation of `split`; empty before it. */
  predictions(split: Split): Uint8Array {
    return this.#call((raw) => raw.predictions(split));
  }

  /**
   * Class probabilities, n x classes.
   *
   * @param images n images one after the other, as bytes from 0 to 255
   */
  predict(images: Uint8Array): Float32Array {
    return this.#call((raw) => raw.predict(images));
  }

  /**
   * What every layer puts out for one image, and, when its label is given, the gradient of the loss
   * with respect to that.
   */
  inspect(image: Uint8Array, label?: number): LayerInspection[] {
    return this.#call((raw) => raw.inspect(image, label ?? -1));
  }

  /** Parameters of a layer, in the order of {@link NetworkInfo}: copies. */
  weights(layer: number): Tensor[] {
    return this.#call((raw) => raw.weights(layer));
  }

  /** Gradients of the last step for the parameters of a layer: copies. */
  gradients(layer: number): Tensor[] {
    return this.#call((raw) => raw.gradients(layer));
  }

  /** Mean, spread and gradient length of each layer's parameters. */
  statistics(): LayerStatistics[] {
    return this.#call((raw) => raw.statistics());
  }

  /** Learning rate of the next step. */
  get learningRate(): number {
    return this.raw.learning_rate();
  }

  /** @throws KernelgartenError `invalid-argument` when it is not a positive, sensible number */
  set learningRate(rate: number) {
    this.#call((raw) => {
      raw.set_learning_rate(rate);
    });
  }
}
