import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  heaps,
  imageDiscriminator,
  imageGenerator,
  pointDiscriminator,
  pointGenerator,
} from './support/gans.js';
import { easyImages } from './support/idx.js';
import { smallNetwork, smallTraining } from './support/specs.js';

/** A FinalizationRegistry that counts, and collects when told. */
class CountingRegistry {
  static readonly all: CountingRegistry[] = [];
  readonly live = new Map<object, { delete(): void }>();
  readonly #finalize: (held: { delete(): void }) => void;

  constructor(finalize: (held: { delete(): void }) => void) {
    this.#finalize = finalize;
    CountingRegistry.all.push(this);
  }

  register(_: object, held: { delete(): void }, token: object): void {
    this.live.set(token, held);
  }

  unregister(token: object): void {
    this.live.delete(token);
  }

  /** As if every wrapper had been collected. */
  collect(): number {
    const count = this.live.size;
    for (const held of this.live.values()) this.#finalize(held);
    this.live.clear();
    return count;
  }
}

/** The SDK, loaded anew so that it sees the globals of this test. */
async function freshSdk() {
  vi.resetModules();
  return import('../../bindings/src/index.js');
}

/** A data set, its test split and a classifier on both. */
async function makeAll() {
  const { loadEngine } = await freshSdk();
  const engine = await loadEngine({ threads: 1 });
  const { images, labels } = easyImages(60);
  const train = engine.dataset(images, labels);
  const test = train.splitOff(0.5);
  return { train, test, classifier: engine.classifier(train, test, smallNetwork, smallTraining) };
}

/** The same with a GAN on the data set, and a judge that compares with its test split. */
async function makeGan() {
  const { loadEngine } = await freshSdk();
  const engine = await loadEngine({ threads: 1 });
  const { images, labels } = easyImages(60);
  const train = engine.dataset(images, labels);
  const test = train.splitOff(0.5);
  const classifier = engine.classifier(train, test, smallNetwork, smallTraining);
  const judge = await engine.createJudge(
    { network: smallNetwork, weights: classifier.weightsFile() },
    test,
  );
  classifier.dispose();
  const specs = [imageGenerator(), imageDiscriminator(), { batchSize: 10 }] as const;
  return { engine, train, test, judge, gan: engine.gan(train, ...specs), specs };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('with a counting FinalizationRegistry', () => {
  beforeEach(() => {
    CountingRegistry.all.length = 0;
    vi.stubGlobal('FinalizationRegistry', CountingRegistry);
  });

  const registry = () => {
    const held = CountingRegistry.all.find(({ live }) => live.size > 0);
    return held ?? { live: new Map(), collect: () => 0 };
  };

  it('nothing is left to finalize after dispose', async () => {
    const { train, test, classifier } = await makeAll();
    expect(registry().live.size).toBe(3);
    classifier.dispose();
    expect(registry().live.size).toBe(2);
    train.dispose();
    test.dispose();
    expect(registry().collect()).toBe(0);
  });

  it('forgotten objects are freed, once', async () => {
    await makeAll();
    const freed = [...registry().live.values()].map((held) => vi.spyOn(held, 'delete'));
    expect(registry().collect()).toBe(3);
    for (const spy of freed) expect(spy).toHaveBeenCalledOnce();
    expect(registry().collect()).toBe(0);
  });

  it('a refused spec leaves nothing behind', async () => {
    const { train, test } = await makeAll();
    const { loadEngine } = await import('../../bindings/src/index.js');
    const engine = await loadEngine({ threads: 1 });
    expect(() => engine.classifier(train, test, { input: [1], layers: [] })).toThrow();
    expect(registry().live.size).toBe(3);
  });

  it('disposing twice frees once', async () => {
    const { classifier } = await makeAll();
    const freed = [...registry().live.values()].map((held) => vi.spyOn(held, 'delete'));
    classifier.dispose();
    classifier.dispose();
    expect(freed.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 1]);
  });

  it('disposing a data set disposes the classifiers on it', async () => {
    const { train, test, classifier } = await makeAll();
    test.dispose();
    expect([train.disposed, classifier.disposed]).toEqual([false, true]);
    train.dispose();
    expect(registry().live.size).toBe(0);
  });

  it('a GAN and a judge go when they are disposed, once', async () => {
    const { train, test, judge, gan } = await makeGan();
    expect(registry().live.size).toBe(4);
    const freed = [...registry().live.values()].map((held) => vi.spyOn(held, 'delete'));
    for (const handle of [gan, gan, judge, judge]) handle.dispose();
    expect(freed.map((spy) => spy.mock.calls.length).sort()).toEqual([0, 0, 1, 1]);
    expect([train.disposed, test.disposed]).toEqual([false, false]);
    expect(registry().live.size).toBe(2);
  });

  it('a GAN goes with its images, a judge stays', async () => {
    const { train, test, judge, gan } = await makeGan();
    train.dispose();
    test.dispose();
    expect([gan.disposed, judge.disposed]).toEqual([true, false]);
    for (const use of [() => gan.step(), () => gan.generate(new Float32Array())]) {
      expect(use).toThrow(/was disposed; make a new one/);
    }
    judge.dispose();
    expect(() => judge.scores()).toThrow(/was disposed; make a new one/);
    expect(registry().live.size).toBe(0);
  });

  it('a forgotten GAN is freed; one of points belongs to nobody', async () => {
    const { engine } = await makeGan();
    const points = engine.gaussianMixture(heaps);
    engine.gan(points, pointGenerator, pointDiscriminator);
    expect(registry().live.size).toBe(5);
    const freed = [...registry().live.values()].map((held) => vi.spyOn(held, 'delete'));
    expect(registry().collect()).toBe(5);
    for (const spy of freed) expect(spy).toHaveBeenCalledOnce();
  });

  it('a refused GAN leaves nothing behind', async () => {
    const { engine, train, specs } = await makeGan();
    const [generator, discriminator] = specs;
    expect(() => engine.gan(train, generator, discriminator, { batchSize: 31 })).toThrow(/1 to 30/);
    expect(() => engine.gan(train, generator, generator)).toThrow();
    expect(registry().live.size).toBe(4);
  });
});

it('without FinalizationRegistry and WeakRef disposing works the same', async () => {
  vi.stubGlobal('WeakRef', undefined);
  vi.stubGlobal('FinalizationRegistry', undefined);
  const { train, test, classifier } = await makeAll();
  expect(classifier.step().step).toBe(1);
  train.dispose();
  expect([classifier.disposed, test.disposed]).toEqual([true, false]);
  test.dispose();
});

it('after dispose every use says so', async () => {
  const { train, classifier } = await makeAll();
  classifier.dispose();
  train.dispose();
  for (const use of [
    () => classifier.step(),
    () => classifier.learningRate,
    () => train.count,
    () => train.image(0),
  ]) {
    // Modules loaded anew have an error class of their own.
    expect(use).toThrow(/was disposed; make a new one/);
  }
});

it('a real collection frees what was forgotten, though its owner lives', async () => {
  setFlagsFromString('--expose-gc');
  const { Handle } = await import('../../bindings/src/handle.js');
  const freed = vi.fn();
  class Probe extends Handle<{ delete(): void }> {
    constructor(...owners: Probe[]) {
      super('Probe', { delete: freed }, owners);
    }
  }
  const owner = new Probe();
  (() => {
    for (let count = 0; count < 7; count += 1) new Probe(owner);
    new Probe(owner).dispose();
  })();
  expect(freed).toHaveBeenCalledTimes(1);
  for (let round = 0; round < 50 && freed.mock.calls.length < 8; round += 1) {
    runInNewContext('gc()');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(freed).toHaveBeenCalledTimes(8);
  owner.dispose();
  expect(freed).toHaveBeenCalledTimes(9);
});
