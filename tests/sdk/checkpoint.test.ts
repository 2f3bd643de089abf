import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine, type Engine } from '../../bindings/src/index.js';
import { easyClassifier } from './support/classifiers.js';
import { thrownBy } from './support/errors.js';
import { smallNetwork, smallTraining } from './support/specs.js';
import { smallModel } from './support/songs.js';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

/** Names and shapes, as any reader of safetensors files finds them. */
function headerOf(checkpoint: Uint8Array): unknown {
  const length = Number(new DataView(checkpoint.buffer).getBigUint64(0, true));
  return JSON.parse(new TextDecoder().decode(checkpoint.subarray(8, 8 + length)));
}

describe.each([
  ['classifier', () => easyClassifier(engine), 'conv2d_1.weight', [3, 3, 1, 4]],
  ['language model', () => smallModel(engine), 'embedding_1.weight', [14, 8]],
] as const)('a checkpoint of a %s', (_, make, name, shape) => {
  it('lets another go on, bit for bit', () => {
    using model = make();
    for (let step = 0; step < 4; step += 1) model.step();
    model.learningRate = 0.005;
    const checkpoint = model.checkpoint();
    using resumed = make();
    resumed.restore(checkpoint);
    expect(resumed.learningRate).toBe(0.005);
    for (let step = 0; step < 12; step += 1) expect(resumed.step()).toEqual(model.step());
    expect(resumed.checkpoint()).toEqual(model.checkpoint());
  });

  it('is a safetensors file', () => {
    using model = make();
    expect(headerOf(model.checkpoint())).toMatchObject({ [name]: { dtype: 'F32', shape } });
  });

  it('is refused when it is damaged, and changes nothing then', () => {
    using model = make();
    model.step();
    const checkpoint = model.checkpoint();
    for (const damaged of [
      new Uint8Array(0),
      checkpoint.subarray(1),
      checkpoint.subarray(0, -1),
      new Uint8Array([...checkpoint, 0]),
    ]) {
      const error = thrownBy(() => {
        model.restore(damaged);
      });
      expect(error.code).toBe('invalid-data');
    }
    expect(model.checkpoint()).toEqual(checkpoint);
  });
});

describe('a checkpoint of another network', () => {
  it('is refused, with the layer where they differ', () => {
    using classifier = easyClassifier(engine);
    const before = classifier.checkpoint();
    const refusal = (checkpoint: Uint8Array) =>
      thrownBy(() => {
        classifier.restore(checkpoint);
      });
    const wider = { ...smallNetwork, layers: [...smallNetwork.layers] };
    wider.layers[0] = { type: 'conv2d', filters: 5 };
    const error = refusal(easyClassifier(engine, wider).checkpoint());
    expect(error.code).toBe('invalid-argument');
    expect(error.where).toBe('conv2d_1.weight');
    const halved = { ...smallTraining, batchSize: 8 };
    expect(refusal(easyClassifier(engine, smallNetwork, halved).checkpoint()).message).toMatch(
      /batch_size must be '16'.*got '8'/,
    );
    expect(refusal(smallModel(engine).checkpoint()).message).toMatch(/model must be 'classifier'/);
    expect(classifier.checkpoint()).toEqual(before);
  });
});
