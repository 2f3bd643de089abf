import type { RawTrainedNetwork } from './raw.js';
import { RunSession } from './run_session.js';
import type { TrainedNetwork } from './trained_network.js';
import type { Trainable } from './training_loop.js';
import type {
  LayerInspection,
  LayerStatistics,
  NetworkInfo,
  StepMetrics,
  Tensor,
} from './types.js';

/** A network in this thread that a loop can train. */
type Network<Result> = TrainedNetwork<RawTrainedNetwork> & Trainable<Result>;

/** Those of the layers whose index is in `wanted`; all of them without it. */
export function pickLayers(
  layers: LayerInspection[],
  wanted: readonly number[] | undefined,
): LayerInspection[] {
  return wanted ? layers.filter(({ index }) => wanted.includes(index)) : layers;
}

/** A session with one network. {@link NetworkTrainer} documents each call as seen from outside. */
export abstract class NetworkSession<Result, Trained extends Network<Result>> extends RunSession<
  Result,
  Trained
> {
  stepBatch(): StepMetrics {
    return this.requireLoop('stepBatch').stepBatch();
  }

  setLearningRate(rate: number): void {
    this.requireLoop('setLearningRate').setLearningRate(rate);
  }

  weights(layer: number): Tensor[] {
    return this.requireModel('weights').weights(layer);
  }

  gradients(layer: number): Tensor[] {
    return this.requireModel('gradients').gradients(layer);
  }

  statistics(): LayerStatistics[] {
    return this.requireModel('statistics').statistics();
  }

  /** @param examples that an epoch goes through */
  protected trainNetwork(network: Trained, examples: number): NetworkInfo {
    const info = network.info();
    this.train(network, info.batchesPerEpoch, examples);
    return info;
  }
}
