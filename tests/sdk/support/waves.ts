import type { NetworkSpec, TrainingSpec } from '../../../bindings/src/spec.js';

/** A network that foresees windows of 12 values. */
export const smallNetwork: NetworkSpec = {
  input: [12, 1],
  layers: [
    { type: 'gru', units: 8, returnSequences: true },
    { type: 'dense', units: 1 },
  ],
  seed: 1,
};

export const smallTraining: TrainingSpec = {
  batchSize: 16,
  loss: 'mean_squared_error',
  optimizer: { type: 'adam', learningRate: 0.02 },
  seed: 1,
};
