import type { Dataset } from './dataset.js';
import type { RawClassifier, RawModule } from './raw.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import { TrainedNetwork } from './trained_network.js';
import type { Evaluation, LayerInspection, Split } from './types.js';

/**
 * A network that learns to tell the classes of a data set apart, in this thread. Made by
 * {@link Engine.classifier}; lives no longer than its data sets.
 */
export class Classifier extends TrainedNetwork<RawClassifier> {
  /** @internal */
  constructor(
    module: RawModule,
    train: Dataset,
    test: Dataset,
    network: NetworkSpec,
    training: TrainingSpec,
  ) {
    super(
      module,
      'Classifier',
      () => new module.Classifier(train.native, test.native, network, training),
      [train, test],
    );
  }

  /** Runs a whole split through the network with inference statistics. */
  evaluate(split: Split = 'test'): Evaluation {
    this.beginEvaluation(split);
    while (!this.advanceEvaluation());
    return this.evaluation();
  }

  /** The last finished evaluation. */
  evaluation(): Evaluation {
    return this.call((raw) => raw.evaluation());
  }

  /** Predicted class of each example in the last finished evaluation of `split`; empty before it. */
  predictions(split: Split): Uint8Array {
    return this.call((raw) => raw.predictions(split));
  }

  /**
   * Class probabilities, n x classes.
   *
   * @param images n images one after the other, as bytes from 0 to 255
   */
  predict(images: Uint8Array): Float32Array {
    return this.call((raw) => raw.predict(images));
  }

  /**
   * Class probabilities after each row of an image, as if it ended there: rows x classes.
   *
   * @throws KernelgartenError `invalid-argument` unless the network reads rows one after another
   */
  predictSteps(image: Uint8Array): Float32Array {
    return this.call((raw) => raw.predict_steps(image));
  }

  /**
   * What every layer puts out for one image, and, when its label is given, the gradient of the loss
   * with respect to that.
   */
  inspect(image: Uint8Array, label?: number): LayerInspection[] {
    return this.call((raw) => raw.inspect(image, label ?? -1));
  }
}
