import type { Trainable } from '../../../bindings/src/training_loop.js';
import type { Evaluation, Split, StepMetrics } from '../../../bindings/src/types.js';

/** A clock that moves only when told. */
export class FakeClock {
  time = 0;
  readonly now = (): number => this.time;
}

/** A model whose steps, cut into parts, and evaluation batches take a set time on a fake clock. */
export class FakeModel implements Trainable<Evaluation> {
  learningRate = 0.1;
  steps = 0;
  evaluationsBegun = 0;
  evaluationBatches = 0;
  stepMilliseconds = 10;
  partsPerStep = 1;
  partsDone = 0;
  failAt: number | undefined;
  evaluationFails = false;
  #left = 0;
  #split: Split = 'test';

  constructor(
    private readonly clock: FakeClock,
    private readonly batchesPerEpoch: number,
    private readonly batchesPerEvaluation = 3,
  ) {}

  advanceStep(): StepMetrics | undefined {
    this.clock.time += this.stepMilliseconds / this.partsPerStep;
    this.partsDone += 1;
    if (this.partsDone < this.partsPerStep) return undefined;
    this.partsDone = 0;
    if (this.steps + 1 === this.failAt) throw new Error('the loss is not a number');
    const step = ++this.steps;
    return {
      step,
      epoch: Math.ceil(step / this.batchesPerEpoch),
      batch: ((step - 1) % this.batchesPerEpoch) + 1,
      loss: 1 / step,
      accuracy: 0.5,
      gradientNorm: 1,
    };
  }

  checkpoint(): Uint8Array {
    return Uint8Array.of(this.steps);
  }

  restore([steps = 0]: Uint8Array): void {
    this.steps = steps;
    this.partsDone = 0;
  }

  beginEvaluation(split: Split): void {
    this.evaluationsBegun += 1;
    this.#split = split;
    this.#left = this.batchesPerEvaluation;
  }

  advanceEvaluation(): boolean {
    this.clock.time += this.stepMilliseconds;
    this.evaluationBatches += 1;
    if (this.evaluationFails) throw new Error('the score is not a number');
    this.#left -= 1;
    return this.#left === 0;
  }

  evaluation(): Evaluation {
    return {
      split: this.#split,
      step: this.steps,
      count: 1,
      loss: 0.1,
      accuracy: 1,
      classes: 2,
      confusion: new Uint32Array(4),
    };
  }
}
