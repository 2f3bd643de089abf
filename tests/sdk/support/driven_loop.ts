import { Mailbox } from '../../../bindings/src/mailbox.js';
import { TrainingLoop, type LoopOptions } from '../../../bindings/src/training_loop.js';
import type { Evaluation, RunState, Snapshot } from '../../../bindings/src/types.js';
import { FakeClock, FakeModel } from './fake_model.js';
import { ManualScheduler } from './manual_scheduler.js';

export const batchesPerEpoch = 10;

/** A loop whose clock, slices and reader are moved by hand. */
export class DrivenLoop {
  readonly clock = new FakeClock();
  readonly scheduler = new ManualScheduler();
  readonly model: FakeModel;
  readonly mailbox: Mailbox;
  readonly loop: TrainingLoop<Evaluation>;
  readonly posted: Snapshot[] = [];
  /** when they were */
  readonly postedAt: number[] = [];
  readonly states: RunState[] = [];
  /** whether the reader takes each snapshot when it comes */
  autoAcknowledge = true;

  constructor(changes: Partial<LoopOptions<Evaluation>> & { batchesPerEvaluation?: number } = {}) {
    const { batchesPerEvaluation, ...options } = changes;
    this.model = new FakeModel(this.clock, batchesPerEpoch, batchesPerEvaluation);
    this.mailbox = new Mailbox((snapshot) => {
      this.posted.push(snapshot);
      this.postedAt.push(this.clock.time);
      if (this.autoAcknowledge) this.mailbox.acknowledge();
    });
    this.loop = new TrainingLoop(this.model, {
      batchesPerEpoch,
      mostEvaluation: Infinity,
      examplesPerStep: 4,
      scheduler: this.scheduler,
      mailbox: this.mailbox,
      onState: (state) => this.states.push(state),
      now: this.clock.now,
      ...options,
    });
  }

  /** Steps after which evaluations were posted. */
  evaluatedSteps(): number[] {
    return this.posted.flatMap(({ evaluations }) => evaluations.map(({ step }) => step));
  }
}
