/** What can be measured, and how one measurement is asked for. */
import type { DataSource, Engine, EngineInfo, EngineOptions } from 'kernelgarten';

export type ConvShape = Parameters<Engine['convMethods']>[0];
type ConvPass = Parameters<Engine['convGflops']>[2];
type Transposed = Parameters<Engine['gemmGflopsOf']>[3];

/** Networks that are trained on the digits. */
export type DigitWork = 'cnn.train' | 'mlp.train' | 'lstm.train' | 'gru.train';

/** Pairs of networks that are trained on the digits. */
export type GanWork = 'gan.train' | 'gan-default.train';

export type Work =
  | { kind: 'peak' }
  /** an m x k by k x n product; the factor named is stored as its transpose */
  | { kind: 'gemm'; m: number; n: number; k: number; transposed: Transposed }
  | { kind: 'conv'; shape: ConvShape; method: string; pass: ConvPass }
  | { kind: 'adam'; parameters: number }
  | { kind: 'cnn.infer' }
  | { kind: 'charrnn.train' }
  | { kind: GanWork }
  | { kind: 'convT'; shape: ConvShape; pass: ConvPass }
  | { kind: DigitWork };

/** What the worker offers to the page. */
export interface BenchWorker {
  /**
   * @param files addresses of the digits, as IDX files
   * @returns which engine is measured
   */
  load(files: { images: string; labels: string }, options: EngineOptions): Promise<EngineInfo>;
  /**
   * Does that work for about so long; GFLOP/s for `peak`, `gemm`, `conv` and `convT`, parameters/s for `adam`,
   * images, sequences or characters/s for the others. The first call with a kind of work warms it up
   * and is to be thrown away.
   */
  measure(work: Work, milliseconds: number): number;
  /** Names of the methods that can compute a convolution, first the engine's choice. */
  convMethods(shape: ConvShape): string[];
  /**
   * Bytes of WebAssembly memory of a new engine that has loaded these data and trained the article's
   * CNN for some steps.
   */
  memory(source: DataSource, options: EngineOptions): Promise<number>;
}

/** Figures of several rounds; in each the peak was measured right before the works. */
export interface Rounds {
  /** one list for each work */
  values: number[][];
  peaks: number[];
}
