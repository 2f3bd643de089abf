import type { Initializer, LayerSpec, NetworkSpec, TrainingSpec } from './spec.js';

/** A network with the training that suits it. */
export interface Preset {
  network: NetworkSpec;
  training: TrainingSpec;
  /** passes over the training examples */
  epochs: number;
}

/** How the three layers with parameters start. */
interface Recipe {
  convolution: Initializer;
  output: Initializer;
  bias: Initializer;
}

/**
 * The article's network: two 3x3 convolutions of 32 and 64 channels, each followed by ReLU and 2x2
 * max pooling, then one dense layer to the ten classes.
 */
function articleLayers({ convolution, output, bias }: Recipe): LayerSpec[] {
  return [
    { type: 'conv2d', filters: 32, kernel: 3, weightInit: convolution, biasInit: bias },
    { type: 'relu' },
    { type: 'max_pool2d', size: 2, stride: 2 },
    { type: 'conv2d', filters: 64, kernel: 3, weightInit: convolution, biasInit: bias },
    { type: 'relu' },
    { type: 'max_pool2d', size: 2, stride: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 10, weightInit: output, biasInit: bias },
  ];
}

function digitClassifier(recipe: Recipe, epochs: number): Preset {
  return {
    network: { input: [28, 28, 1], layers: articleLayers(recipe), seed: 1 },
    training: {
      batchSize: 128,
      loss: 'softmax_cross_entropy',
      optimizer: { type: 'adam', learningRate: 1e-3 },
      seed: 1,
    },
    epochs,
  };
}

/** Networks to start from; copy one (`structuredClone`) before changing it. */
export const presets: Readonly<Record<'cnn-default' | 'cnn-article', Preset>> = {
  /** The article's network with He initialisation, which learns faster. */
  'cnn-default': digitClassifier(
    {
      convolution: { kind: 'he_normal' },
      output: { kind: 'he_normal' },
      bias: { kind: 'zeros' },
    },
    8,
  ),
  /** The article's own recipe: weights from a normal of 0.01, biases 0.1, Xavier for the last layer. */
  'cnn-article': digitClassifier(
    {
      convolution: { kind: 'normal', scale: 0.01 },
      output: { kind: 'glorot_uniform' },
      bias: { kind: 'constant', scale: 0.1 },
    },
    20,
  ),
};
