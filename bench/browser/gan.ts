/** Trains a GAN, as `npm run accept -- gan` asks, and tells how good its samples become. */
import {
  createGanTrainer,
  ganPresets,
  type DataSource,
  type EngineOptions,
  type GanEvaluation,
  type GanPresetName,
  type GanSpecs,
  type GanTrainer,
} from 'kernelgarten';
import { digitJudge } from 'kernelgarten/judge';

export interface GanTask {
  preset: GanPresetName;
  source: DataSource;
  /** real images that the discriminator sees */
  images: number;
  /** of weights, order and noise; default 1, as the presets have it */
  seed?: number;
  engine: EngineOptions;
}

/** How good 2,000 samples are. */
export interface GanReport {
  /** real images seen so far */
  images: number;
  inceptionScore: number;
  frechetDistance: number;
  confidence: number;
  /** of each digit among the samples */
  shares: number[];
  /** of a conditional GAN: how often the digit asked for is read */
  obeyed: number[] | undefined;
  /** since training began, judging included */
  seconds: number;
  /** since training began, judging left out */
  trainingSeconds: number;
}

export interface GanOutcome {
  imagesPerRound: number;
  rounds: number;
  /** a picture of ten rows of ten samples, as a data URL of a PNG */
  grid: string;
}

/** Real images between two judgements. */
const judgedEvery = 20_000;

export async function trainGan(
  { preset, source, images, seed = 1, engine }: GanTask,
  report: (judged: GanReport) => Promise<void>,
): Promise<GanOutcome> {
  const { generator, discriminator, training }: GanSpecs = ganPresets[preset];
  const { batchSize: imagesPerRound = 64 } = training;
  const trainer = await createGanTrainer(engine);
  try {
    await trainer.loadData(source, { judge: digitJudge });
    await trainer.build({
      generator: { ...generator, seed },
      discriminator: { ...discriminator, seed: seed + 1 },
      training: { ...training, seed },
    });
    const rounds = Math.ceil(images / imagesPerRound);
    const interval = Math.round(judgedEvery / imagesPerRound);
    const start = performance.now();
    let judging = 0;
    let step = 0;
    while (step < rounds) {
      step = await runTo(trainer, Math.min(step + interval, rounds));
      const before = performance.now();
      const evaluation = await trainer.evaluate();
      const now = performance.now();
      judging += now - before;
      await report({
        ...readScores(evaluation),
        images: Math.min(step * imagesPerRound, images),
        seconds: (now - start) / 1000,
        trainingSeconds: (now - start - judging) / 1000,
      });
    }
    return { imagesPerRound, rounds: step, grid: await drawGrid(trainer, training) };
  } finally {
    trainer.dispose();
  }
}

/** Trains until so many rounds are done, or a few more. */
async function runTo(trainer: GanTrainer, goal: number): Promise<number> {
  await trainer.run({ epochs: 1000 });
  for await (const snapshot of trainer.metrics()) {
    if (snapshot.failure) throw new Error(snapshot.failure.message);
    if (snapshot.step >= goal) {
      await trainer.pause();
      return snapshot.step;
    }
  }
  throw new Error('The trainer ended before its time.');
}

function readScores({
  digits,
  obeyed,
}: GanEvaluation): Omit<GanReport, 'images' | 'seconds' | 'trainingSeconds'> {
  if (digits === undefined) throw new Error('The samples were not judged.');
  const { inceptionScore, frechetDistance, confidence, shares } = digits;
  return { inceptionScore, frechetDistance, confidence, shares: [...shares], obeyed };
}

const side = 10;
const pixels = 28;

/** Ten rows of ten samples; of a conditional GAN each column is one digit. */
async function drawGrid(
  trainer: GanTrainer,
  { conditional }: { conditional?: boolean },
): Promise<string> {
  const count = side * side;
  const labels = conditional === true ? Array.from({ length: count }, (_, i) => i % side) : [];
  const samples = await trainer.generate(await trainer.fixedNoise(count), labels);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side * pixels;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no canvas.');
  for (let index = 0; index < count; index += 1) {
    const picture = context.createImageData(pixels, pixels);
    for (let i = 0; i < pixels * pixels; i += 1) {
      const grey = 127.5 * ((samples[index * pixels * pixels + i] ?? 0) + 1);
      picture.data.set([grey, grey, grey, 255], 4 * i);
    }
    context.putImageData(picture, (index % side) * pixels, Math.floor(index / side) * pixels);
  }
  return canvas.toDataURL('image/png');
}
