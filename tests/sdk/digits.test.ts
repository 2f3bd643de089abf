import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { presets } from '../../bindings/src/index.js';
import { openTrainer } from './support/trainers.js';

const manifest = new URL('../../public/data/manifest.json', import.meta.url);

/** On the real digits, where `npm run data` has made them. */
it.skipIf(!existsSync(manifest))('learns real digits', { timeout: 60_000 }, async () => {
  const trainer = await openTrainer();
  await trainer.loadData({
    images: new URL('digits-images-idx3-ubyte.gz', manifest),
    labels: new URL('digits-labels-idx1-ubyte.gz', manifest),
  });
  expect(trainer.data).toMatchObject({ trainCount: 8000, testCount: 2000, height: 28, width: 28 });
  const { network, training } = presets['cnn-default'];
  await trainer.build(network, { ...training, batchSize: 32 });
  const losses: number[] = [];
  for (let step = 0; step < 40; step += 1) losses.push((await trainer.stepBatch()).loss);
  const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss) / part.length;
  expect(mean(losses.slice(-10))).toBeLessThan(0.6 * mean(losses.slice(0, 10)));
});
