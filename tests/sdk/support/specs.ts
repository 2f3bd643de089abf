import type { NetworkSpec, TrainingSpec } from '../../../bindings/src/spec.js';
import { classes, side } from './idx.js';

/** A convolutional network that learns the easy images in a few steps of a millisecond. */
export const smallNetwork: NetworkSpec = {
  input: [side, side, 1],
  layers: [
    { type: 'conv2d', filters: 4 },
    { type: 'relu' },
    { type: 'max_pool2d' },
    { type: 'flatten' },
    { type: 'dense', units: classes },
  ],
  seed: 7,
};

export const smallTraining: TrainingSpec = {
  batchSize: 16,
  optimizer: { type: 'adam', learningRate: 0.01 },
  seed: 7,
};
