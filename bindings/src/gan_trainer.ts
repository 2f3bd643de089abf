import type { DataSource, LoadDataOptions, LoadProgress } from './data_source.js';
import type { GaussianMixtureOptions } from './engine.js';
import type { Labels } from './gan.js';
import { ImageLoader } from './image_loader.js';
import { portableJudge, type JudgeSource } from './judge.js';
import type { WorkerEvent } from './protocol.js';
import { opened, RunControl, type TrainerOptions } from './run_control.js';
import type { GanTrainingSpec, NetworkSpec } from './spec.js';
import type {
  DataInfo,
  GanEvaluation,
  GanInfo,
  GanStep,
  LayerStatistics,
  Player,
  Players,
  Sample,
  Snapshot,
  Split,
  Tensor,
} from './types.js';
import type { WorkerConnection } from './worker_connection.js';

/** Two networks and how they are trained against each other. */
export interface GanSpecs {
  generator: NetworkSpec;
  discriminator: NetworkSpec;
  training?: GanTrainingSpec;
}

export interface LoadJudgedDataOptions extends LoadDataOptions {
  /** who scores the samples, such as `digitJudge` of `kernelgarten/judge`; default nobody */
  judge?: JudgeSource | undefined;
}

/**
 * Starts a worker that trains a GAN. The worker lives until `dispose()`; in Node it keeps the process
 * alive so long.
 *
 * @throws KernelgartenError as {@link loadEngine} does, and `worker-lost` when the worker script
 *   cannot be fetched
 */
export function createGanTrainer(options: TrainerOptions = {}): Promise<GanTrainer> {
  return opened(new GanTrainer(options));
}

/**
 * Trains two networks against each other in a worker: one learns to make digits, or points in the plane,
 * the other to tell them from real ones.
 *
 * ```ts
 * const trainer = await createGanTrainer();
 * await trainer.loadData(embeddedDigits, { judge: digitJudge });
 * const { epochs, ...specs } = ganPresets['gan-default'];
 * await trainer.build(specs);
 * await trainer.run({ epochs });
 * for await (const { state, evaluations } of trainer.metrics()) {
 *   console.log(evaluations.at(-1)?.digits?.inceptionScore);
 *   if (state !== 'running') break;
 * }
 * const digits = await trainer.generate(await trainer.fixedNoise(64));
 * trainer.dispose();
 * ```
 *
 * A step is a round. 2,000 samples are judged when the networks are built, at the end of a run, and after
 * each epoch where all that judging delays the training by no more than 3 %. Examples are numbers one example
 * after the other; pixels go from -1 to 1. The labels that some calls take are for conditional GANs.
 */
export class GanTrainer extends RunControl<GanEvaluation, GanStep> {
  readonly #images = new ImageLoader(
    (invoke) => this.call(invoke),
    (remote, source) => remote.loadJudgedData(source, this.#judge),
  );
  #judge: JudgeSource | undefined;
  #points: GaussianMixtureOptions | undefined;
  #networks: GanInfo | undefined;
  #specs: Required<GanSpecs> | undefined;

  /** @internal use {@link createGanTrainer} */
  constructor(options: TrainerOptions) {
    super('gan', options);
  }

  /** The images loaded last. */
  get data(): DataInfo | undefined {
    return this.#images.data;
  }

  /** The networks built last; undefined before, and again when they are to learn from something else. */
  get networks(): GanInfo | undefined {
    return this.#networks;
  }

  /**
   * Images to learn from, as {@link Trainer.loadData}. With a `judge`, samples are scored by it, and
   * compared with the test images.
   */
  async loadData(source: DataSource, options: LoadJudgedDataOptions = {}): Promise<DataInfo> {
    this.#judge = options.judge && portableJudge(options.judge);
    const data = await this.#images.load(source, options);
    this.#points = undefined;
    this.#forgetNetworks();
    return data;
  }

  /**
   * Points to learn from, as {@link Engine.gaussianMixture} makes them, which are given back. The networks
   * then have to be built anew.
   *
   * @throws KernelgartenError `invalid-argument` for a number out of range
   */
  async loadPoints(options: GaussianMixtureOptions): Promise<Float32Array> {
    const kept = { ...options, centres: options.centres.slice() };
    const points = await this.call((remote) => remote.loadPoints(kept));
    this.#points = kept;
    this.#forgetNetworks();
    return points;
  }

  /** The first images of a split, of one class if `label` is given; `limit` is 100 by default. */
  async samples(split: Split, options: { label?: number; limit?: number } = {}): Promise<Sample[]> {
    const { label, limit = 100 } = options;
    return this.call((remote) => remote.samples(split, label, limit));
  }

  /**
   * Makes networks with fresh weights for what is loaded; stops a run. Refused specs change nothing.
   *
   * @throws KernelgartenError `invalid-argument`; `where` names player and layer where shapes do not fit
   */
  async build(specs: GanSpecs): Promise<GanInfo> {
    const { generator, discriminator, training = {} } = specs;
    const info = await this.call((remote) => remote.buildGan(generator, discriminator, training));
    this.#specs = structuredClone({ generator, discriminator, training });
    this.#networks = info;
    return info;
  }

  /**
   * Exactly one round, or one step of one player; the rest of the round in progress if there is one.
   * Rejects while a run is going on.
   *
   * @throws KernelgartenError `non-finite`; `where` names player and layer
   */
  async stepRound(players: Players = 'both'): Promise<GanStep> {
    return this.call((remote) => remote.stepRound(players));
  }

  /** Changes a player's learning rate from its next step on; a refused rate changes nothing. */
  async setLearningRate(player: Player, rate: number): Promise<void> {
    return this.call((remote) => remote.setPlayerRate(player, rate));
  }

  /** Learning rates of the next steps. */
  async learningRates(): Promise<Record<Player, number>> {
    return this.call((remote) => remote.playerRates());
  }

  async evaluate(): Promise<GanEvaluation> {
    return this.call((remote) => remote.evaluateGan('test'));
  }

  /** Standard normal noise for so many examples that is always the same. */
  async fixedNoise(count: number): Promise<Float32Array> {
    return this.call((remote) => remote.fixedNoise(count));
  }

  /** What the generator, or its average if there is one, makes of noise; while training too. */
  async generate(noise: Float32Array, labels: Labels = []): Promise<Float32Array> {
    return this.call((remote) => remote.generate(noise, labels));
  }

  /** The discriminator's verdict on each example, from 0 (fake) to 1 (real). */
  async discriminate(examples: Float32Array, labels: Labels = []): Promise<Float32Array> {
    return this.call((remote) => remote.discriminate(examples, labels));
  }

  /**
   * For each example the gradient of the generator's loss on it alone: against it lies what would make
   * the discriminator take it for real.
   */
  async exampleGradients(examples: Float32Array, labels: Labels = []): Promise<Float32Array> {
    return this.call((remote) => remote.exampleGradients(examples, labels));
  }

  /** Parameters of a layer of one of the networks. */
  async weights(player: Player, layer: number): Promise<Tensor[]> {
    return this.call((remote) => remote.playerWeights(player, layer));
  }

  /** Mean, spread and gradient length of each layer's parameters. */
  async statistics(player: Player): Promise<LayerStatistics[]> {
    return this.call((remote) => remote.playerStatistics(player));
  }

  protected snapshotIn(message: WorkerEvent): Snapshot<GanEvaluation, GanStep> | undefined {
    return message.event === 'ganSnapshot' ? message.snapshot : undefined;
  }

  protected async reload(connection: WorkerConnection): Promise<void> {
    const points = this.#points;
    if (points === undefined) return this.#images.reload(connection);
    await connection.call((remote) => remote.loadPoints(points));
  }

  protected async rebuild(connection: WorkerConnection): Promise<void> {
    const specs = this.#specs;
    if (specs === undefined) return;
    const { generator, discriminator, training } = specs;
    this.#networks = await connection.call((remote) =>
      remote.buildGan(generator, discriminator, training),
    );
  }

  protected override onProgress(progress: LoadProgress): void {
    this.#images.onProgress(progress);
  }

  /** What the networks were built for is gone. */
  #forgetNetworks(): void {
    this.#networks = undefined;
    this.#specs = undefined;
  }
}
