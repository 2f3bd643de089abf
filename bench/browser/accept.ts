/** The page of `npm run accept`, which drives it through `window.accept` and its like. */
import { proxy, wrap } from 'comlink';
import {
  createTrainer,
  presets,
  type DataSource,
  type EngineOptions,
  type Snapshot,
} from 'kernelgarten';
import { trainGan, type GanOutcome, type GanReport, type GanTask } from './gan.ts';
import type { TextOutcome, TextReport, TextTask, TextWorker } from './text_worker.ts';

interface Task {
  preset: keyof typeof presets;
  source: DataSource;
  /** passes over the training images; default that of the preset */
  epochs?: number;
  /** of weights and order; default that of the preset */
  seed?: number;
  engine: EngineOptions;
}

interface EpochReport {
  epoch: number;
  /** of the test images */
  accuracy: number;
  loss: number;
  /** while training */
  imagesPerSecond: number;
  /** since training began, evaluations included */
  seconds: number;
}

declare global {
  interface Window {
    accept: typeof accept;
    acceptText: typeof acceptText;
    acceptGan: typeof acceptGan;
    /** provided by whoever opened this page */
    reportEpoch: (report: EpochReport | TextReport | GanReport) => Promise<void>;
  }
}

/** Trains a preset and tells of each epoch as it ends. */
async function accept({
  preset,
  source,
  epochs,
  seed,
  engine,
}: Task): Promise<{ trainCount: number }> {
  const { network, training, epochs: usual } = presets[preset];
  const seeded = seed === undefined ? {} : { seed };
  const trainer = await createTrainer(engine);
  try {
    const { trainCount } = await trainer.loadData(source);
    await trainer.build({ ...network, ...seeded }, { ...training, ...seeded });
    const clock = new EpochClock(trainCount);
    await trainer.run({ epochs: epochs ?? usual });
    for await (const snapshot of trainer.metrics()) {
      for (const report of clock.read(snapshot)) await window.reportEpoch(report);
      if (snapshot.failure) throw new Error(snapshot.failure.message);
      if (snapshot.state === 'finished') break;
    }
    return { trainCount };
  } finally {
    trainer.dispose();
  }
}

/** Times epochs: from the end of one evaluation to the last step before the next one. */
class EpochClock {
  readonly #trainCount: number;
  readonly #start = performance.now();
  #epochStart = this.#start;
  #lastStep = this.#start;

  constructor(trainCount: number) {
    this.#trainCount = trainCount;
  }

  read({ steps, evaluations, batchesPerEpoch }: Snapshot): EpochReport[] {
    const now = performance.now();
    if (steps.length > 0) this.#lastStep = now;
    return evaluations.map(({ accuracy, loss, step }) => {
      const training = this.#lastStep - this.#epochStart;
      this.#epochStart = now;
      return {
        epoch: Math.round(step / batchesPerEpoch),
        accuracy,
        loss,
        imagesPerSecond: (1000 * this.#trainCount) / training,
        seconds: (now - this.#start) / 1000,
      };
    });
  }
}

/** Trains a language model and tells of each epoch as it ends. */
async function acceptText(task: TextTask): Promise<TextOutcome> {
  const worker = new Worker(new URL('./text_worker.ts', import.meta.url), { type: 'module' });
  try {
    return await wrap<TextWorker>(worker).train(task, proxy(window.reportEpoch));
  } finally {
    worker.terminate();
  }
}

/** Trains a GAN and tells of each time that its samples are judged. */
function acceptGan(task: GanTask): Promise<GanOutcome> {
  return trainGan(task, (report) => window.reportEpoch(report));
}

window.accept = accept;
window.acceptGan = acceptGan;
window.acceptText = acceptText;
