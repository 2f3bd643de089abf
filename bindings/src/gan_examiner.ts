import type { Gan } from './gan.js';
import type { Judge } from './judge.js';
import { scorePoints } from './point_scores.js';
import type { GanEvaluation } from './types.js';

/** Measures how good samples are, in parts short enough to do something else in between. */
export interface GanExaminer {
  begin(gan: Gan): void;
  /** true when done */
  advance(): boolean;
  result(): Omit<GanEvaluation, 'split' | 'step'>;
}

/** Samples that are judged, and how many of them are made at once. */
const sampleCount = 2000;
const chunkCount = 100;

/** Digits, judged by a network that reads them. */
export class DigitExaminer implements GanExaminer {
  readonly #judge: Judge;
  readonly #labels: number[];
  readonly #classes: number;
  #samples = new Float32Array();
  #making: { gan: Gan; noise: Float32Array } | undefined;
  #made = 0;

  /** @param classes that samples are asked for in turn; 0 when they come without being asked */
  constructor(judge: Judge, classes: number) {
    this.#judge = judge;
    this.#classes = classes;
    this.#labels = Array.from({ length: classes > 0 ? sampleCount : 0 }, (_, i) => i % classes);
  }

  begin(gan: Gan): void {
    this.#making = { gan, noise: gan.fixedNoise(sampleCount) };
    this.#made = 0;
  }

  advance(): boolean {
    if (this.#making === undefined) return this.#judge.advance();
    const { gan, noise } = this.#making;
    const size = noise.length / sampleCount;
    const end = this.#made + chunkCount;
    const examples = gan.generate(
      noise.subarray(this.#made * size, end * size),
      this.#labels.slice(this.#made, end),
    );
    if (this.#made === 0)
      this.#samples = new Float32Array((examples.length * sampleCount) / chunkCount);
    // From the generator's range, -1 to 1, to the judge's; map() takes three times as long.
    const place = (this.#made * examples.length) / chunkCount;
    for (let i = 0; i < examples.length; i += 1) {
      this.#samples[place + i] = ((examples[i] ?? 0) + 1) / 2;
    }
    this.#made = end;
    if (end === sampleCount) {
      this.#making = undefined;
      this.#judge.begin(this.#samples);
    }
    return false;
  }

  result(): Omit<GanEvaluation, 'split' | 'step'> {
    const digits = this.#judge.scores();
    if (this.#classes === 0) return { count: sampleCount, digits };
    return { count: sampleCount, digits, obeyed: this.#obeyed() };
  }

  /** For each class the share of the samples asked for it that are read as it. */
  #obeyed(): number[] {
    const probabilities = this.#judge.probabilities();
    const classes = this.#classes;
    const right = new Array<number>(classes).fill(0);
    for (const [i, label] of this.#labels.entries()) {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      if (row.indexOf(Math.max(...row)) === label) right[label] = (right[label] ?? 0) + 1;
    }
    return right.map((count) => (count * classes) / sampleCount);
  }
}

/** Points, which should keep to the centres of the real ones. */
export class PointExaminer implements GanExaminer {
  readonly #centres: Float32Array;
  readonly #spread: number;
  #points: Float32Array = new Float32Array();

  constructor(centres: Float32Array, spread: number) {
    this.#centres = centres;
    this.#spread = spread;
  }

  begin(gan: Gan): void {
    this.#points = gan.generate(gan.fixedNoise(sampleCount));
  }

  advance(): boolean {
    return true;
  }

  result(): Omit<GanEvaluation, 'split' | 'step'> {
    return {
      count: sampleCount,
      points: scorePoints(this.#points, this.#centres, this.#spread),
    };
  }
}
