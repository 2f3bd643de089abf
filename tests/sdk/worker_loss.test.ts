import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KernelgartenError, Trainer } from '../../bindings/src/index.js';
import { createTrainer } from '../../bindings/src/index.js';
import { rejectionOf } from './support/errors.js';
import { easyImages } from './support/idx.js';
import { file, serve } from './support/server.js';
import { smallNetwork, smallTraining } from './support/specs.js';
import { openTrainer, readyTrainer, snapshotsUntil } from './support/trainers.js';

const fragileWorker = new URL('support/fragile_worker.mjs', import.meta.url);
const throwing = 666;
const exiting = 667;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A trainer whose worker dies while it trains. */
async function lostTrainer(): Promise<Trainer> {
  const trainer = await readyTrainer(fragileWorker);
  await rejectionOf(trainer.weights(throwing));
  return trainer;
}

describe('a worker that dies', () => {
  it.each([
    ['by an error', throwing, /struck by lightning.*restart\(\)/],
    ['by an exit', exiting, /exited with code 3.*restart\(\)/],
  ])('%s: every pending call, reader and listener hears of it', async (_, layer, message) => {
    const trainer = await readyTrainer(fragileWorker);
    const heard: KernelgartenError[] = [];
    const unheard: KernelgartenError[] = [];
    trainer.onLost((error) => heard.push(error));
    trainer.onLost((error) => unheard.push(error))();
    await trainer.run({ epochs: 100_000 });
    const readers = [snapshotsUntil(trainer, () => false), snapshotsUntil(trainer, () => false)];
    const calls = [...readers, trainer.weights(layer), trainer.evaluate(), trainer.pause()];
    for (const error of await Promise.all(calls.map(rejectionOf))) {
      expect(error.code).toBe('worker-lost');
      expect(error.message).toMatch(message);
    }
    expect(trainer.state).toBe('lost');
    expect(heard.map(({ code }) => code)).toEqual(['worker-lost']);
    expect(unheard).toEqual([]);
    expect((await rejectionOf(trainer.run())).code).toBe('worker-lost');
  });

  it('gets a successor with the same data and a fresh network', async () => {
    const trainer = await readyTrainer(fragileWorker);
    const first = await trainer.weights(0);
    const { loss } = await trainer.stepBatch();
    const { data, network } = trainer;
    await rejectionOf(trainer.weights(throwing));
    await Promise.all([trainer.restart(), trainer.restart()]);
    expect([trainer.state, trainer.data, trainer.network]).toEqual(['idle', data, network]);
    expect(await trainer.weights(0)).toEqual(first);
    expect((await trainer.stepBatch()).loss).toBe(loss);
    await trainer.run({ epochs: 1 });
    const seen = await snapshotsUntil(trainer, ({ state }) => state === 'finished');
    expect(seen.at(-1)?.step).toBe(10);
  });

  it('can be lost again', async () => {
    const trainer = await lostTrainer();
    const listener = vi.fn();
    trainer.onLost(listener);
    await trainer.restart();
    await rejectionOf(trainer.weights(exiting));
    expect(listener).toHaveBeenCalledOnce();
    await trainer.restart();
    expect(trainer.state).toBe('idle');
  });

  it('stays lost while the data cannot be fetched again, and can be tried again', async () => {
    const { images, labels } = easyImages(200);
    let online = true;
    const origin = await serve({
      '/images': (...exchange) => {
        (online ? file(images) : file(new Uint8Array(9)))(...exchange);
      },
      '/labels': file(labels),
    });
    const trainer = await openTrainer(fragileWorker);
    await trainer.loadData({ images: `${origin}/images`, labels: `${origin}/labels` });
    await trainer.build(smallNetwork, smallTraining);
    await rejectionOf(trainer.weights(throwing));
    online = false;
    expect((await rejectionOf(trainer.restart())).code).toBe('invalid-data');
    expect(trainer.state).toBe('lost');
    expect((await rejectionOf(trainer.run())).code).toBe('worker-lost');
    online = true;
    await trainer.restart();
    expect((await trainer.stepBatch()).step).toBe(1);
  });

  it('while it lives there is nothing to restart', async () => {
    const trainer = await readyTrainer();
    expect((await rejectionOf(trainer.restart())).message).toMatch(/not lost/);
    expect((await trainer.stepBatch()).step).toBe(1);
  });

  it('can be disposed of', async () => {
    const trainer = await lostTrainer();
    trainer.dispose();
    expect((await rejectionOf(trainer.restart())).code).toBe('disposed');
  });
});

it('a worker that cannot start says so', async () => {
  vi.stubEnv('FRAGILE_WORKER', 'broken');
  const error = await rejectionOf(createTrainer({ workerUrl: fragileWorker }));
  expect(error.code).toBe('worker-lost');
  expect(error.message).toMatch(/could not start: cannot start.*workerUrl/);
});

it.each(['/nowhere/worker.js', 'http://localhost/nowhere.js'])(
  'a worker script that is not there (%s) says so',
  async (workerUrl) => {
    const error = await rejectionOf(createTrainer({ workerUrl }));
    expect(error.code).toBe('worker-lost');
    expect(error.message).toMatch(/could not start: .*workerUrl/);
  },
);
