/** The page of `npm run bench`, which drives it through `window.bench`. */
import { wrap } from 'comlink';
import type { DataSource, EngineInfo, EngineOptions } from 'kernelgarten';
import type { BenchWorker, ConvShape, Rounds, Work } from './measurements.ts';

declare global {
  interface Window {
    bench: typeof bench;
  }
}

const peakMilliseconds = 150;

/** In which V8 replaces its first, slow code by its best. */
const shortestWarmUp = 100;

const worker = wrap<BenchWorker>(
  new Worker(new URL('./bench_worker.ts', import.meta.url), { type: 'module' }),
);

const bench = {
  load: (files: { images: string; labels: string }, options: EngineOptions): Promise<EngineInfo> =>
    worker.load(files, options),
  convMethods: (shape: ConvShape): Promise<string[]> => worker.convMethods(shape),
  memory: (source: DataSource, options: EngineOptions): Promise<number> =>
    worker.memory(source, options),

  /** Measures the peak and all works in turns, so that all see the same machine. */
  async measure(works: Work[], rounds: number, milliseconds: number): Promise<Rounds> {
    await worker.measure({ kind: 'peak' }, peakMilliseconds);
    for (const work of works) {
      await worker.measure(work, Math.max(milliseconds / 4, shortestWarmUp));
    }
    const values: number[][] = works.map(() => []);
    const peaks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      peaks.push(await worker.measure({ kind: 'peak' }, peakMilliseconds));
      for (const [index, work] of works.entries()) {
        values[index]?.push(await worker.measure(work, milliseconds));
      }
    }
    return { values, peaks };
  },
};

window.bench = bench;
