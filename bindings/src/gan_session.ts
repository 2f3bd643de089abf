import type { PortableSource } from './data_source.js';
import type { DatasetSplits } from './dataset.js';
import type { Engine, GaussianMixtureOptions } from './engine.js';
import type { Labels } from './gan.js';
import { DigitExaminer, PointExaminer, type GanExaminer } from './gan_examiner.js';
import { GanModel } from './gan_model.js';
import { ImageSource } from './image_source.js';
import type { Judge, JudgeSource } from './judge.js';
import { RunSession, type SessionEvents } from './run_session.js';
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
  Split,
  Tensor,
} from './types.js';

/**
 * Share of the time of training that the judge may take, so that it slows training by no more than 3 %:
 * it also leaves caches and a heap to be tidied.
 */
const mostJudging = 0.025;

/** Points to learn from, and where they lie. */
interface PointSource {
  points: Float32Array;
  options: GaussianMixtureOptions;
}

/** Learns to make digits or points. {@link GanTrainer} documents each call. */
export class GanSession extends RunSession<GanEvaluation, GanModel, GanStep> {
  readonly #images: ImageSource;
  #judge: Judge | undefined;
  #points: PointSource | undefined;

  constructor(engine: Engine, events: SessionEvents<GanEvaluation, GanStep>) {
    super(engine, events);
    this.#images = new ImageSource(engine, events);
  }

  async loadData(source: PortableSource, judge: JudgeSource | undefined): Promise<DataInfo> {
    const info = await this.#images.load(source, async ({ test }) => {
      const fitting = judge && (await this.engine.createJudge(judge, test));
      this.#replaceSource('loadData');
      this.#judge = fitting;
      this.#points = undefined;
    });
    this.events.onState('idle');
    return info;
  }

  abortLoading(): void {
    this.#images.abort();
  }

  loadPoints(options: GaussianMixtureOptions): Float32Array {
    const points = this.engine.gaussianMixture(options);
    this.#replaceSource('loadPoints');
    this.#points = { points, options };
    this.events.onState('idle');
    return points.slice();
  }

  samples(split: Split, label: number | undefined, limit: number): Sample[] {
    return this.#images.samples(split, label, limit);
  }

  async buildGan(
    generator: NetworkSpec,
    discriminator: NetworkSpec,
    training: GanTrainingSpec,
  ): Promise<GanInfo> {
    const { real, count, examiner } = this.#source('build', training);
    const gan = this.engine.gan(real, generator, discriminator, training);
    const info = gan.info();
    this.train(new GanModel(gan, examiner), info.batchesPerEpoch, count, mostJudging);
    await this.#judgeFreshNetworks();
    return info;
  }

  stepRound(players: Players): GanStep {
    const model = this.requireModel('stepRound');
    model.players = players;
    try {
      return this.requireLoop('stepRound').stepBatch();
    } finally {
      model.players = 'both';
    }
  }

  setPlayerRate(player: Player, rate: number): void {
    if (player === 'generator') this.requireLoop('setLearningRate').setLearningRate(rate);
    else this.requireModel('setLearningRate').gan.setLearningRate(player, rate);
  }

  playerRates(): Record<Player, number> {
    const { gan } = this.requireModel('learningRates');
    return {
      generator: gan.learningRate('generator'),
      discriminator: gan.learningRate('discriminator'),
    };
  }

  fixedNoise(count: number): Float32Array {
    return this.requireModel('fixedNoise').gan.fixedNoise(count);
  }

  generate(noise: Float32Array, labels: Labels): Float32Array {
    return this.requireModel('generate').gan.generate(noise, labels);
  }

  discriminate(examples: Float32Array, labels: Labels): Float32Array {
    return this.requireModel('discriminate').gan.discriminate(examples, labels);
  }

  exampleGradients(examples: Float32Array, labels: Labels): Float32Array {
    return this.requireModel('exampleGradients').gan.exampleGradients(examples, labels);
  }

  playerWeights(player: Player, layer: number): Tensor[] {
    return this.requireModel('weights').gan.weights(player, layer);
  }

  playerStatistics(player: Player): LayerStatistics[] {
    return this.requireModel('statistics').gan.statistics(player);
  }

  override dispose(): void {
    super.dispose();
    this.#judge?.dispose();
    this.#images.dispose();
  }

  /** What it takes is then known before it may delay a run. Networks dropped meanwhile need no verdict. */
  async #judgeFreshNetworks(): Promise<void> {
    await this.evaluate('test').catch(() => undefined);
  }

  #replaceSource(call: string): void {
    this.dropModel(`[${call}] other examples took the place of those the networks were built for`);
    this.#judge?.dispose();
    this.#judge = undefined;
  }

  #source(
    call: string,
    training: GanTrainingSpec,
  ): {
    real: DatasetSplits['train'] | Float32Array;
    count: number;
    examiner: GanExaminer | undefined;
  } {
    if (this.#points !== undefined) {
      const { points, options } = this.#points;
      const examiner = new PointExaminer(options.centres, options.spread);
      return { real: points, count: options.count, examiner };
    }
    const { train } = this.#images.require(call);
    const classes = training.conditional === true ? train.classes : 0;
    const examiner = this.#judge && new DigitExaminer(this.#judge, classes);
    return { real: train, count: train.count, examiner };
  }
}
