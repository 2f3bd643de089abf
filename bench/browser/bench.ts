/** The page of `npm run bench`, which drives it through `window.bench`. */
import { wrap } from 'comlink';
import type { EngineInfo, EngineOptions } from 'kernelgarten';
import type { BenchWorker, Rounds, Work } from './measurements.ts';

declare global {
  interface Window {
    bench: typeof bench;
  }
}

const peakMilliseconds = 150;

const worker = wrap<BenchWorker>(
  new Worker(new URL('./bench_worker.ts', import.meta.url), { type: 'module' }),
);

const bench = {
  load: (files: { images: string; labels: string }, options: EngineOptions): Promise<EngineInfo> =>
    worker.load(files, options),

  /** Measures peak and work in turns, so that both see the same machine. */
  async measure(work: Work, rounds: number, milliseconds: number): Promise<Rounds> {
    await worker.measure({ kind: 'peak' }, peakMilliseconds);
    await worker.measure(work, milliseconds / 4);
    const values: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      peaks.push(await worker.measure({ kind: 'peak' }, peakMilliseconds));
      values.push(await worker.measure(work, milliseconds));
    }
    return { values, peaks };
  },
};

window.bench = bench;
