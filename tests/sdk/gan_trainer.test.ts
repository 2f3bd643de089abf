import { describe, expect, it, onTestFinished } from 'vitest';
import { digitJudge } from '../../bindings/src/digit_judge.js';
import {
  createGanTrainer,
  ganPresets,
  loadEngine,
  pointClouds,
  pointGanPreset,
  type GanTrainer,
} from '../../bindings/src/index.js';
import type { GanTrainingSpec } from '../../bindings/src/spec.js';
import type { GanEvaluation, GanStep, Snapshot } from '../../bindings/src/types.js';
import { digitFiles, digitsAreThere } from './support/digits.js';
import { rejectionOf } from './support/errors.js';
import {
  heaps,
  imageDiscriminator,
  imageGenerator,
  pointDiscriminator,
  pointGan,
  pointGenerator,
  pointTraining,
} from './support/gans.js';
import { easyImages, side } from './support/idx.js';
import { smallNetwork, smallTraining } from './support/specs.js';
import { builtWorker } from './support/trainers.js';

const fragileWorker = new URL('support/fragile_worker.mjs', import.meta.url);
const throwing = 666;

const pointSpecs = {
  generator: pointGenerator,
  discriminator: pointDiscriminator,
  training: pointTraining,
};

const imageSpecs = {
  generator: imageGenerator(),
  discriminator: imageDiscriminator(),
  training: { ...pointTraining, batchSize: 20 },
};

async function openTrainer(workerUrl = builtWorker): Promise<GanTrainer> {
  const trainer = await createGanTrainer({ workerUrl, threads: 1 });
  onTestFinished(() => {
    trainer.dispose();
  });
  return trainer;
}

async function readyTrainer(workerUrl = builtWorker): Promise<GanTrainer> {
  const trainer = await openTrainer(workerUrl);
  await trainer.loadPoints(heaps);
  await trainer.build(pointSpecs);
  return trainer;
}

type Seen = Snapshot<GanEvaluation, GanStep>;

/** Snapshots until a run stands still. */
async function ended(trainer: GanTrainer): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const snapshot of trainer.metrics()) {
    seen.push(snapshot);
    if (snapshot.state !== 'running') break;
  }
  return seen;
}

const evaluationsOf = (seen: Seen[]) => seen.flatMap(({ evaluations }) => evaluations);

describe('a GAN trainer', () => {
  it('learns as a GAN in this thread does, bit for bit', async () => {
    const engine = await loadEngine({ threads: 1 });
    using gan = pointGan(engine);
    const trainer = await openTrainer();
    expect(await trainer.loadPoints(heaps)).toEqual(engine.gaussianMixture(heaps));
    expect(trainer.networks).toBeUndefined();
    expect(await trainer.build(pointSpecs)).toEqual(gan.info());
    expect(trainer.networks).toEqual(gan.info());

    await trainer.run({ epochs: 3 });
    const seen = await ended(trainer);
    const steps = seen.flatMap((snapshot) => snapshot.steps);
    expect(steps).toHaveLength(3 * 8);
    expect(steps).toEqual(steps.map(() => gan.step()));
    expect(seen.at(-1)).toMatchObject({ state: 'finished', epoch: 3, epochs: 3, step: 24 });
    expect(seen.at(-1)?.examplesPerSecond).toBeGreaterThan(0);

    const noise = gan.fixedNoise(7);
    expect(await trainer.fixedNoise(7)).toEqual(noise);
    const samples = gan.generate(noise);
    expect(await trainer.generate(noise)).toEqual(samples);
    expect(await trainer.discriminate(samples)).toEqual(gan.discriminate(samples));
    expect(await trainer.exampleGradients(samples)).toEqual(gan.exampleGradients(samples));
    expect(await trainer.weights('discriminator', 2)).toEqual(gan.weights('discriminator', 2));
    expect(await trainer.statistics('generator')).toEqual(gan.statistics('generator'));
  });

  it('measures fresh networks and those at the end of a run, how points keep to the centres', async () => {
    const trainer = await openTrainer();
    await trainer.loadPoints(heaps);
    const reader = trainer.metrics();
    await trainer.build(pointSpecs);
    await trainer.run({ epochs: 2 });
    const evaluations: GanEvaluation[] = [];
    for await (const snapshot of reader) {
      evaluations.push(...snapshot.evaluations);
      if (snapshot.state === 'finished') break;
    }
    const [first, last] = [evaluations.at(0), evaluations.at(-1)];
    expect([first?.step, last?.step]).toEqual([0, 16]);
    expect(first?.points).not.toEqual(last?.points);
    expect(last).toMatchObject({ split: 'test', count: 2000 });
    expect(last?.points?.shares).toHaveLength(2);
    expect(last?.points?.near).toBeCloseTo(
      last?.points?.shares.reduce((sum, share) => sum + share) ?? NaN,
      9,
    );
    expect([last?.digits, last?.obeyed]).toEqual([undefined, undefined]);
    expect((await trainer.evaluate()).points).toEqual(last?.points);
  });

  it('takes one player’s step at a time, and refuses to while it runs', async () => {
    const trainer = await readyTrainer();
    const judged = await trainer.stepRound('discriminator');
    expect(judged.generatorLoss).toBeNaN();
    const learned = await trainer.stepRound('generator');
    expect([learned.step, learned.discriminatorLoss]).toEqual([2, NaN]);
    const both = await trainer.stepRound();
    expect(both.generatorLoss + both.discriminatorLoss).toBeGreaterThan(0);
    await trainer.run({ epochs: 100_000 });
    for (const players of ['both', 'discriminator', 'generator'] as const) {
      const error = await rejectionOf(trainer.stepRound(players));
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toMatch(/a run is going on/);
    }
    expect(trainer.state).toBe('running');
    expect(await trainer.generate(await trainer.fixedNoise(3))).toHaveLength(6);
    await trainer.pause();
    expect(trainer.state).toBe('paused');
    // A refused step leaves nobody out of the rounds that follow.
    const next = await trainer.stepRound();
    expect(next.generatorLoss + next.discriminatorLoss).toBeGreaterThan(0);
    expect(trainer.state).toBe('paused');
  });

  it('a run after one player’s step has both play', async () => {
    const trainer = await readyTrainer();
    await trainer.stepRound('discriminator');
    await trainer.run({ epochs: 1 });
    const steps = (await ended(trainer)).flatMap((snapshot) => snapshot.steps);
    expect(steps.map(({ step }) => step)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    for (const step of steps) {
      expect(Object.values(step).every(Number.isFinite)).toBe(true);
    }
  });

  it('has a learning rate for each player, while it runs too', async () => {
    const trainer = await readyTrainer();
    expect(await trainer.learningRates()).toEqual({ generator: 0.005, discriminator: 0.005 });
    await trainer.run({ epochs: 100_000 });
    await trainer.setLearningRate('discriminator', 0.25);
    await trainer.setLearningRate('generator', 0);
    expect(await trainer.learningRates()).toEqual({ generator: 0, discriminator: 0.25 });
    expect((await rejectionOf(trainer.setLearningRate('generator', -1))).where).toBe('optimizer');
    expect(await trainer.learningRates()).toEqual({ generator: 0, discriminator: 0.25 });
    expect(trainer.state).toBe('running');
    await trainer.pause();
    const before = await trainer.weights('generator', 0);
    await trainer.stepRound();
    expect(await trainer.weights('generator', 0)).toEqual(before);
  });

  it('tells readers of a learning rate that was changed', async () => {
    const trainer = await readyTrainer();
    void trainer.setLearningRate('generator', 0.5);
    await trainer.setLearningRate('generator', 0.125);
    const newest = await trainer.metrics().next();
    expect(newest.value).toMatchObject({ state: 'idle', learningRate: 0.125 });
  });

  it('goes back to how both players were, rates included', async () => {
    const trainer = await readyTrainer();
    expect((await rejectionOf(trainer.rewind())).where).toBe('rewind');
    const noise = await trainer.fixedNoise(5);
    const fresh = await trainer.generate(noise);
    const first = await trainer.stepRound();
    await trainer.setLearningRate('generator', 0.5);
    await trainer.stepRound();
    expect(await trainer.generate(noise)).not.toEqual(fresh);
    expect(await trainer.rewind()).toBe(0);
    expect(await trainer.learningRates()).toEqual({ generator: 0.005, discriminator: 0.005 });
    expect(await trainer.generate(noise)).toEqual(fresh);
    expect(await trainer.stepRound()).toEqual(first);
  });

  it('gets a successor with the same points and fresh networks', async () => {
    const centres = heaps.centres.slice();
    const trainer = await openTrainer(fragileWorker);
    await trainer.loadPoints({ ...heaps, centres });
    centres.fill(7);
    await trainer.build(pointSpecs);
    const first = await trainer.stepRound();
    const { networks } = trainer;
    expect((await rejectionOf(trainer.weights('generator', throwing))).code).toBe('worker-lost');
    expect(trainer.state).toBe('lost');
    await trainer.restart();
    expect([trainer.state, trainer.networks]).toEqual(['idle', networks]);
    expect(await trainer.stepRound()).toEqual(first);
    expect((await trainer.evaluate()).points?.shares).toHaveLength(2);
  });

  it('after dispose every call says so, and readers come to an end', async () => {
    const trainer = await readyTrainer();
    await trainer.run({ epochs: 100_000 });
    const reader = ended(trainer);
    const pending = rejectionOf(trainer.stepEpoch());
    trainer.dispose();
    trainer.dispose();
    await reader;
    expect(['disposed', 'invalid-argument']).toContain((await pending).code);
    for (const call of [
      () => trainer.stepRound(),
      () => trainer.generate(new Float32Array(2)),
      () => trainer.loadPoints(heaps),
      () => trainer.restart(),
    ]) {
      expect((await rejectionOf(call())).code).toBe('disposed');
    }
  });

  it('trains as a GAN in this thread does where nothing is said of training', async () => {
    const engine = await loadEngine({ threads: 1 });
    using gan = engine.gan(engine.gaussianMixture(heaps), pointGenerator, pointDiscriminator);
    const trainer = await openTrainer();
    await trainer.loadPoints(heaps);
    await trainer.build({ generator: pointGenerator, discriminator: pointDiscriminator });
    expect(await trainer.stepRound()).toEqual(gan.step());
  });

  it('says what to call first, and what it refuses changes nothing', async () => {
    const trainer = await openTrainer();
    expect((await rejectionOf(trainer.build(pointSpecs))).message).toMatch(/loadData/);
    expect((await rejectionOf(trainer.generate(new Float32Array(2)))).message).toMatch(/build/);
    expect((await rejectionOf(trainer.stepRound())).message).toMatch(/build/);
    expect((await rejectionOf(trainer.learningRates())).message).toMatch(/build/);
    const ready = await readyTrainer();
    const noise = await ready.fixedNoise(2);
    const before = await ready.generate(noise);
    const { networks } = ready;
    expect(await rejectionOf(ready.loadPoints({ ...heaps, count: 0 }))).toMatchObject({
      code: 'invalid-argument',
      where: 'points',
    });
    expect(
      await rejectionOf(
        ready.build({
          ...pointSpecs,
          generator: { ...pointGenerator, layers: [{ type: 'dense', units: 3 }] },
        }),
      ),
    ).toMatchObject({ code: 'invalid-argument', where: 'generator.dense_1' });
    // @ts-expect-error: JavaScript can leave out anything
    expect(await rejectionOf(ready.build({ discriminator: pointDiscriminator }))).toMatchObject({
      code: 'invalid-argument',
      where: 'generator.network',
    });
    expect(ready.networks).toEqual(networks);
    expect(await ready.generate(noise)).toEqual(before);
    expect((await ready.stepRound()).step).toBe(1);
  });
});

describe('other examples in the middle of a run', () => {
  it('images in place of points', async () => {
    const trainer = await readyTrainer();
    await trainer.run({ epochs: 100_000 });
    await trainer.loadData(easyImages(100));
    expect([trainer.state, trainer.networks]).toEqual(['idle', undefined]);
    expect((await rejectionOf(trainer.stepRound())).message).toMatch(/call build\(\) first/);
    expect(trainer.data).toMatchObject({ height: side, width: side, channels: 1, classes: 10 });
    const { trainCount } = trainer.data ?? {};
    const info = await trainer.build(imageSpecs);
    expect(info.batchesPerEpoch).toBe(Math.ceil((trainCount ?? NaN) / 20));
    expect(Object.values(await trainer.stepRound()).every(Number.isFinite)).toBe(true);
    const [sample] = await trainer.samples('train', { label: 3, limit: 1 });
    expect(sample?.label).toBe(3);
    // Nobody judges, so an evaluation knows when it was, and no more.
    expect(await trainer.evaluate()).toEqual({ split: 'test', step: 1, count: 0 });
    // And back again.
    await trainer.loadPoints(heaps);
    expect(trainer.networks).toBeUndefined();
    await trainer.build(pointSpecs);
    expect((await trainer.evaluate()).points?.shares).toHaveLength(2);
  });

  it('other images, and bad ones that change nothing', async () => {
    const trainer = await openTrainer();
    await trainer.loadData(easyImages(100));
    await trainer.build(imageSpecs);
    await trainer.run({ epochs: 100_000 });
    const broken = { ...easyImages(100), images: new Uint8Array(20) };
    expect((await rejectionOf(trainer.loadData(broken))).code).toBe('invalid-data');
    expect(trainer.state).toBe('running');
    await trainer.loadData(easyImages(60, 2));
    expect(trainer.state).toBe('idle');
    await trainer.build(imageSpecs);
    expect((await trainer.stepRound()).step).toBe(1);
  });

  it('with a judge that cannot read them change nothing', async () => {
    const trainer = await openTrainer();
    await trainer.loadData(easyImages(100));
    await trainer.build(imageSpecs);
    await trainer.stepRound();
    const { networks, data } = trainer;
    const error = await rejectionOf(trainer.loadData(easyImages(100), { judge: digitJudge }));
    expect(error).toMatchObject({ code: 'invalid-argument', where: 'input' });
    expect([trainer.networks, trainer.data]).toEqual([networks, data]);
    expect((await trainer.stepRound()).step).toBe(2);
  });
});

it('a judge given as bytes scores samples, and crosses to the next worker', async () => {
  const engine = await loadEngine({ threads: 1 });
  const { images, labels } = easyImages(200);
  using train = engine.dataset(images, labels);
  using classifier = engine.classifier(train, train.splitOff(0.2), smallNetwork, smallTraining);
  for (let step = 0; step < 100; step += 1) classifier.step();
  const judge = { network: smallNetwork, weights: classifier.weightsFile() };
  const trainer = await openTrainer(fragileWorker);
  await trainer.loadData(easyImages(200), { judge });
  const conditional = {
    generator: imageGenerator(10),
    discriminator: imageDiscriminator(10),
    training: { ...pointTraining, batchSize: 20, conditional: true },
  };
  await trainer.build(conditional);
  await trainer.run({ epochs: 30 });
  const seen = evaluationsOf(await ended(trainer));
  const last = seen.at(-1);
  expect(last).toMatchObject({ count: 2000, digits: { count: 2000 } });
  expect(last?.obeyed).toHaveLength(10);
  expect(last?.obeyed?.every((share) => share >= 0 && share <= 1)).toBe(true);
  expect(last?.digits?.inceptionScore).toBeGreaterThan(1);
  expect((await trainer.generate(await trainer.fixedNoise(2), [1, 2])).length).toBe(2 * side ** 2);
  expect((await rejectionOf(trainer.generate(await trainer.fixedNoise(2), [1]))).where).toBe(
    'noise',
  );
  await rejectionOf(trainer.weights('discriminator', throwing));
  await trainer.restart();
  const afresh = await trainer.evaluate();
  expect(afresh.digits?.count).toBe(2000);
  await trainer.loadData(easyImages(200));
  await trainer.build(conditional);
  expect((await trainer.evaluate()).digits).toBeUndefined();
});

describe.skipIf(!digitsAreThere)('on real digits', () => {
  it('the judge scores samples, of a conditional GAN each class', { timeout: 60_000 }, async () => {
    const trainer = await openTrainer();
    let progress = 0;
    const data = await trainer.loadData(digitFiles, {
      judge: digitJudge,
      onProgress: ({ received }) => {
        progress = received;
      },
    });
    expect(data).toMatchObject({ trainCount: 8000, testCount: 2000, classes: 10 });
    expect(progress).toBeGreaterThan(0);
    await trainer.build(ganPresets['gan-default']);
    const plain = await trainer.evaluate();
    expect(plain.obeyed).toBeUndefined();
    // Fresh weights make a grey that is like no digit.
    expect(plain.digits?.inceptionScore).toBeLessThan(2.5);
    expect(plain.digits?.frechetDistance).toBeGreaterThan(10);
    await trainer.build(ganPresets['gan-conditional']);
    for (let round = 0; round < 5; round += 1) await trainer.stepRound();
    const { obeyed, step } = await trainer.evaluate();
    expect(step).toBe(5);
    expect(obeyed).toHaveLength(10);
  });

  it('steps that are too long end a run, which can be rewound', { timeout: 60_000 }, async () => {
    const trainer = await openTrainer();
    await trainer.loadData(digitFiles);
    await trainer.build(ganPresets['gan-default']);
    const first = await trainer.stepRound();
    for (const player of ['generator', 'discriminator'] as const) {
      await trainer.setLearningRate(player, 10);
    }
    await trainer.run({ epochs: 1 });
    const seen = await ended(trainer);
    expect(trainer.state).toBe('failed');
    const failure = seen.at(-1)?.failure;
    expect(failure?.code).toBe('non-finite');
    expect(failure?.where).toMatch(
      /^(generator|discriminator)\.(dense|conv2d|conv_transpose2d|batch_norm|relu|leaky_relu|tanh)_\d$/,
    );
    expect(failure?.message).toContain(`[${failure?.where ?? ''}]`);

    expect(await trainer.rewind()).toBe(0);
    expect(trainer.state).toBe('paused');
    const { generator, discriminator }: GanTrainingSpec = ganPresets['gan-default'].training;
    const rates = await trainer.learningRates();
    expect(rates.generator).toBeCloseTo(generator?.learningRate ?? NaN, 9);
    expect(rates.discriminator).toBeCloseTo(discriminator?.learningRate ?? NaN, 9);
    expect(await trainer.stepRound()).toEqual(first);
    await trainer.resume();
    const reader = trainer.metrics();
    for await (const { step } of reader) if (step > 5) break;
    expect(trainer.state).toBe('running');
  });
});

it('the preset of points comes to lie near the centres of two heaps', async () => {
  const trainer = await openTrainer();
  await trainer.loadPoints({ ...pointClouds.pair, count: 12_800, seed: 1 });
  await trainer.build(pointGanPreset);
  await trainer.run({ epochs: 20 });
  const { near, shares } = evaluationsOf(await ended(trainer)).at(-1)?.points ?? {
    near: NaN,
    shares: [],
  };
  // 0.96 was reached.
  expect(near).toBeGreaterThan(0.75);
  for (const share of shares) expect(share).toBeGreaterThan(0.2);
});
