import { onTestFinished } from 'vitest';
import { createTrainer, type Trainer } from '../../../bindings/src/index.js';
import type { Snapshot } from '../../../bindings/src/types.js';
import { easyImages } from './idx.js';
import { smallNetwork, smallTraining } from './specs.js';

/** The built worker: Node's workers do not run TypeScript. */
export const builtWorker = new URL('../../../dist/worker.js', import.meta.url);

/** A trainer that is disposed when the test ends. */
export async function openTrainer(workerUrl = builtWorker): Promise<Trainer> {
  const trainer = await createTrainer({ workerUrl });
  onTestFinished(() => {
    trainer.dispose();
  });
  return trainer;
}

/** A trainer with a small network on easy images: 160 to train on, 40 held out, 10 steps an epoch. */
export async function readyTrainer(workerUrl = builtWorker): Promise<Trainer> {
  const trainer = await openTrainer(workerUrl);
  await trainer.loadData(easyImages(200));
  await trainer.build(smallNetwork, smallTraining);
  return trainer;
}

/** Snapshots until one satisfies `enough`, that one included. */
export async function snapshotsUntil(
  trainer: Trainer,
  enough: (snapshot: Snapshot) => boolean,
): Promise<Snapshot[]> {
  const seen: Snapshot[] = [];
  for await (const snapshot of trainer.metrics()) {
    seen.push(snapshot);
    if (enough(snapshot)) break;
  }
  return seen;
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
