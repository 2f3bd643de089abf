import type { NetworkInfo, NetworkTrainer, StepMetrics } from 'kernelgarten';
import { History, type Measured } from '../charts/history.ts';
import type { Specs } from './courses.ts';
import { Session } from './session.svelte.ts';
import type { RunSettings } from './settings.ts';

/** A run that trains one network. */
export abstract class NetworkSession<
  Result extends Measured = Measured,
  Control extends NetworkTrainer<Result> = NetworkTrainer<Result>,
> extends Session<Result, StepMetrics, NetworkInfo, Control> {
  /** the worst step of a run that was thrown far off, until it has found back */
  overshoot = $state.raw<StepMetrics | undefined>();
  history = $state.raw(new History(1));

  get network(): NetworkInfo | undefined {
    return this.model;
  }

  /** Loss of who knows nothing but how many answers there are. */
  abstract get guessing(): number;

  protected abstract specs(settings: RunSettings): Specs;

  protected async build(trainer: Control, settings: RunSettings): Promise<NetworkInfo> {
    const { network, training } = this.specs(settings);
    const info = await trainer.build(network, training);
    this.overshoot = undefined;
    this.history = new History(info.batchesPerEpoch);
    return info;
  }

  protected stepOnce(trainer: Control): Promise<StepMetrics> {
    return trainer.stepBatch();
  }

  protected applyRates(trainer: Control, { learningRate }: RunSettings): Promise<void> {
    return trainer.setLearningRate(learningRate);
  }

  protected readRates(trainer: Control): Promise<Pick<RunSettings, 'learningRate'>> {
    return trainer.learningRate().then((learningRate) => ({ learningRate }));
  }

  protected record(step: StepMetrics): void {
    this.history.addStep(step);
    this.#watchForOvershoot(step);
  }

  protected recordEvaluation(evaluation: Result): void {
    this.history.addEvaluation(evaluation);
  }

  /**
   * A loss of many times what blind guessing gives means that a step went too far. ReLU units pushed
   * below zero for every input then stay there: the numbers remain finite, but the network is dead.
   */
  #watchForOvershoot(metrics: StepMetrics): void {
    const { guessing } = this;
    if (metrics.loss > 10 * guessing && metrics.loss > (this.overshoot?.loss ?? 0)) {
      this.overshoot = metrics;
    } else if (this.overshoot && (this.history.lastTrain('loss') ?? Infinity) < guessing / 2) {
      this.overshoot = undefined;
    }
  }
}
