import { RunControl } from './run_control.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import type { LayerStatistics, NetworkInfo, StepMetrics, Tensor } from './types.js';
import type { WorkerConnection } from './worker_connection.js';

/**
 * A worker that trains one network; a {@link Trainer}, a {@link TextTrainer} and a
 * {@link ForecastTrainer} are one.
 */
export abstract class NetworkTrainer<Result> extends RunControl<Result> {
  #network: NetworkInfo | undefined;
  #specs: { network: NetworkSpec; training: TrainingSpec } | undefined;

  /** The network built last; undefined before, and again when it is to learn from something else. */
  get network(): NetworkInfo | undefined {
    return this.#network;
  }

  /**
   * Makes a network with fresh weights for what is loaded; stops a run. A refused spec changes
   * nothing.
   *
   * @throws KernelgartenError `invalid-argument`; `where` names the layer whose shapes do not fit
   */
  async build(network: NetworkSpec, training: TrainingSpec = {}): Promise<NetworkInfo> {
    const info = await this.call((remote) => remote.build(network, training));
    this.#specs = { network: structuredClone(network), training: structuredClone(training) };
    this.#network = info;
    return info;
  }

  /**
   * Exactly one step, the one in progress if there is one; rejects while a run is going on. The state
   * stays `paused`, or else is `idle`. An epoch that it completes is evaluated when training goes on.
   *
   * @throws KernelgartenError `non-finite`
   */
  async stepBatch(): Promise<StepMetrics> {
    return this.call((remote) => remote.stepBatch());
  }

  /** Changes the learning rate from the next step on; a refused rate changes nothing. */
  async setLearningRate(rate: number): Promise<void> {
    return this.call((remote) => remote.setLearningRate(rate));
  }

  /** Parameters of a layer, in the order of {@link NetworkInfo}. */
  async weights(layer: number): Promise<Tensor[]> {
    return this.call((remote) => remote.weights(layer));
  }

  /** Gradients of the last step for the parameters of a layer. */
  async gradients(layer: number): Promise<Tensor[]> {
    return this.call((remote) => remote.gradients(layer));
  }

  /** Mean, spread and gradient length of each layer's parameters. */
  async statistics(): Promise<LayerStatistics[]> {
    return this.call((remote) => remote.statistics());
  }

  protected override async rebuild(connection: WorkerConnection): Promise<void> {
    const specs = this.#specs;
    if (specs === undefined) return;
    const { network, training } = specs;
    this.#network = await connection.call((remote) => remote.build(network, training));
  }

  /** What the network was built for is gone. */
  protected forgetNetwork(): void {
    this.#network = undefined;
    this.#specs = undefined;
  }
}
