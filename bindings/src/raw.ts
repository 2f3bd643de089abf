/**
 * The Embind module as C++ registers it (`bindings/*.cpp`); the compiler holds this against the types
 * that the build generates. Only `engine.ts` and the classes of its objects touch it;
 * everything that leaves it is a copy.
 */
import { KernelgartenError, type ErrorCode } from './errors.js';
import type { GanTrainingSpec, NetworkSpec, TrainingSpec } from './spec.js';
import type {
  Evaluation,
  ForecastEvaluation,
  GanInfo,
  GanStep,
  LayerInspection,
  LayerStatistics,
  NetworkInfo,
  Player,
  Players,
  SampleScores,
  Split,
  StepMetrics,
  Tensor,
  TextEvaluation,
  TextInspection,
} from './types.js';

/** An object that lives in WASM memory until `delete()`. */
export interface RawHandle {
  delete(): void;
}

export interface RawDataset extends RawHandle {
  count(): number;
  height(): number;
  width(): number;
  channels(): number;
  classes(): number;
  image(index: number): Uint8Array;
  label(index: number): number;
  split_off(fraction: number, seed: number): RawDataset | null;
}

/** A network that is trained step by step. */
export interface RawTrainedNetwork extends RawHandle {
  info(): NetworkInfo;
  step(): StepMetrics;
  advance_step(): StepMetrics | undefined;
  begin_evaluation(split: Split): void;
  advance_evaluation(): boolean;
  weights(layer: number): Tensor[];
  gradients(layer: number): Tensor[];
  statistics(): LayerStatistics[];
  weights_file(): Uint8Array;
  checkpoint(): Uint8Array;
  restore(checkpoint: Uint8Array): void;
  set_learning_rate(rate: number): void;
  learning_rate(): number;
}

export interface RawClassifier extends RawTrainedNetwork {
  evaluation(): Evaluation;
  predictions(split: Split): Uint8Array;
  predict(images: Uint8Array): Float32Array;
  predict_steps(image: Uint8Array): Float32Array;
  inspect(image: Uint8Array, label: number): LayerInspection[];
}

/** Text crosses as UTF-8. */
export interface RawText extends RawHandle {
  count(): number;
  vocabulary(): Uint8Array;
}

export interface RawLanguageModel extends RawTrainedNetwork {
  evaluation(): TextEvaluation;
  forget(seed: number): void;
  read(text: Uint8Array): void;
  write(count: number, temperature: number, top_k: number): Uint8Array;
  probabilities(): Float32Array;
  inspect(text: Uint8Array, target: number | undefined): Omit<TextInspection, 'characters'>;
}

export interface RawForecaster extends RawTrainedNetwork {
  evaluation(): ForecastEvaluation;
  foresee(values: Float32Array): Float32Array;
  forecast(history: Float32Array, count: number): Float32Array;
  inspect(values: Float32Array): LayerInspection[];
}

export interface RawGan extends RawHandle {
  info(): GanInfo;
  step(players: Players): GanStep;
  advance_step(players: Players): GanStep | undefined;
  fixed_noise(count: number): Float32Array;
  generate(noise: Float32Array, labels: Int32Array): Float32Array;
  discriminate(examples: Float32Array, labels: Int32Array): Float32Array;
  example_gradients(examples: Float32Array, labels: Int32Array): Float32Array;
  weights(player: Player, layer: number): Tensor[];
  statistics(player: Player): LayerStatistics[];
  checkpoint(): Uint8Array;
  restore(checkpoint: Uint8Array): void;
  set_learning_rate(player: Player, rate: number): void;
  learning_rate(player: Player): number;
}

type MakeGan<Real> = (
  real: Real,
  generator: NetworkSpec,
  discriminator: NetworkSpec,
  training: GanTrainingSpec,
) => RawGan | null;

export interface RawJudge extends RawHandle {
  begin(images: Float32Array): void;
  advance(): boolean;
  scores(): SampleScores;
  probabilities(): Float32Array;
}

/** One kind of layer and the fields its spec has. */
export interface LayerSchema {
  type: string;
  fields: string[];
}

/** Square images through a convolution, or a transposed one, with padding `same`. */
export interface ConvShape {
  batch: number;
  size: number;
  kernel: number;
  stride: number;
  inChannels: number;
  outChannels: number;
}

/** `weight_gradient` is `backward` without the gradient of the input, as in a first layer. */
export type ConvPass = 'forward' | 'backward' | 'weight_gradient';

export interface RawModule {
  Dataset: { from_idx(images: Uint8Array, labels: Uint8Array): RawDataset | null };
  Classifier: new (
    train: RawDataset,
    test: RawDataset,
    network: NetworkSpec,
    training: TrainingSpec,
  ) => RawClassifier;
  Text: { from_utf8(text: Uint8Array): RawText | null };
  LanguageModel: new (
    text: RawText,
    validation_share: number,
    network: NetworkSpec,
    training: TrainingSpec,
  ) => RawLanguageModel;
  Forecaster: new (
    series: Float32Array,
    validation_share: number,
    network: NetworkSpec,
    training: TrainingSpec,
  ) => RawForecaster;
  Gan: { of_images: MakeGan<RawDataset>; of_points: MakeGan<Float32Array> };
  gaussian_mixture(
    centres: Float32Array,
    spread: number,
    count: number,
    seed: number,
  ): Float32Array;
  Judge: new (reference: RawDataset, network: NetworkSpec, weights: Uint8Array) => RawJudge;
  noisy_wave(count: number, noise: number, seed: number): Float32Array;
  layer_schema(): LayerSchema[];
  /** Classifiers made afterwards compute on so many threads; called once, before the first of them. */
  set_thread_count(threads: number): void;
  thread_count(): number;
  /** C++ type and message of a `WebAssembly.Exception` */
  getExceptionMessage(thrown: unknown): [type: string, message: string];
  measure_peak_gflops(milliseconds: number): number;
  gemm_gflops(
    m: number,
    n: number,
    k: number,
    transposed: 'a' | 'b' | 'none',
    milliseconds: number,
  ): number;
  conv_methods(shape: ConvShape): string[];
  conv_gflops(shape: ConvShape, method: string, pass: ConvPass, milliseconds: number): number;
  conv_transpose_gflops(shape: ConvShape, pass: ConvPass, milliseconds: number): number;
  adam_rate(parameters: number, milliseconds: number): number;
  /** Size of the whole WebAssembly memory, which only grows. */
  memory_bytes(): number;
}

const codeOfException: Readonly<Record<string, ErrorCode>> = {
  'kernelgarten::InvalidArgument': 'invalid-argument',
  'kernelgarten::InvalidData': 'invalid-data',
  'kernelgarten::NonFinite': 'non-finite',
};

/** Runs a call into WASM; whatever it throws comes out as a {@link KernelgartenError}. */
export function guard<Result>(module: RawModule, call: () => Result): Result {
  try {
    return call();
  } catch (thrown) {
    throw translate(module, thrown);
  }
}

/** An object that C++ never returns as null, though Embind's types allow for it. */
export function present<Raw>(raw: Raw | null): Raw {
  if (raw === null) throw new KernelgartenError('internal', 'The engine returned nothing.');
  return raw;
}

function translate(module: RawModule, thrown: unknown): KernelgartenError {
  if (thrown instanceof KernelgartenError) return thrown;
  if (thrown instanceof WebAssembly.Exception) {
    const [type, message] = module.getExceptionMessage(thrown);
    const code = codeOfException[type];
    if (code !== undefined) return new KernelgartenError(code, message, { cause: thrown });
    const text = type === 'std::bad_alloc' ? outOfMemory : `The engine threw ${type}: ${message}`;
    return new KernelgartenError('internal', text, { cause: thrown });
  }
  // Embind refuses a value of the wrong JavaScript type before C++ sees it.
  if (thrown instanceof TypeError || (thrown instanceof Error && thrown.name === 'BindingError')) {
    return new KernelgartenError('invalid-argument', thrown.message, { cause: thrown });
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new KernelgartenError('internal', `The engine stopped unexpectedly: ${text}`, {
    cause: thrown,
  });
}

const outOfMemory =
  'The engine ran out of memory. Try a smaller network, a smaller batch or fewer images.';
