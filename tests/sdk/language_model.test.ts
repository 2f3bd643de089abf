import { beforeAll, describe, expect, it } from 'vitest';
import { characterPreset, loadEngine, type Engine } from '../../bindings/src/index.js';
import type { NetworkSpec, TrainingSpec } from '../../bindings/src/spec.js';
import { thrownBy } from './support/errors.js';
import { smallModel, smallNetwork, song, training } from './support/songs.js';

let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine({ threads: 1 });
});

describe('a text', () => {
  it('counts characters of any script, emoji as one', () => {
    using text = engine.text('a🌟数a');
    expect(text.length).toBe(4);
    expect(text.vocabulary).toEqual(['a', '数', '🌟']);
  });

  it('keeps a byte order mark and line ends as they are', () => {
    using text = engine.text('\uFEFFa\r\n');
    expect(text.vocabulary).toEqual(['\n', '\r', 'a', '\uFEFF']);
  });

  it.each([
    ['is empty', '', /\[text\].*empty/],
    ['ends in half of a character', 'ab\uD83C', /position 2 .*U\+D83C/],
    ['has half of a character', '\uDF1Fab', /position 0 .*U\+DF1F/],
  ])('is refused when it %s', (_, text, message) => {
    const error = thrownBy(() => engine.text(text));
    expect(error.code).toBe('invalid-data');
    expect(error.message).toMatch(message);
  });
});

describe('a language model', () => {
  it('learns a text by heart, tells so on the held-out part, and writes it', () => {
    using model = smallModel(engine);
    // Weights that know nothing yet: all characters are about as likely.
    expect(model.evaluate('test').loss).toBeCloseTo(Math.log(new Set(song).size), 0);
    for (let step = 0; step < 300; step += 1) model.step();
    const after = model.evaluate('test');
    expect(after).toMatchObject({ split: 'test', step: 300 });
    expect(after.loss).toBeLessThan(0.1);
    expect(after.accuracy).toBeGreaterThan(0.97);
    model.forget();
    model.read('一闪一闪');
    expect(model.write(12, { temperature: 0 })).toBe('亮晶晶 twinkle ');
  });

  it('goes on where it stopped, and writes the same from the same seed', () => {
    using model = smallModel(engine);
    model.forget(7);
    const whole = model.write(30);
    expect(Array.from(whole)).toHaveLength(30);
    model.forget(7);
    expect(model.write(10) + model.write(20)).toBe(whole);
    model.forget(8);
    expect(model.write(30)).not.toBe(whole);
  });

  it('gives the chances of the next character, which top k and temperature sharpen', () => {
    using model = smallModel(engine);
    expect(model.probabilities()).toHaveLength(0);
    model.read('一');
    const chances = model.probabilities();
    expect(chances.reduce((sum, chance) => sum + chance)).toBeCloseTo(1, 5);
    const best = chances.indexOf(Math.max(...chances));
    const vocabulary = engine.text(song).vocabulary;
    expect(model.write(1, { topK: 1 })).toBe(vocabulary[best]);
  });

  it('looks into a text: how probable each character was, and what that depends on', () => {
    using model = smallModel(engine);
    model.read('晶');
    const chances = model.probabilities();
    const { characters, probabilities, layers } = model.inspect('亮🌟晶', { target: 2 });
    expect(model.probabilities()).toEqual(chances);
    expect(characters).toEqual(['亮', '🌟', '晶']);
    const vocabulary = engine.text(song).vocabulary;
    expect(probabilities[0]).toBeCloseTo(1 / vocabulary.length, 6);
    model.forget();
    model.read('亮🌟');
    expect(probabilities[2]).toBeCloseTo(model.probabilities()[vocabulary.indexOf('晶')] ?? 0, 6);
    expect(layers.map(({ activation }) => activation.shape)).toEqual([
      [3, 8],
      [3, 24],
      [3, vocabulary.length],
    ]);
    const rows = layers[0]?.gradient?.values ?? new Float32Array();
    expect(rows.subarray(0, 16).every((value) => value !== 0)).toBe(true);
    expect(Array.from(rows.subarray(16))).toEqual(new Array(8).fill(0));
    expect(layers[1]?.traces).toHaveProperty('hidden_gradient');
    expect(model.inspect('亮').layers[0]).not.toHaveProperty('gradient');
  });

  it.each([
    ['an empty text', '', undefined, 'invalid-argument', /1 to 2000 characters, got 0/],
    ['a long text', '闪'.repeat(2001), undefined, 'invalid-argument', /got 2001/],
    ['a character it does not know', '闪x', undefined, 'invalid-data', /'x' does not occur/],
    ['half of a character', '闪\uD83C', undefined, 'invalid-data', /position 1 .*U\+D83C/],
    ['the first character as target', '闪闪', 0, 'invalid-argument', /from 1 to 1, got 0/],
    ['a target before the text', '闪闪', -1, 'invalid-argument', /got -1/],
    ['a target behind the text', '闪闪', 2, 'invalid-argument', /got 2/],
  ])('does not look into %s', (_, text, target, code, message) => {
    using model = smallModel(engine);
    const error = thrownBy(() => model.inspect(text, { target }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('refuses what it cannot read or do, and goes on', () => {
    using model = smallModel(engine);
    expect(
      thrownBy(() => {
        model.read('闪x');
      }).message,
    ).toMatch(/'x' does not occur/);
    expect(
      thrownBy(() => {
        model.read('\uD83C');
      }).code,
    ).toBe('invalid-data');
    expect(thrownBy(() => model.write(3, { temperature: -1 })).message).toMatch(/got -1/);
    expect(thrownBy(() => model.write(3, { temperature: Number.NaN })).code).toBe(
      'invalid-argument',
    );
    expect(thrownBy(() => model.write(-1)).message).toMatch(/got -1/);
    expect(
      thrownBy(() => {
        model.learningRate = -1;
      }).code,
    ).toBe('invalid-argument');
    expect(model.step().step).toBe(1);
  });

  it('says how text and network have to fit', () => {
    const text = engine.text(song);
    const model = (network: NetworkSpec, more: TrainingSpec = training, share = 0.2) =>
      thrownBy(() => engine.languageModel(text, network, more, share));
    const vocabulary = text.vocabulary.length;
    expect(model(smallNetwork(vocabulary + 1)).message).toMatch(
      /one for each character.*got 12 x 15/,
    );
    expect(model({ ...smallNetwork(vocabulary), input: [100_000] }).code).toBe('invalid-argument');
    expect(model({ ...smallNetwork(vocabulary), input: [0] }).message).toMatch(/at least 1/);
    expect(model(smallNetwork(vocabulary), { ...training, batchSize: 500 }).code).toBe(
      'invalid-argument',
    );
    expect(model(smallNetwork(vocabulary), training, 1).code).toBe('invalid-argument');
  });

  it('has a preset for any vocabulary', () => {
    using text = engine.text(song.repeat(30));
    const { network, training: usual } = characterPreset(text.vocabulary.length);
    using model = engine.languageModel(text, network, usual);
    expect(model.info().layers.map(({ type }) => type)).toEqual([
      'embedding',
      'lstm',
      'lstm',
      'dense',
    ]);
    expect(model.step().loss).toBeCloseTo(Math.log(text.vocabulary.length), 0);
  });
});
