import { beforeAll, describe, expect, it } from 'vitest';
import { forecastPreset, loadEngine, type Engine } from '../../bindings/src/index.js';
import type { NetworkSpec, TrainingSpec } from '../../bindings/src/spec.js';
import { thrownBy } from './support/errors.js';
import { smallNetwork, smallTraining } from './support/waves.js';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

function smallForecaster(noise = 0) {
  return engine.forecaster(engine.noisyWave({ count: 300, noise }), smallNetwork, smallTraining);
}

describe('a noisy wave', () => {
  it('is two sines and seeded noise', () => {
    const clean = engine.noisyWave({ count: 100, noise: 0 });
    const turn = 2 * Math.PI;
    clean.forEach((value, t) => {
      const wave = 0.6 * Math.sin((turn * t) / 25) + 0.4 * Math.sin((turn * t) / 25 / Math.sqrt(5));
      expect(value).toBeCloseTo(wave, 6);
    });
    const noisy = engine.noisyWave({ count: 100 });
    expect(noisy).toEqual(engine.noisyWave({ count: 100, noise: 0.1, seed: 1 }));
    expect(noisy).not.toEqual(engine.noisyWave({ count: 100, seed: 2 }));
    expect(noisy).not.toEqual(clean);
  });

  it.each([
    [{ count: -1 }, /got -1/],
    [{ count: 1e8 }, /got 100000000/],
    [{ count: 10, noise: -1 }, /noise must be 0 or a positive number, got -1/],
    [{ count: 10, noise: Number.NaN }, /noise/],
  ])('is refused as %o', (options, message) => {
    const error = thrownBy(() => engine.noisyWave(options));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(message);
  });
});

describe('a forecaster', () => {
  it('learns a wave, and tells so on the held-out part', () => {
    using forecaster = smallForecaster();
    expect(forecaster.info().batchesPerEpoch).toBe(Math.ceil((240 - 12) / 16));
    expect(forecaster.evaluate('test').loss).toBeGreaterThan(0.1);
    for (let step = 0; step < 200; step += 1) {
      const { loss, accuracy } = forecaster.step();
      expect(loss).toBeGreaterThan(0);
      expect(accuracy).toBeNaN();
    }
    const after = forecaster.evaluate();
    expect(after).toEqual({ split: 'test', step: 200, count: 48, loss: after.loss });
    expect(after.loss).toBeLessThan(0.01);
  });

  it('foresees one step, forecasts several, and shows what is inside', () => {
    using forecaster = smallForecaster(0.1);
    forecaster.step();
    const values = engine.noisyWave({ count: 20 });
    const foreseen = forecaster.foresee(values);
    expect(foreseen).toHaveLength(20);
    const forecast = forecaster.forecast(values, 3);
    expect(forecast).toHaveLength(3);
    expect(forecast[0]).toBe(foreseen[19]);
    const [gru, dense] = forecaster.inspect(values);
    expect(gru?.traces.hidden?.shape).toEqual([20, 8]);
    expect(gru).not.toHaveProperty('gradient');
    expect(dense?.activation.shape).toEqual([20, 1]);
    dense?.activation.values.forEach((value, place) => {
      expect(value).toBeCloseTo(foreseen[place] ?? Number.NaN, 5);
    });
  });

  it('refuses what it cannot read or do, and goes on', () => {
    using forecaster = smallForecaster();
    const spoilt = Float32Array.of(1, Number.NaN);
    for (const call of [
      () => forecaster.foresee(spoilt),
      () => forecaster.forecast(spoilt, 1),
      () => forecaster.inspect(spoilt),
    ]) {
      expect(thrownBy(call)).toMatchObject({ code: 'invalid-data' });
    }
    expect(thrownBy(() => forecaster.forecast(new Float32Array(), 1)).code).toBe(
      'invalid-argument',
    );
    expect(thrownBy(() => forecaster.forecast(Float32Array.of(1), -1)).message).toMatch(/got -1/);
    expect(forecaster.foresee(new Float32Array())).toHaveLength(0);
    expect(forecaster.step().step).toBe(1);
  });

  it('says how series and network have to fit', () => {
    const series = engine.noisyWave({ count: 100 });
    const refused = (network: NetworkSpec, training: TrainingSpec = smallTraining, share = 0.2) =>
      thrownBy(() => engine.forecaster(series, network, training, share));
    expect(refused({ ...smallNetwork, input: [12] }).message).toMatch(/\[gru_1\]/);
    expect(refused({ ...smallNetwork, input: [12, 2] }).message).toMatch(/steps x 1, got 12 x 2/);
    expect(refused({ ...smallNetwork, input: [20, 1] }).message).toMatch(/expected at least 21/);
    expect(
      refused(smallNetwork, { ...smallTraining, loss: 'softmax_cross_entropy' }).message,
    ).toMatch(/mean_squared_error/);
    expect(refused(smallNetwork, { ...smallTraining, batchSize: 100 }).message).toMatch(
      /from 1 to 68/,
    );
    expect(refused(smallNetwork, smallTraining, 1).code).toBe('invalid-argument');
    series[7] = Number.POSITIVE_INFINITY;
    expect(refused(smallNetwork)).toMatchObject({ code: 'invalid-data' });
  });

  it.each(['simple_rnn', 'lstm', 'gru'] as const)('has a preset with %s', (cell) => {
    const { network, training } = forecastPreset(cell);
    using forecaster = engine.forecaster(engine.noisyWave({ count: 600 }), network, training);
    expect(forecaster.info().layers.map(({ type }) => type)).toEqual([cell, 'dense']);
    const first = forecaster.step().loss;
    for (let step = 0; step < 20; step += 1) forecaster.step();
    expect(forecaster.step().loss).toBeLessThan(first);
  });
});
