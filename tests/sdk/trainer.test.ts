import { describe, expect, it, onTestFinished } from 'vitest';
import { createTrainer, presets, type PresetName, type Trainer } from '../../bindings/src/index.js';
import { rejectionOf } from './support/errors.js';
import { easyImages, idx, side } from './support/idx.js';
import { slowNetwork, smallNetwork, smallTraining } from './support/specs.js';
import {
  builtWorker,
  openTrainer,
  readyTrainer,
  snapshotsUntil,
  wait,
} from './support/trainers.js';

const countTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** A trainer in the middle of a run far too long to finish. */
async function runningTrainer(): Promise<Trainer> {
  const trainer = await readyTrainer();
  await trainer.run({ epochs: 100_000 });
  await snapshotsUntil(trainer, ({ step }) => step > 20);
  return trainer;
}

describe('a run', () => {
  it('trains, evaluates after each epoch, reports every step, and finishes', async () => {
    const trainer = await readyTrainer();
    expect(trainer.state).toBe('idle');
    expect(trainer.data).toMatchObject({ trainCount: 160, testCount: 40, classes: 10 });
    expect(trainer.network?.batchesPerEpoch).toBe(10);
    await trainer.run({ epochs: 5 });
    const seen = await snapshotsUntil(trainer, ({ state }) => state !== 'running');
    expect(seen.flatMap(({ steps }) => steps.map(({ step }) => step))).toEqual(countTo(50));
    const evaluations = seen.flatMap((snapshot) => snapshot.evaluations);
    expect(evaluations.map(({ step }) => step)).toEqual([10, 20, 30, 40, 50]);
    expect(evaluations.at(-1)?.accuracy).toBeGreaterThan(0.9);
    expect(seen.at(-1)).toMatchObject({ state: 'finished', epoch: 5, epochs: 5, step: 50 });
    expect(seen.at(-1)?.examplesPerSecond).toBeGreaterThan(0);
    expect(trainer.state).toBe('finished');
  });

  it('repeats to the bit', async () => {
    const losses = async () => {
      const trainer = await readyTrainer();
      await trainer.run({ epochs: 2 });
      const seen = await snapshotsUntil(trainer, ({ state }) => state === 'finished');
      return seen.flatMap(({ steps }) => steps.map(({ loss }) => loss));
    };
    expect(await losses()).toEqual(await losses());
  });

  it('tells several readers, early and late, slow and fast', async () => {
    const trainer = await readyTrainer();
    const early = trainer.metrics();
    await trainer.run({ epochs: 3 });
    const fast = snapshotsUntil(trainer, ({ state }) => state === 'finished');
    await fast;
    const steps: number[] = [];
    for await (const snapshot of early) {
      steps.push(...snapshot.steps.map(({ step }) => step));
      if (snapshot.state === 'finished') break;
    }
    expect(steps).toEqual(countTo(30));
    const late = await trainer.metrics().next();
    expect(late.value).toMatchObject({ state: 'finished', step: 30, steps: [] });
  });

  it('works with the presets', async () => {
    const trainer = await openTrainer();
    const pixels = new Uint8Array(40 * 28 * 28).map((_, index) => (index * 31) % 256);
    const labels = new Uint8Array(40).map((_, index) => index % 10);
    await trainer.loadData({ images: idx([40, 28, 28], pixels), labels: idx([40], labels) });
    const cnn = 320 + 18_496 + 31_370;
    const [gate, output] = [(28 + 128 + 1) * 128, 129 * 10];
    const parameters: readonly (readonly [PresetName, number])[] = [
      ['cnn-default', cnn],
      ['cnn-article', cnn],
      ['rnn-rows', 4 * gate + output],
      ['rnn-rows-simple', gate + output],
    ];
    expect(parameters.map(([name]) => name)).toEqual(Object.keys(presets));
    for (const [name, count] of parameters) {
      const { network, training } = presets[name];
      const info = await trainer.build(network, { ...training, batchSize: 8 });
      expect(info.parameterCount).toBe(count);
      expect((await trainer.stepBatch()).loss).toBeGreaterThan(0);
    }
  });

  it('that meets numbers that are no numbers fails with the layer’s name', async () => {
    const trainer = await openTrainer();
    await trainer.loadData(easyImages(200));
    await trainer.build(
      { input: [side, side, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 10 }] },
      { batchSize: 16, loss: 'mean_squared_error', optimizer: { type: 'sgd', learningRate: 100 } },
    );
    await trainer.run({ epochs: 50 });
    const last = (await snapshotsUntil(trainer, ({ state }) => state !== 'running')).at(-1);
    expect(last).toMatchObject({ state: 'failed', failure: { code: 'non-finite' } });
    expect(last?.failure?.where).not.toBe('');
    expect(trainer.state).toBe('failed');
    // A failed run can be taken up again, and fails again.
    expect((await rejectionOf(trainer.stepEpoch())).code).toBe('non-finite');
    expect((await rejectionOf(trainer.stepBatch())).code).toBe('non-finite');
    await trainer.build(smallNetwork, smallTraining);
    expect(trainer.state).toBe('idle');
  });
});

describe('pause, resume, stop, step', () => {
  it('pause holds', async () => {
    const trainer = await runningTrainer();
    await trainer.pause();
    expect(trainer.state).toBe('paused');
    const { step } = await trainer.evaluate();
    await wait(60);
    expect((await trainer.evaluate()).step).toBe(step);
    await trainer.resume();
    expect(trainer.state).toBe('running');
    await snapshotsUntil(trainer, (snapshot) => snapshot.step > step);
  });

  it('a step advances by exactly one', async () => {
    const trainer = await runningTrainer();
    await trainer.pause();
    const { step } = await trainer.evaluate();
    expect((await trainer.stepBatch()).step).toBe(step + 1);
    await wait(30);
    expect((await trainer.evaluate()).step).toBe(step + 1);
    expect(trainer.state).toBe('paused');
  });

  it('an epoch ends with its evaluation and pauses', async () => {
    const trainer = await readyTrainer();
    const reader = trainer.metrics();
    await trainer.stepEpoch();
    expect(trainer.state).toBe('paused');
    const evaluations = [];
    for await (const snapshot of reader) {
      evaluations.push(...snapshot.evaluations);
      if (snapshot.state === 'paused') break;
    }
    expect(evaluations.map(({ step }) => step)).toEqual([10]);
  });

  it('stop goes back to idle and keeps the weights', async () => {
    const trainer = await runningTrainer();
    await trainer.stop();
    expect(trainer.state).toBe('idle');
    const before = await trainer.weights(0);
    await wait(30);
    expect(await trainer.weights(0)).toEqual(before);
  });
});

describe('rewind', () => {
  it('goes back to how the network was, learning rate included', async () => {
    const trainer = await readyTrainer();
    expect(await rejectionOf(trainer.rewind())).toMatchObject({
      code: 'invalid-argument',
      where: 'rewind',
    });
    const fresh = await trainer.weights(0);
    const first = await trainer.stepBatch();
    await trainer.setLearningRate(0.5);
    await trainer.run({ epochs: 2 });
    await snapshotsUntil(trainer, ({ state }) => state === 'finished');
    expect(await trainer.rewind()).toBe(0);
    expect(trainer.state).toBe('paused');
    expect(await trainer.weights(0)).toEqual(fresh);
    expect(await trainer.learningRate()).toBeCloseTo(0.01, 9);
    expect(await trainer.stepBatch()).toEqual(first);
    await trainer.resume();
    const seen = await snapshotsUntil(trainer, ({ state }) => state === 'finished');
    expect(seen.at(-1)).toMatchObject({ step: 20, epoch: 2, epochs: 2 });
  });

  it('while a run is going on makes it stand still', async () => {
    const trainer = await runningTrainer();
    const step = await trainer.rewind();
    expect(trainer.state).toBe('paused');
    expect((await trainer.stepBatch()).step).toBe(step + 1);
  });
});

describe('calls in odd order', () => {
  it('before there are data or a network say what to call first', async () => {
    const trainer = await openTrainer();
    const early = [
      trainer.build(smallNetwork),
      trainer.sample('train', 0),
      trainer.run(),
      trainer.pause(),
      trainer.stepBatch(),
      trainer.stepEpoch(),
      trainer.evaluate(),
      trainer.setLearningRate(0.1),
      trainer.predict(new Uint8Array(64)),
      trainer.weights(0),
    ];
    for (const call of early) {
      const error = await rejectionOf(call);
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toMatch(/call (loadData|build)\(\) first/);
    }
  });

  it('while running: run, stepBatch and stepEpoch are refused, the run goes on', async () => {
    const trainer = await runningTrainer();
    for (const call of [trainer.run(), trainer.stepBatch(), trainer.stepEpoch()]) {
      const error = await rejectionOf(call);
      expect(error).toMatchObject({ code: 'invalid-argument' });
      expect(error.message).toMatch(/a run is going on; call pause\(\) or stop\(\) first/);
    }
    expect(trainer.state).toBe('running');
  });

  it('resume without a paused run is refused, pause and stop do nothing', async () => {
    const trainer = await readyTrainer();
    expect((await rejectionOf(trainer.resume())).message).toMatch(/this one is idle/);
    await trainer.pause();
    await trainer.stop();
    expect(trainer.state).toBe('idle');
  });

  it('a refused build leaves the run going, a good one stops it', async () => {
    const trainer = await runningTrainer();
    const odd = { ...smallNetwork, input: [9, 9, 1] };
    expect((await rejectionOf(trainer.build(odd))).code).toBe('invalid-argument');
    expect(trainer.state).toBe('running');
    const first = await trainer.weights(0);
    await trainer.build(smallNetwork, smallTraining);
    expect(trainer.state).toBe('idle');
    expect(await trainer.weights(0)).not.toEqual(first);
    expect((await trainer.stepBatch()).step).toBe(1);
  });

  it('other data stop the run and ask for a new network; bad data change nothing', async () => {
    const trainer = await runningTrainer();
    const images = easyImages(30);
    const bad = { images: images.images.slice(0, 99), labels: images.labels };
    expect((await rejectionOf(trainer.loadData(bad))).code).toBe('invalid-data');
    expect([trainer.state, trainer.data?.trainCount]).toEqual(['running', 160]);
    expect(await trainer.loadData(images)).toMatchObject({ trainCount: 24, testCount: 6 });
    expect([trainer.state, trainer.network]).toEqual(['idle', undefined]);
    expect((await rejectionOf(trainer.run())).message).toMatch(/call build\(\) first/);
  });

  it('a second loadData is refused while one is going on', async () => {
    const trainer = await openTrainer();
    const first = trainer.loadData(easyImages(30));
    expect((await rejectionOf(trainer.loadData(easyImages(40)))).message).toMatch(/already/);
    expect((await first).trainCount).toBe(24);
  });

  it('an epoch cut short by pause, build or dispose rejects', async () => {
    const trainer = await readyTrainer();
    const slow = { ...smallTraining, batchSize: 1 };
    await trainer.build(slowNetwork, slow);
    const paused = rejectionOf(trainer.stepEpoch());
    await trainer.pause();
    expect((await paused).code).toBe('aborted');
    const replaced = rejectionOf(trainer.stepEpoch());
    await trainer.build(slowNetwork, slow);
    expect((await replaced).code).toBe('aborted');
    const disposed = rejectionOf(trainer.stepEpoch());
    trainer.dispose();
    expect((await disposed).code).toBe('disposed');
  });

  it('bad learning rates are refused and do the run no harm', async () => {
    const trainer = await runningTrainer();
    for (const rate of [Number.NaN, -1, 1e9, Number.POSITIVE_INFINITY]) {
      const error = await rejectionOf(trainer.setLearningRate(rate));
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toMatch(/learning rate/);
    }
    expect(trainer.state).toBe('running');
    await trainer.setLearningRate(0.002);
    const [last] = (
      await snapshotsUntil(trainer, ({ learningRate }) => learningRate !== 0.01)
    ).slice(-1);
    expect(last?.learningRate).toBe(0.002);
    expect(last?.steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  it('arguments that cannot cross say so', async () => {
    const trainer = await readyTrainer();
    const layers = new Proxy(smallNetwork.layers, {});
    const error = await rejectionOf(trainer.build({ ...smallNetwork, layers }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toMatch(/plain/);
  });
});

describe('questions while training', () => {
  it('are answered', async () => {
    const trainer = await runningTrainer();
    const { pixels, label } = await trainer.sample('test', 3);
    expect(pixels).toHaveLength(side * side);
    expect(await trainer.predict(pixels)).toHaveLength(10);
    const [picked] = await trainer.inspect(pixels, { label, layers: [0] });
    expect(picked?.name).toBe('conv2d_1');
    expect(picked?.gradient?.shape).toEqual([8, 8, 4]);
    expect((await trainer.gradients(4)).map(({ shape }) => shape)).toEqual([[64, 10], [10]]);
    expect(await trainer.statistics()).toHaveLength(5);
    expect(await trainer.evaluate('train')).toMatchObject({ split: 'train', count: 160 });
    expect(trainer.state).toBe('running');
  });

  it('are answered row by row, too', async () => {
    const trainer = await readyTrainer();
    const { pixels } = await trainer.sample('test', 3);
    expect((await rejectionOf(trainer.predictSteps(pixels))).message).toMatch(/step by step/);
    await trainer.build({
      input: [side, side],
      layers: [
        { type: 'simple_rnn', units: 4 },
        { type: 'dense', units: 10 },
      ],
    });
    expect(await trainer.predictSteps(pixels)).toHaveLength(side * 10);
    const [rnn] = await trainer.inspect(pixels, { label: 1, layers: [0] });
    expect(rnn?.traces['hidden_gradient']?.shape).toEqual([side, 4]);
  });

  it('samples come by label and limit', async () => {
    const trainer = await readyTrainer();
    const sevens = await trainer.samples('train', { label: 7, limit: 5 });
    expect(sevens.map(({ label }) => label)).toEqual([7, 7, 7, 7, 7]);
    expect(await trainer.samples('test')).toHaveLength(40);
    expect((await rejectionOf(trainer.sample('test', 40))).message).toMatch(/0 to 39.*got 40/);
  });

  it('mistakes are those of the last test evaluation', async () => {
    const trainer = await readyTrainer();
    expect(await trainer.mistakes({ actual: 1, predicted: 1 })).toEqual([]);
    const { confusion } = await trainer.evaluate();
    for (const actual of countTo(9)) {
      for (const predicted of countTo(9)) {
        const found = await trainer.mistakes({ actual, predicted });
        expect(found).toHaveLength(confusion[actual * 10 + predicted] ?? 0);
        expect(found.every((one) => one.label === actual && one.predicted === predicted)).toBe(
          true,
        );
      }
    }
  });
});

describe('dispose', () => {
  it('ends the readers, rejects what is pending, and everything after it', async () => {
    const trainer = await runningTrainer();
    const reader = trainer.metrics();
    const pending = rejectionOf(trainer.evaluate());
    trainer.dispose();
    trainer.dispose();
    expect((await pending).code).toBe('disposed');
    let result = await reader.next();
    while (result.done !== true) result = await reader.next();
    expect((await rejectionOf(trainer.run())).message).toMatch(/createTrainer/);
    expect((await rejectionOf(trainer.restart())).code).toBe('disposed');
    expect(await trainer.metrics().next()).toMatchObject({ done: true });
  });

  it('comes with `using`', async () => {
    let outer: Trainer;
    {
      using trainer = await createTrainer({ workerUrl: builtWorker });
      outer = trainer;
    }
    expect((await rejectionOf(outer.loadData(easyImages(20)))).code).toBe('disposed');
  });
});

it('a worker with a missing engine file says so', async () => {
  const error = await rejectionOf(
    createTrainer({ workerUrl: builtWorker, wasmUrl: '/nowhere/engine.wasm' }),
  );
  expect(error.code).toBe('network');
  expect(error.message).toMatch(/nowhere\/engine\.wasm/);
});

it('a leaving reader does not hold back the others', async () => {
  const trainer = await readyTrainer();
  const leaving = trainer.metrics();
  onTestFinished(() => undefined);
  await leaving.next();
  await leaving.return?.();
  expect(await leaving.next()).toMatchObject({ done: true });
  await trainer.run({ epochs: 1 });
  const seen = await snapshotsUntil(trainer, ({ state }) => state === 'finished');
  expect(seen.at(-1)?.step).toBe(10);
});
