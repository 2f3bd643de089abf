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

/** One whose steps take milliseconds, for calls that have to fall into an epoch. */
export const slowNetwork: NetworkSpec = {
  input: [side, side, 1],
  layers: [
    { type: 'flatten' },
    { type: 'dense', units: 1000 },
    { type: 'relu' },
    { type: 'dense', units: 1000 },
    { type: 'relu' },
    { type: 'dense', units: classes },
  ],
};

export const smallTraining: TrainingSpec = {
  batchSize: 16,
  optimizer: { type: 'adam', learningRate: 0.01 },
  seed: 7,
};
