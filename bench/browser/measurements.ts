/** What can be measured, and how one measurement is asked for. */
import type { EngineInfo, EngineOptions } from 'kernelgarten';

export type Work =
  | { kind: 'peak' }
  | { kind: 'gemm'; size: number }
  | { kind: 'cnn.train' }
  | { kind: 'cnn.infer' }
  | { kind: 'mlp.train' };

/** What the worker offers to the page. */
export interface BenchWorker {
  /**
   * @param files addresses of the digits, as IDX files
   * @returns which engine is measured
   */
  load(files: { images: string; labels: string }, options: EngineOptions): Promise<EngineInfo>;
  /**
   * Does that work for about so long; GFLOP/s for `peak` and `gemm`, images/s for the others. The
   * first call with a kind of work warms it up and is to be thrown away.
   */
  measure(work: Work, milliseconds: number): number;
}

/** Figures of several rounds; in each the peak was measured right before the work. */
export interface Rounds {
  values: number[];
  peaks: number[];
}
