/** Values that cross from the engine to whoever uses the SDK. All are plain and cloneable. */
import type { ErrorCode } from './errors.js';

export type Split = 'train' | 'test';

/** Numbers with a shape, row-major; images are height, width, channels. */
export interface Tensor {
  shape: number[];
  values: Float32Array;
}

/** One labelled image as stored: bytes from 0 to 255. */
export interface Sample {
  index: number;
  label: number;
  height: number;
  width: number;
  pixels: Uint8Array;
}

export interface DataInfo {
  trainCount: number;
  testCount: number;
  height: number;
  width: number;
  channels: number;
  classes: number;
}

export interface ParameterInfo {
  /** `weight`, `bias`, `scale` or `shift` */
  name: string;
  shape: number[];
}

export interface LayerInfo {
  /** position in the network, from 0 */
  index: number;
  /** `conv2d_1` unless the spec gave a name */
  name: string;
  type: string;
  outputShape: number[];
  parameters: ParameterInfo[];
  parameterCount: number;
  /** floating-point operations of one forward pass of one example (a multiply-add counts two) */
  flops: number;
}

export interface NetworkInfo {
  inputShape: number[];
  layers: LayerInfo[];
  parameterCount: number;
  /** bytes of parameters, gradients, optimizer state and activations together */
  memoryBytes: number;
  /** optimizer steps in one pass over the training examples */
  batchesPerEpoch: number;
}

/** Where a step stands in the training. */
export interface StepPlace {
  /** steps taken since the network was built; the first step is 1 */
  step: number;
  /** epoch this step belongs to, from 1 */
  epoch: number;
  /** position in the epoch, from 1 to `batchesPerEpoch` */
  batch: number;
}

/** One optimizer step. */
export interface StepMetrics extends StepPlace {
  loss: number;
  /** share of the batch's predictions that were right, 0 to 1; NaN where they are not of classes */
  accuracy: number;
  /** Euclidean norm of the whole gradient before clipping */
  gradientNorm: number;
}

/** Who moves in a round of a GAN. */
export type Players = 'both' | 'discriminator' | 'generator';

/** One of the two networks of a GAN. */
export type Player = 'discriminator' | 'generator';

/**
 * One round of a GAN: the steps of the discriminator, then those of the generator. What a player that did
 * not move would have said is NaN; of several steps of a player it is the last one's.
 */
export interface GanStep extends StepPlace {
  /** on real examples plus on fakes */
  discriminatorLoss: number;
  generatorLoss: number;
  /** mean verdict, from 0 (fake) to 1 (real), on the real examples: D(x) */
  realVerdict: number;
  /** the same on the fakes: D(G(z)), before the discriminator moved */
  fakeVerdict: number;
  /** Euclidean norm of the player's whole gradient before clipping */
  discriminatorGradientNorm: number;
  generatorGradientNorm: number;
}

/** Both networks of a GAN. */
export interface GanInfo {
  generator: NetworkInfo;
  discriminator: NetworkInfo;
  /** bytes of both networks and all that trains them */
  memoryBytes: number;
  /** rounds in which the discriminator sees every real example once */
  batchesPerEpoch: number;
}

/** A pass over one split with inference statistics. */
export interface Evaluation {
  split: Split;
  /** steps taken when it was measured */
  step: number;
  count: number;
  loss: number;
  accuracy: number;
  classes: number;
  /** `classes` x `classes` counts, row = true class, column = predicted class */
  confusion: Uint32Array;
}

/** How well the next character of a part of a text is foreseen. */
export interface TextEvaluation {
  split: Split;
  /** steps taken when it was measured */
  step: number;
  /** characters foreseen */
  count: number;
  /** mean of -ln p(character), in nats; bits are this / ln 2, the perplexity is e to its power */
  loss: number;
  /** share of the characters that were the most probable ones */
  accuracy: number;
}

export interface TextInfo {
  /** characters to learn from, and held out at the end */
  trainCount: number;
  testCount: number;
  /** the different characters, in the order of their code points: what a network's outputs stand for */
  vocabulary: string[];
}

/** How well the next value of a part of a series is foreseen. */
export interface ForecastEvaluation {
  split: Split;
  /** steps taken when it was measured */
  step: number;
  /** values foreseen */
  count: number;
  /** mean squared error */
  loss: number;
}

export interface SeriesInfo {
  /** values to learn from, and held out at the end */
  trainCount: number;
  testCount: number;
}

export interface LayerInspection {
  index: number;
  name: string;
  /** what the layer put out for this example */
  activation: Tensor;
  /** gradient of the loss with respect to that output; present when a label or target was given */
  gradient?: Tensor;
  /**
   * What there is to see inside, by name, each `[steps, units]`. Recurrent layers have `hidden`;
   * `memory`, `input_gate`, `forget_gate`, `candidate` and `output_gate` (LSTM); `candidate`,
   * `reset_gate` and `update_gate` (GRU); when a label or target was given, `hidden_gradient`, that of
   * the loss with respect to each step's output through all later steps. Those of a second cell that reads
   * from the end are called `reverse_*`.
   */
  traces: Record<string, Tensor>;
}

/** What a network makes of a text that it reads from the beginning. */
export interface TextInspection {
  /** the text's code points */
  characters: string[];
  /**
   * of each character: how probable the network held it to be after it had read those before. Before
   * the first nothing was read; all characters of the vocabulary have equal chances.
   */
  probabilities: Float32Array;
  /**
   * what each layer put out, with one row for each character. When a target was given, gradients are
   * those of -ln of its probability: that at the output of an embedding, `[characters, units]`, tells
   * on which earlier characters the prediction depends.
   */
  layers: LayerInspection[];
}

export interface LayerStatistics {
  index: number;
  name: string;
  /** of the layer's parameters; NaN where there are none */
  weightMean: number;
  weightStd: number;
  /** Euclidean norm of the layer's part of the last gradient */
  gradientNorm: number;
}

export type RunState = 'idle' | 'running' | 'paused' | 'finished' | 'failed';

/** What a run looks like now; posted at most once a frame while it runs. */
export interface Snapshot<Result = Evaluation, Step extends StepPlace = StepMetrics> {
  state: RunState;
  /** epoch in progress (or just finished), from 1; 0 before the first step */
  epoch: number;
  epochs: number;
  /** batches done in that epoch */
  batch: number;
  batchesPerEpoch: number;
  /** steps since the network was built */
  step: number;
  /** images a second, or characters, or values of a series */
  examplesPerSecond: number;
  /** until the last epoch ends, at the present rate; NaN while unknown */
  secondsLeft: number;
  /** of a GAN its generator's */
  learningRate: number;
  /** every step since the snapshot before this one, oldest first */
  steps: Step[];
  /** evaluations finished since the snapshot before this one */
  evaluations: Result[];
  /** why a run is `failed` */
  failure?: { code: ErrorCode; message: string; where: string };
}
