import { describe, expect, it, onTestFinished } from 'vitest';
import { createTextTrainer, loadEngine, type TextTrainer } from '../../bindings/src/index.js';
import type { Snapshot, TextEvaluation } from '../../bindings/src/types.js';
import { rejectionOf } from './support/errors.js';
import { smallModel, smallNetwork, song, training } from './support/songs.js';
import { builtWorker } from './support/trainers.js';

const characters = Array.from(song).length;

async function openTrainer(): Promise<TextTrainer> {
  const trainer = await createTextTrainer({ workerUrl: builtWorker });
  onTestFinished(() => {
    trainer.dispose();
  });
  return trainer;
}

async function readyTrainer(): Promise<TextTrainer> {
  const trainer = await openTrainer();
  const { vocabulary } = await trainer.loadText(song, { validationShare: 0.2 });
  await trainer.build(smallNetwork(vocabulary.length), training);
  return trainer;
}

async function finished(trainer: TextTrainer): Promise<Snapshot<TextEvaluation>[]> {
  const seen: Snapshot<TextEvaluation>[] = [];
  for await (const snapshot of trainer.metrics()) {
    seen.push(snapshot);
    if (snapshot.state === 'finished') break;
  }
  return seen;
}

describe('a text trainer', () => {
  it('learns, tells after each epoch how well, and writes what it has learnt', async () => {
    const trainer = await readyTrainer();
    expect(trainer.text).toMatchObject({ trainCount: Math.floor(0.8 * characters) });
    await trainer.run({ epochs: 24 });
    const seen = await finished(trainer);
    const evaluations = seen.flatMap((snapshot) => snapshot.evaluations);
    expect(evaluations).toHaveLength(24);
    expect(evaluations.at(-1)?.loss).toBeLessThan(0.2);
    expect(seen.at(-1)?.examplesPerSecond).toBeGreaterThan(0);
    expect(await trainer.write(12, { seed: 1, prime: '一闪一闪', temperature: 0 })).toBe(
      '亮晶晶 twinkle ',
    );
    expect(await trainer.evaluate('train')).toMatchObject({ split: 'train' });
  });

  it('writes the same from the same seed, and goes on without one', async () => {
    const trainer = await readyTrainer();
    const whole = await trainer.write(20, { seed: 5 });
    const start = await trainer.write(8, { seed: 5 });
    expect(start + (await trainer.write(12))).toBe(whole);
    const chances = await trainer.probabilities();
    expect(chances.reduce((sum, chance) => sum + chance)).toBeCloseTo(1, 5);
  });

  it('writes while it trains, and pauses', async () => {
    const trainer = await readyTrainer();
    await trainer.run({ epochs: 100_000 });
    expect(Array.from(await trainer.write(30, { seed: 1 }))).toHaveLength(30);
    expect(trainer.state).toBe('running');
    await trainer.pause();
    const { step } = await trainer.stepBatch();
    expect((await trainer.stepBatch()).step).toBe(step + 1);
  });

  it('looks into a text as a language model in this thread does, and picks layers', async () => {
    const trainer = await readyTrainer();
    using model = smallModel(await loadEngine());
    for (let step = 0; step < 3; step += 1) {
      model.step();
      await trainer.stepBatch();
    }
    const options = { target: 5 };
    expect(await trainer.inspect('一闪一闪亮晶', options)).toEqual(
      model.inspect('一闪一闪亮晶', options),
    );
    const { layers, characters } = await trainer.inspect('一闪', { layers: [1] });
    expect(layers.map(({ index, name }) => [index, name])).toEqual([[1, 'gru_1']]);
    expect(characters).toEqual(['一', '闪']);
  });

  it('looks into a text while it trains', async () => {
    const trainer = await readyTrainer();
    await trainer.run({ epochs: 100_000 });
    expect((await trainer.inspect('一闪', { target: 1 })).probabilities).toHaveLength(2);
    expect(trainer.state).toBe('running');
    expect((await rejectionOf(trainer.inspect('一\uD83C'))).message).toMatch(/position 1/);
    expect((await rejectionOf(trainer.inspect('一闪', { target: 2 }))).code).toBe(
      'invalid-argument',
    );
    expect(trainer.state).toBe('running');
  });

  it('refuses what makes no sense, and keeps text and network', async () => {
    const trainer = await openTrainer();
    expect((await rejectionOf(trainer.build(smallNetwork(3)))).message).toMatch(/loadText/);
    expect((await rejectionOf(trainer.loadText(''))).code).toBe('invalid-data');
    expect((await rejectionOf(trainer.loadText('a\uD83C'))).message).toMatch(/position 1/);
    expect((await rejectionOf(trainer.loadText('ab', { validationShare: 1 }))).message).toMatch(
      /between 0 and 1, got 1/,
    );
    const ready = await readyTrainer();
    const before = await ready.write(10, { seed: 1 });
    expect((await rejectionOf(ready.loadText(''))).code).toBe('invalid-data');
    expect((await rejectionOf(ready.write(3, { prime: 'x' }))).message).toMatch(/'x' does not/);
    expect(await ready.write(10, { seed: 1 })).toBe(before);
    expect(ready.network?.batchesPerEpoch).toBeGreaterThan(0);

    await ready.loadText('another text, another alphabet');
    expect(ready.network).toBeUndefined();
    expect((await rejectionOf(ready.write(3))).message).toMatch(/build/);
  });
});
