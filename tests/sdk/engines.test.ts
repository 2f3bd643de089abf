/** Each build of the engine, as built into `dist/`: Node's workers, which run threads, know no TypeScript. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { variants } from '../../bindings/build_package.mjs';
import { createTrainer, engineVariants, type EngineOptions } from '../../bindings/src/index.js';
import { rejectionOf } from './support/errors.js';
import { easyImages } from './support/idx.js';
import { smallNetwork, smallTraining } from './support/specs.js';
import { builtWorker } from './support/trainers.js';

/** What the memory of a module starts with. */
const initialBytes = 32 * 1024 ** 2;

const wasmFolder = new URL('../../dist/wasm/', import.meta.url);

async function open(options: EngineOptions) {
  const trainer = await createTrainer({ workerUrl: builtWorker, ...options });
  onTestFinished(() => {
    trainer.dispose();
  });
  await trainer.loadData(easyImages(200));
  await trainer.build(smallNetwork, smallTraining);
  return trainer;
}

/** The losses of ten steps. */
async function tenLosses(options: EngineOptions): Promise<number[]> {
  const trainer = await open(options);
  const losses: number[] = [];
  for (let count = 0; count < 10; count += 1) losses.push((await trainer.stepBatch()).loss);
  return losses;
}

describe.each(engineVariants)('%s', (variant) => {
  it('runs as asked for and trains', async () => {
    const threads = variant.endsWith('-threads') ? 3 : 1;
    const trainer = await open({ variant, threads });
    expect(trainer.engine).toEqual({ variant, threads, reasons: ['forced'] });
    await trainer.run({ epochs: 10 });
    for await (const { state } of trainer.metrics()) if (state === 'finished') break;
    expect((await trainer.evaluate()).accuracy).toBeGreaterThan(0.9);
  });

  // A fused product differs in the last bit, and ten steps carry that on.
  it('computes what simd128 does, to rounding', async () => {
    const losses = await tenLosses({ variant });
    const plain = await tenLosses({ variant: 'simd128' });
    losses.forEach((loss, step) => {
      expect(loss).toBeCloseTo(plain[step] ?? Number.NaN, 4);
    });
  });

  it('is found in a folder', async () => {
    const trainer = await open({ variant, wasmUrl: wasmFolder });
    expect(trainer.engine.variant).toBe(variant);
  });
});

it.each(['simd128-threads', 'relaxed-threads'] as const)(
  '%s computes the same bits on any number of threads',
  async (variant) => {
    expect(await tenLosses({ variant, threads: 3 })).toEqual(
      await tenLosses({ variant, threads: 1 }),
    );
  },
);

it('every build is an engine', () => {
  expect(variants).toEqual(engineVariants);
});

it('without wishes, the fastest engine runs', async () => {
  const { engine } = await open({ threads: 2 });
  expect(engine).toEqual({ variant: 'relaxed-threads', threads: 2, reasons: [] });
});

it('memory grows while threads run', async () => {
  const trainer = await open({ variant: 'simd128-threads', threads: 2 });
  const layers = [{ type: 'flatten' }, { type: 'dense', units: 10_000 }] as const;
  const { memoryBytes } = await trainer.build({
    input: [8, 8, 1],
    layers: [...layers, { type: 'dense', units: 10 }],
  });
  expect(memoryBytes).toBeGreaterThan(initialBytes);
  expect((await trainer.stepBatch()).loss).toBeGreaterThan(0);
});

it('one file is taken for simd128', async () => {
  const wasmUrl = new URL('kernelgarten-simd128.wasm', wasmFolder);
  const { engine } = await open({ wasmUrl });
  expect(engine).toEqual({ variant: 'simd128', threads: 1, reasons: ['forced'] });
});

it('the file of another variant is refused', async () => {
  const wasmUrl = new URL('kernelgarten-relaxed-threads.wasm', wasmFolder);
  const error = await rejectionOf(createTrainer({ workerUrl: builtWorker, wasmUrl }));
  expect(error.code).toBe('network');
  expect(error.message).toMatch(/not the engine's WebAssembly file.*Check wasmUrl/);
});
