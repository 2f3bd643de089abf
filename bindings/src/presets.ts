import type { Initializer, LayerSpec, NetworkSpec, OptimizerSpec, TrainingSpec } from './spec.js';

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

function digitClassifier(
  network: Omit<NetworkSpec, 'seed'>,
  epochs: number,
  optimizer: OptimizerSpec = { type: 'adam', learningRate: 1e-3 },
): Preset {
  return {
    network: { ...network, seed: 1 },
    training: { batchSize: 128, loss: 'softmax_cross_entropy', optimizer, seed: 1 },
    epochs,
  };
}

/** Adam with the gradient held to a length of 1, where one of its few long ones would throw it off. */
function clippedAdam(learningRate: number): OptimizerSpec {
  return { type: 'adam', learningRate, clipNorm: 1 };
}

function convolutional(recipe: Recipe): Omit<NetworkSpec, 'seed'> {
  return { input: [28, 28, 1], layers: articleLayers(recipe) };
}

/** Reads a digit row by row and tells its class after the last one. */
function rowByRow(recurrent: LayerSpec): Omit<NetworkSpec, 'seed'> {
  return {
    input: [28, 28],
    layers: [recurrent, { type: 'dense', units: 10, weightInit: { kind: 'glorot_uniform' } }],
  };
}

export type PresetName = 'cnn-default' | 'cnn-article' | 'rnn-rows' | 'rnn-rows-simple';

/** Networks to start from; copy one (`structuredClone`) before changing it. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  /** The article's network with He initialisation, which learns faster. */
  'cnn-default': digitClassifier(
    convolutional({
      convolution: { kind: 'he_normal' },
      output: { kind: 'he_normal' },
      bias: { kind: 'zeros' },
    }),
    8,
  ),
  /** The article's own recipe: weights from a normal of 0.01, biases 0.1, Xavier for the last layer. */
  'cnn-article': digitClassifier(
    convolutional({
      convolution: { kind: 'normal', scale: 0.01 },
      output: { kind: 'glorot_uniform' },
      bias: { kind: 'constant', scale: 0.1 },
    }),
    20,
  ),
  /** An LSTM that reads the rows of a digit from top to bottom. */
  'rnn-rows': digitClassifier(rowByRow({ type: 'lstm', units: 128 }), 5, clippedAdam(3e-3)),
  /** Elman's network in its place, for comparison. */
  'rnn-rows-simple': digitClassifier(
    rowByRow({ type: 'simple_rnn', units: 128 }),
    5,
    clippedAdam(1e-3),
  ),
};

/** The recurrent cells, by the `type` of their layer. */
export type CellType = 'simple_rnn' | 'lstm' | 'gru';

/**
 * A network that learns to foresee a text of `vocabulary` different characters: two recurrent layers that
 * read 64 characters at a time in 64 places of the text. Let the learning rate fall to zero by the
 * end of the training.
 */
export function characterPreset(vocabulary: number, cell: CellType = 'lstm'): Preset {
  const recurrent: LayerSpec = { type: cell, units: 128, returnSequences: true };
  return {
    network: {
      input: [64],
      layers: [
        { type: 'embedding', vocabulary, units: 64 },
        recurrent,
        recurrent,
        { type: 'dense', units: vocabulary, weightInit: { kind: 'glorot_uniform' } },
      ],
      seed: 1,
    },
    training: {
      batchSize: 64,
      loss: 'softmax_cross_entropy',
      optimizer: { type: 'adam', learningRate: 4e-3 },
      seed: 1,
    },
    epochs: 10,
  };
}

/**
 * A network that learns to foresee a noisy wave in seconds: one recurrent layer of 24 units, in windows
 * of 50 values. No mean squared error can fall below noise², 0.010 for a noise of 0.1. With 3,000 values
 * (noise 0.1, seed 1) the LSTM comes to 0.0134 on the held-out windows, the GRU to 0.0135, Elman's
 * network to 0.0157: each window starts with nothing remembered, so its first values cost more.
 * Reading on, as `foresee` does, the LSTM comes to 0.0106.
 */
export function forecastPreset(cell: CellType = 'lstm'): Preset {
  return {
    network: {
      input: [50, 1],
      layers: [
        { type: cell, units: 24, returnSequences: true },
        { type: 'dense', units: 1, weightInit: { kind: 'glorot_uniform' } },
      ],
      seed: 1,
    },
    training: {
      batchSize: 32,
      loss: 'mean_squared_error',
      optimizer: clippedAdam(1e-2),
      seed: 1,
    },
    epochs: 20,
  };
}
