import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createForecastTrainer,
  loadEngine,
  type ForecastTrainer,
} from '../../bindings/src/index.js';
import type { ForecastEvaluation, Snapshot } from '../../bindings/src/types.js';
import { rejectionOf } from './support/errors.js';
import { builtWorker } from './support/trainers.js';
import { smallNetwork, smallTraining } from './support/waves.js';

const fragileWorker = new URL('support/fragile_worker.mjs', import.meta.url);
const throwing = 666;

const wave = { count: 300, noise: 0.05, seed: 3 };

async function openTrainer(workerUrl = builtWorker): Promise<ForecastTrainer> {
  const trainer = await createForecastTrainer({ workerUrl, threads: 1 });
  onTestFinished(() => {
    trainer.dispose();
  });
  return trainer;
}

async function readyTrainer(workerUrl = builtWorker): Promise<ForecastTrainer> {
  const trainer = await openTrainer(workerUrl);
  await trainer.loadSeries(await trainer.noisyWave(wave));
  await trainer.build(smallNetwork, smallTraining);
  return trainer;
}

async function finished(trainer: ForecastTrainer): Promise<Snapshot<ForecastEvaluation>[]> {
  const seen: Snapshot<ForecastEvaluation>[] = [];
  for await (const snapshot of trainer.metrics()) {
    seen.push(snapshot);
    if (snapshot.state === 'finished') break;
  }
  return seen;
}

describe('a forecast trainer', () => {
  it('learns as a forecaster in this thread does, bit for bit', async () => {
    const engine = await loadEngine({ threads: 1 });
    const series = engine.noisyWave(wave);
    using forecaster = engine.forecaster(series, smallNetwork, smallTraining);
    const trainer = await readyTrainer();
    expect(await trainer.noisyWave(wave)).toEqual(series);
    expect(trainer.series).toEqual({ trainCount: 240, testCount: 60 });

    await trainer.run({ epochs: 3 });
    const seen = await finished(trainer);
    const steps = seen.flatMap((snapshot) => snapshot.steps);
    expect(steps).toEqual(steps.map(() => forecaster.step()));
    expect(steps).toHaveLength(3 * 15);
    expect(steps[0]?.accuracy).toBeNaN();
    const evaluations = seen.flatMap((snapshot) => snapshot.evaluations);
    expect(evaluations).toHaveLength(3);
    expect(evaluations.at(-1)).toEqual(forecaster.evaluate('test'));
    expect(seen.at(-1)?.examplesPerSecond).toBeGreaterThan(0);

    expect(await trainer.evaluate()).toEqual(forecaster.evaluate('test'));
    expect(await trainer.evaluate('train')).toEqual(forecaster.evaluate('train'));
    const values = series.subarray(20, 60);
    expect(await trainer.foresee(values)).toEqual(forecaster.foresee(values));
    expect(await trainer.forecast(values, 10)).toEqual(forecaster.forecast(values, 10));
    expect(await trainer.inspect(values)).toEqual(forecaster.inspect(values));
    expect(await trainer.inspect(values, { layers: [0] })).toEqual(
      forecaster.inspect(values).slice(0, 1),
    );
  });

  it('looks ahead while it trains, and pauses', async () => {
    const trainer = await readyTrainer();
    await trainer.run({ epochs: 100_000 });
    expect(await trainer.forecast(Float32Array.of(0, 0.1, 0.2), 30)).toHaveLength(30);
    expect(trainer.state).toBe('running');
    await trainer.pause();
    const { step } = await trainer.stepBatch();
    expect((await trainer.stepBatch()).step).toBe(step + 1);
  });

  it('holds out another share, and keeps a copy of the series', async () => {
    const trainer = await openTrainer(fragileWorker);
    const values = await trainer.noisyWave(wave);
    expect(await trainer.loadSeries(values, { validationShare: 0.5 })).toEqual({
      trainCount: 150,
      testCount: 150,
    });
    await trainer.build(smallNetwork, smallTraining);
    const { count, loss } = await trainer.evaluate();
    expect(count).toBe(144);
    values.fill(0);
    await rejectionOf(trainer.weights(throwing));
    await trainer.restart();
    expect((await trainer.evaluate()).loss).toBe(loss);
  });

  it('gets a successor with the same series and a fresh network', async () => {
    const trainer = await readyTrainer(fragileWorker);
    const first = await trainer.weights(0);
    const { loss } = await trainer.stepBatch();
    const { series, network } = trainer;
    expect((await rejectionOf(trainer.weights(throwing))).code).toBe('worker-lost');
    await trainer.restart();
    expect([trainer.state, trainer.series, trainer.network]).toEqual(['idle', series, network]);
    expect(await trainer.weights(0)).toEqual(first);
    expect((await trainer.stepBatch()).loss).toBe(loss);
  });

  it('refuses what makes no sense, and keeps series and network', async () => {
    const trainer = await openTrainer();
    expect((await rejectionOf(trainer.build(smallNetwork))).message).toMatch(/loadSeries/);
    expect((await rejectionOf(trainer.foresee(Float32Array.of(1)))).message).toMatch(/build/);
    expect((await rejectionOf(trainer.noisyWave({ count: -1 }))).code).toBe('invalid-argument');
    const ready = await readyTrainer();
    const values = await ready.noisyWave({ count: 20 });
    const before = await ready.foresee(values);
    const spoilt = Float32Array.of(0, Number.NaN);
    const error = await rejectionOf(ready.loadSeries(spoilt));
    expect(error).toMatchObject({ code: 'invalid-data', where: 'loadSeries' });
    expect(error.message).toMatch(/NaN at place 1/);
    expect((await rejectionOf(ready.loadSeries(values, { validationShare: 1 }))).message).toMatch(
      /between 0 and 1, got 1/,
    );
    expect((await rejectionOf(ready.forecast(new Float32Array(), 3))).message).toMatch(/history/);
    expect(await ready.foresee(values)).toEqual(before);
    expect(ready.series?.trainCount).toBe(240);
    expect(ready.network?.batchesPerEpoch).toBe(15);

    await ready.loadSeries(values);
    expect(ready.network).toBeUndefined();
    expect((await rejectionOf(ready.foresee(values))).message).toMatch(/build/);
  });
});
