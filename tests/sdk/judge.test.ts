import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { digitJudge } from '../../bindings/src/digit_judge.js';
import { loadEngine, type Dataset, type Engine, type Judge } from '../../bindings/src/index.js';
import { easyClassifier } from './support/classifiers.js';
import { rejectionOf, thrownBy } from './support/errors.js';
import { easyImages, side } from './support/idx.js';
import { smallNetwork } from './support/specs.js';

const manifest = new URL('../../public/data/manifest.json', import.meta.url);

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

function easyReference(): Dataset {
  const { images, labels } = easyImages(100);
  return engine.dataset(images, labels);
}

async function easyJudge(reference = easyReference()): Promise<Judge> {
  using classifier = easyClassifier(engine);
  for (let step = 0; step < 200; step += 1) classifier.step();
  const weights = classifier.weightsFile();
  return await engine.createJudge({ network: smallNetwork, weights }, reference);
}

/** Every `stride`-th image of a data set as a generator would put it out. */
function pixelsOf(data: Dataset, stride = 1, first = 0): Float32Array {
  const size = data.height * data.width;
  const pixels = new Float32Array(Math.ceil((data.count - first) / stride) * size);
  for (let index = first, place = 0; index < data.count; index += stride, place += size) {
    data.image(index).forEach((byte, pixel) => {
      pixels[place + pixel] = byte / 255;
    });
  }
  return pixels;
}

describe('a judge', () => {
  it('scores images, at once or in parts', async () => {
    using reference = easyReference();
    using judge = await easyJudge(reference);
    const scores = judge.judge(pixelsOf(reference));
    expect(scores.count).toBe(100);
    expect(scores.confidence).toBeGreaterThan(0.9);
    expect(scores.inceptionScore).toBeGreaterThan(8);
    expect(scores.frechetDistance).toBeCloseTo(0, 5);
    expect([...scores.shares]).toEqual(new Array(10).fill(0.1));
    expect(judge.probabilities()).toHaveLength(1000);
    judge.begin(pixelsOf(reference));
    while (!judge.advance());
    expect(judge.scores()).toEqual(scores);
    judge.judge(new Float32Array(2 * side * side));
    expect(judge.scores()).toMatchObject({ count: 2, inceptionScore: 1 });
  });

  it('refuses what is not images', async () => {
    using judge = await easyJudge();
    expect(thrownBy(() => judge.scores()).message).toMatch(/no images have been judged yet/);
    expect(thrownBy(() => judge.advance()).message).toMatch(/no images were begun with/);
    expect(judge.probabilities()).toHaveLength(0);
    for (const length of [0, 64, 129]) {
      const error = thrownBy(() => judge.judge(new Float32Array(length)));
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toMatch(/2 or more images of 64 pixels each, got/);
    }
    const spoilt = new Float32Array(128).fill(Number.NaN, 70);
    const error = thrownBy(() => judge.judge(spoilt));
    expect(error).toMatchObject({ code: 'invalid-data' });
    expect(error.message).toMatch(/at position 70/);
  });

  it('needs weights of its network, and images that the network reads', async () => {
    const reference = easyReference();
    const refusal = (network = smallNetwork, weights: Uint8Array | string = new Uint8Array()) =>
      rejectionOf(engine.createJudge({ network, weights }, reference));
    expect((await refusal()).code).toBe('invalid-data');
    expect((await refusal(smallNetwork, 'missing.safetensors')).code).toBe('network');
    using classifier = easyClassifier(engine);
    const checkpoint = await refusal(smallNetwork, classifier.checkpoint());
    expect(checkpoint.code).toBe('invalid-argument');
    expect((await refusal(digitJudge.network, classifier.weightsFile())).message).toMatch(
      /\[input\] the network expects 28 x 28 x 1, the images to compare with are 8 x 8 x 1/,
    );
  });

  it('remembers the images that it compares with when they are gone', async () => {
    const reference = easyReference();
    using judge = await easyJudge(reference);
    const images = pixelsOf(reference);
    reference.dispose();
    expect(judge.judge(images).frechetDistance).toBeCloseTo(0, 5);
  });
});

describe.skipIf(!existsSync(manifest))('the judge of digits', () => {
  let digits: Dataset;
  let judge: Judge;

  beforeAll(async () => {
    const { test } = await engine.loadData({
      images: new URL('digits-images-idx3-ubyte.gz', manifest),
      labels: new URL('digits-labels-idx1-ubyte.gz', manifest),
    });
    digits = test;
    judge = await engine.createJudge(digitJudge, digits);
  });

  it('tells real digits apart', () => {
    judge.judge(pixelsOf(digits));
    const probabilities = judge.probabilities();
    let correct = 0;
    for (let index = 0; index < digits.count; index += 1) {
      const row = probabilities.subarray(index * 10, index * 10 + 10);
      if (row.indexOf(Math.max(...row)) === digits.label(index)) correct += 1;
    }
    expect(correct / digits.count).toBeGreaterThanOrEqual(0.99);
  });

  it('finds real digits real, half of them as near as chance has it, and noise far off', () => {
    const all = judge.judge(pixelsOf(digits));
    expect(all.inceptionScore).toBeGreaterThan(9.2);
    expect(all.frechetDistance).toBeLessThan(1e-4);
    const half = judge.judge(pixelsOf(digits, 2));
    expect(half.inceptionScore).toBeGreaterThan(9.2);
    const noise = judge.judge(new Float32Array(500 * 784).map((_, i) => Math.abs(Math.sin(i * i))));
    expect(noise.inceptionScore).toBeLessThan(3);
    expect(noise.frechetDistance).toBeGreaterThan(20 * half.frechetDistance);
  });
});
