/**
 * A network as a plain value: the same fields in C++ (`engine/network/spec.hpp`), here, in a share
 * link and in a checkpoint. Every optional field has the default named in its comment; the engine
 * fills it in.
 */

/** How a parameter tensor starts. */
export interface Initializer {
  /**
   * - `zeros`, `constant` (every element is `scale`)
   * - `normal` (mean 0, standard deviation `scale`), `uniform` (between -`scale` and `scale`)
   * - `glorot_*`: variance 2 / (fan in + fan out); `he_*`: variance 2 / fan in
   * - `orthogonal`: orthonormal columns, or rows where there are fewer; of each gate's matrix alone
   */
  kind:
    | 'zeros'
    | 'constant'
    | 'normal'
    | 'uniform'
    | 'glorot_normal'
    | 'glorot_uniform'
    | 'he_normal'
    | 'he_uniform'
    | 'orthogonal';
  /** Meaning depends on `kind`; unused by `zeros`, `glorot_*`, `he_*` and `orthogonal`. */
  scale?: number;
}

/** `same`: output size is ceil(input / stride), zeros added around; `valid`: no padding. */
export type Padding = 'same' | 'valid';

interface Named {
  /** Shown in messages and charts; default is the type and its position, such as `conv2d_1`. */
  name?: string;
}

/** On a list of numbers, or on each step of a sequence `[steps, numbers]`. */
export interface DenseSpec extends Named {
  type: 'dense';
  units: number;
  /** default `he_normal` */
  weightInit?: Initializer;
  /** default `zeros` */
  biasInit?: Initializer;
}

export interface Conv2dSpec extends Named {
  type: 'conv2d';
  /** output channels */
  filters: number;
  /** side of the square kernel; default 3 */
  kernel?: number;
  /** default 1 */
  stride?: number;
  /** default `same` */
  padding?: Padding;
  /** default `he_normal` */
  weightInit?: Initializer;
  /** default `zeros` */
  biasInit?: Initializer;
}

/**
 * A transposed convolution: makes an image larger by the factor `stride`. With a kernel that is no
 * multiple of the stride, neighbours are reached by different numbers of windows: a checkerboard shows.
 */
export interface ConvTranspose2dSpec extends Named {
  type: 'conv_transpose2d';
  /** output channels */
  filters: number;
  /** side of the square kernel; default 4 */
  kernel?: number;
  /** default 2 */
  stride?: number;
  /** `same` (default): output size is input * stride; `valid`: all of every window */
  padding?: Padding;
  /** rows and columns more at the end, fewer than `stride`; default 0 */
  outputPadding?: number;
  /** default `he_normal` */
  weightInit?: Initializer;
  /** default `zeros` */
  biasInit?: Initializer;
}

export interface Pool2dSpec extends Named {
  type: 'max_pool2d' | 'average_pool2d';
  /** side of the square window; default 2 */
  size?: number;
  /** default 2 */
  stride?: number;
  /** default `same`; padded cells never count, neither in a maximum nor in a mean */
  padding?: Padding;
}

/** Makes an image larger by a whole factor: every pixel becomes a square (nearest neighbour). */
export interface Upsample2dSpec extends Named {
  type: 'upsample2d';
  /** from 1 to 64; default 2 */
  factor?: number;
}

export interface BatchNormSpec extends Named {
  type: 'batch_norm';
  /** weight of the newest batch in the running statistics; default 0.1 */
  momentum?: number;
  /** added to the variance; default 1e-5 */
  epsilon?: number;
}

export interface ActivationSpec extends Named {
  type: 'relu' | 'sigmoid' | 'tanh' | 'softmax';
}

export interface LeakyReluSpec extends Named {
  type: 'leaky_relu';
  /** slope for negative inputs; default 0.01 */
  slope?: number;
}

export interface FlattenSpec extends Named {
  type: 'flatten';
}

export interface ReshapeSpec extends Named {
  type: 'reshape';
  /** shape of one example, batch excluded */
  shape: number[];
}

export interface DropoutSpec extends Named {
  type: 'dropout';
  /** share of values set to zero while training, 0 <= rate < 1; default 0.5 */
  rate?: number;
}

/** Symbols, whole numbers below `vocabulary`, become rows of a table that is learned. */
export interface EmbeddingSpec extends Named {
  type: 'embedding';
  vocabulary: number;
  /** numbers in a row */
  units: number;
  /** default `normal`, scale 1 */
  weightInit?: Initializer;
}

/** What all layers have that read a sequence `[steps, numbers]` step by step. */
interface RecurrentSpec extends Named {
  units: number;
  /** the output of every step, not only of the last one; default false */
  returnSequences?: boolean;
  /** a second cell reads from the end; the outputs stand side by side; default false */
  bidirectional?: boolean;
  /** from the inputs to the gates; default `glorot_uniform` */
  weightInit?: Initializer;
  /** from the previous output to the gates; default `orthogonal` */
  recurrentInit?: Initializer;
  /** default `zeros` */
  biasInit?: Initializer;
}

/** Elman's network: the output is `activation` of the inputs and the previous output, weighted. */
export interface SimpleRnnSpec extends RecurrentSpec {
  type: 'simple_rnn';
  /** default `tanh` */
  activation?: 'tanh' | 'relu';
}

export interface LstmSpec extends RecurrentSpec {
  type: 'lstm';
  /** added to the forget gate's bias at the start; default 1 */
  forgetBias?: number;
}

export interface GruSpec extends RecurrentSpec {
  type: 'gru';
}

export type LayerSpec =
  | DenseSpec
  | Conv2dSpec
  | ConvTranspose2dSpec
  | Pool2dSpec
  | Upsample2dSpec
  | BatchNormSpec
  | ActivationSpec
  | LeakyReluSpec
  | FlattenSpec
  | ReshapeSpec
  | DropoutSpec
  | EmbeddingSpec
  | SimpleRnnSpec
  | LstmSpec
  | GruSpec;

export interface NetworkSpec {
  /** shape of one example, batch excluded: `[28, 28, 1]` for a grey image (height, width, channels) */
  input: number[];
  layers: LayerSpec[];
  /** seeds the initial weights and dropout; an integer from 0 to 2^32 - 1; default 1 */
  seed?: number;
}

/** Each loss is the mean over the batch of one number per example. */
export type Loss =
  /** on logits; the usual choice for classes */
  | 'softmax_cross_entropy'
  /** on probabilities: the article's formula, averaged over the outputs of an example */
  | 'binary_cross_entropy'
  /** the same on logits, safe for large ones */
  | 'binary_cross_entropy_with_logits'
  /** mean of squared differences over the outputs of an example */
  | 'mean_squared_error';

export interface OptimizerSpec {
  /** `sgd` is gradient descent, with momentum and Nesterov's look-ahead if asked for */
  type: 'sgd' | 'rmsprop' | 'adam';
  /** default 1e-3 */
  learningRate?: number;
  /** sgd: default 0 */
  momentum?: number;
  /** sgd: default false */
  nesterov?: boolean;
  /** rmsprop: smoothing of the squared gradient, default 0.99 */
  decay?: number;
  /** adam: default 0.9 */
  beta1?: number;
  /** adam: default 0.999 */
  beta2?: number;
  /** rmsprop, adam: default 1e-8 */
  epsilon?: number;
  /** scale the whole gradient down to this norm when it is longer; 0 (default) switches it off */
  clipNorm?: number;
}

/**
 * What the two players of a GAN compete for. With the discriminator's outputs z, and p = sigmoid(z) where
 * it is a logit, its own loss is the mean over real examples plus the mean over fakes; t is the label of
 * real ones:
 *
 * - `non_saturating`: -(t ln p + (1 - t) ln(1 - p)), -ln(1 - p); the generator's is -ln p
 * - `minimax`: the same, but the generator's is ln(1 - p), which saturates when it is seen through
 * - `least_squares`: (z - t)² / 2, z² / 2; the generator's is (z - 1)² / 2
 * - `hinge`: max(0, 1 - z), max(0, 1 + z); the generator's is -z
 */
export type AdversarialLoss = 'minimax' | 'non_saturating' | 'least_squares' | 'hinge';

/** How a GAN is trained. */
export interface GanTrainingSpec {
  /** real examples, and as many fakes, in a step; default 64 */
  batchSize?: number;
  /** default `non_saturating` */
  loss?: AdversarialLoss;
  /** what the discriminator is told of real examples, above 0.5 and at most 1 (default) */
  realLabel?: number;
  /**
   * both learn from the same pass of the fakes through the discriminator, before either moves, which saves
   * a third of the work; for a discriminator without batch normalisation, one step each, and the losses
   * `non_saturating` and `minimax`; default false
   */
  simultaneous?: boolean;
  /** steps of each player in a round; default 1 */
  discriminatorSteps?: number;
  generatorSteps?: number;
  /**
   * samples come from an average of the generator's weights over its last steps: the weight of the past
   * in it, such as 0.99; default 0 for none
   */
  averaging?: number;
  /**
   * the generator is told which class to make: its input is noise and a number for each class, and the
   * discriminator gives an output for each class; default false
   */
  conditional?: boolean;
  /** default Adam 1e-3 */
  generator?: OptimizerSpec;
  /** default Adam 1e-3 */
  discriminator?: OptimizerSpec;
  /** seeds the order of the real examples and the noise; default 1 */
  seed?: number;
}

export interface TrainingSpec {
  /** examples per step, from 1 to the number of training examples; default 128 */
  batchSize?: number;
  /** default `softmax_cross_entropy` */
  loss?: Loss;
  /** default Adam 1e-3 */
  optimizer?: OptimizerSpec;
  /** seeds the order of the examples; default 1 */
  seed?: number;
}
