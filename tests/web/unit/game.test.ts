import { describe, expect, it } from 'vitest';
import { balanceOf, findCollapse } from '../../../web/game/balance.ts';
import { experimentNames, experimentSettings } from '../../../web/game/experiments.ts';
import { Film, type Frame } from '../../../web/game/film.svelte.ts';
import { between } from '../../../web/game/walk.ts';
import { FAKES, PIXELS, REALS } from '../../../web/lessons/gan/gan_views.svelte.ts';
import { arrange, COLUMNS, planeOf, verdictOf, type Tile } from '../../../web/lessons/gan/tiles.ts';
import { ganCourse } from '../../../web/training/courses.ts';
import {
  adversarialLosses,
  defaultSettings,
  ganSpecs,
  limitsFor,
  type NumberKey,
} from '../../../web/training/settings.ts';

const frame = (step: number): Frame => ({
  step,
  samples: Float32Array.of(step),
  verdicts: new Float32Array(),
});

const stepsOf = (film: Film): number[] => film.frames.map(({ step }) => step);

describe('Film', () => {
  it('shows nothing while it is empty', () => {
    const film = new Film();
    expect([film.shown, film.live]).toEqual([undefined, true]);
    film.wind(0);
    expect(film.shown).toBeUndefined();
  });

  it('keeps each step while there are few, and the newest look at each', () => {
    const film = new Film();
    for (const step of [0, 0, 3, 7, 7]) film.add(frame(step));
    expect(stepsOf(film)).toEqual([0, 3, 7]);
    const last = { ...frame(7), samples: Float32Array.of(99) };
    film.add(last);
    expect(film.shown).toBe(last);
  });

  it('keeps what was seen of a step for certain when training has begun to move on', () => {
    const film = new Film();
    const fresh = frame(0);
    film.add(fresh, true);
    film.add({ ...frame(0), samples: Float32Array.of(5) }, true);
    expect(film.frames).toEqual([fresh]);
    film.add(frame(4), true);
    expect(stepsOf(film)).toEqual([0, 4]);
    const certain = { ...frame(4), samples: Float32Array.of(5) };
    film.add(certain);
    expect(film.frames).toEqual([fresh, certain]);
  });

  it('is wound back and stays there, and goes live at its end', () => {
    const film = new Film();
    for (const step of [0, 1, 2]) film.add(frame(step));
    film.wind(1);
    expect([film.shown?.step, film.live]).toEqual([1, false]);
    film.add(frame(3));
    expect([film.shown?.step, film.live]).toEqual([1, false]);
    film.wind(-5);
    expect(film.shown?.step).toBe(0);
    film.wind(3);
    expect(film.live).toBe(true);
    film.add(frame(4));
    expect(film.shown?.step).toBe(4);
    film.clear();
    expect([film.frames.length, film.shown, film.live]).toEqual([0, undefined, true]);
  });

  it('stays short over a long training: evenly spread, from the first look to the newest', () => {
    const film = new Film();
    for (let step = 0; step <= 20_000; step += 3) film.add(frame(step));
    const steps = stepsOf(film);
    expect(steps.length).toBeLessThanOrEqual(160);
    expect(steps.length).toBeGreaterThan(60);
    expect([steps[0], steps.at(-1)]).toEqual([0, 19_998]);
    const gaps = steps.slice(1, -1).map((step, i) => step - (steps[i] ?? NaN));
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(Math.max(...gaps)).toBeLessThan(3 * Math.min(...gaps));
  });

  it('keeps to the moment looked at when every second frame goes', () => {
    const film = new Film();
    for (let step = 0; step < 160; step += 1) film.add(frame(step));
    film.wind(100);
    film.add(frame(160));
    expect(film.frames.length).toBeLessThan(100);
    expect(film.shown?.step).toBe(100);
    film.wind(51);
    for (let step = 161; film.frames.length > 60 && step < 500; step += 1) film.add(frame(step));
    expect(Math.abs((film.shown?.step ?? NaN) - 102)).toBeLessThanOrEqual(2);
  });

  it('forgets what was taken back', () => {
    const film = new Film();
    for (const step of [0, 10, 20, 30]) film.add(frame(step));
    film.add(frame(15));
    expect(stepsOf(film)).toEqual([0, 10, 15]);
    film.add(frame(18));
    expect(stepsOf(film)).toEqual([0, 10, 15, 18]);
    film.wind(2);
    film.add(frame(5));
    expect(stepsOf(film)).toEqual([0, 5]);
    expect([film.shown?.step, film.live]).toEqual([5, true]);
    film.add(frame(0));
    expect(stepsOf(film)).toEqual([0]);
  });
});

describe('balanceOf', () => {
  it.each([
    [undefined, 0.5, 'unknown'],
    [0.5, undefined, 'unknown'],
    [0.95, 0.05, 'discriminator'],
    [0.9, 0.06, 'even'],
    [0.7, 0.3, 'even'],
    [0.54, 0.46, 'even'],
    [0.52, 0.48, 'generator'],
    [0.3, 0.7, 'generator'],
  ] as const)('real %s, fakes %s: %s', (real, fake, balance) => {
    expect(balanceOf(real, fake)).toBe(balance);
  });
});

describe('findCollapse', () => {
  const even = new Array<number>(10).fill(0.1);
  const withShares = (change: Record<number, number>): number[] => Object.assign([...even], change);

  it('finds none where every class has about its share', () => {
    expect(findCollapse(even)).toBeUndefined();
    expect(findCollapse(Float64Array.from(withShares({ 3: 0.021, 4: 0.299 })))).toBeUndefined();
  });

  it('names classes that are missing and those that are crowded', () => {
    expect(findCollapse(withShares({ 3: 0.019, 8: 0 }))).toEqual({ missing: [3, 8], crowded: [] });
    expect(findCollapse(withShares({ 1: 0.31 }))).toEqual({ missing: [], crowded: [1] });
    expect(findCollapse([1, 0, 0, 0])).toEqual({ missing: [1, 2, 3], crowded: [0] });
  });

  it('measures shares against what is fair among so many', () => {
    expect(findCollapse(new Array<number>(25).fill(0.009))).toBeUndefined();
    expect(findCollapse([0.5, 0.5])).toBeUndefined();
    // Points far from all centres belong to none.
    expect(findCollapse(new Array<number>(8).fill(0))?.missing).toHaveLength(8);
  });
});

describe('between', () => {
  const norm = (vector: Float32Array): number => Math.hypot(...vector);
  const from = Float32Array.of(2, 0, 0);
  const to = Float32Array.of(0, 1, 0);

  it('begins and ends at its ends', () => {
    expect([...between(from, to, 0)]).toEqual([2, 0, 0]);
    const end = between(from, to, 1);
    to.forEach((value, i) => {
      expect(end[i]).toBeCloseTo(value, 6);
    });
  });

  it('keeps to the great circle, with a length in between', () => {
    for (const share of [0.25, 0.5, 0.75]) {
      const here = between(from, to, share);
      expect(norm(here)).toBeCloseTo(2 - share, 6);
      expect(Math.atan2(here[1] ?? NaN, here[0] ?? NaN)).toBeCloseTo((share * Math.PI) / 2, 6);
    }
  });

  it('goes straight where there is no single great circle', () => {
    const opposite = from.map((value) => -value / 2);
    expect([...between(from, opposite, 0)]).toEqual([2, 0, 0]);
    expect([...between(from, opposite, 0.5)].map(Math.abs)).toEqual([0.5, 0, 0]);
    expect([...between(from, from, 0.3)].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
      2, 0, 0,
    ]);
    expect([...between(new Float32Array(3), to, 0.5)]).toEqual([0, 0.5, 0]);
  });
});

describe('experiments', () => {
  const room = { mostInBatch: 8000, longestSequence: 1 };
  const numbers: readonly NumberKey[] = [
    'batchSize',
    'epochs',
    'learningRate',
    'discriminatorRate',
    'realLabel',
    'discriminatorSteps',
    'generatorSteps',
  ];

  it.each(experimentNames)('%s has settings that the form could have', (name) => {
    const settings = { ...defaultSettings(ganCourse), ...experimentSettings(name) };
    expect(ganCourse.presets).toContain(settings.preset);
    expect(adversarialLosses).toContain(settings.adversarialLoss);
    for (const key of numbers) {
      const { min, max, integer } = limitsFor(key, room);
      expect(settings[key], key).toBeGreaterThanOrEqual(min);
      expect(settings[key], key).toBeLessThanOrEqual(max);
      if (integer) expect(Number.isInteger(settings[key]), key).toBe(true);
    }
    expect(experimentSettings(name)).not.toHaveProperty('seed');
    expect(() => ganSpecs(settings)).not.toThrow();
  });
});

describe('tiles', () => {
  const places = (tiles: Tile[][], real: boolean): number[] =>
    tiles
      .flat()
      .filter((tile) => tile.real === real)
      .map(({ index }) => index)
      .sort((a, b) => a - b);
  const countTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it.each([false, true])('show every fake and every real digit once, conditional: %s', (asked) => {
    const rows = arrange(asked);
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row).toHaveLength(COLUMNS);
    expect(places(rows, false)).toEqual(countTo(FAKES));
    expect(places(rows, true)).toEqual(countTo(REALS));
  });

  it('put two real digits in each row, at other places than in the row above', () => {
    const columns = arrange(false).map((row) => row.flatMap(({ real }, i) => (real ? [i] : [])));
    columns.forEach((row, i) => {
      expect(row).toHaveLength(2);
      expect(row).not.toEqual(columns[i + 1]);
    });
  });

  it('ask each column for a digit of its own, and have the real ones below', () => {
    const rows = arrange(true);
    rows.slice(0, -1).forEach((row) => {
      expect(row.map(({ real, index }) => (real ? 'real' : index % 10))).toEqual(countTo(10));
    });
    expect(rows.at(-1)?.every(({ real }) => real)).toBe(true);
  });

  it('have the picture and the verdict of their example', () => {
    const samples = new Float32Array(FAKES * PIXELS).map((_, i) => Math.floor(i / PIXELS));
    const reals = new Float32Array(REALS * PIXELS).map((_, i) => -Math.floor(i / PIXELS));
    const verdicts = new Float32Array(FAKES + REALS).map((_, i) => i);
    const seen = { step: 0, samples, verdicts };
    const fake = planeOf({ real: false, index: 7 }, seen, reals);
    expect([fake.values.length, fake.values[0], fake.width, fake.height]).toEqual([784, 7, 28, 28]);
    expect(planeOf({ real: true, index: 3 }, seen, reals).values[783]).toBe(-3);
    expect(verdictOf({ real: false, index: 7 }, seen)).toBe(7);
    expect(verdictOf({ real: true, index: 3 }, seen)).toBe(43);
  });
});
