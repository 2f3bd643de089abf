import type { SamplingOptions } from './language_model.js';
import type { WorkerEvent } from './protocol.js';
import { NetworkTrainer } from './network_trainer.js';
import { opened, type TrainerOptions } from './run_control.js';
import type { Snapshot, Split, TextEvaluation, TextInfo, TextInspection } from './types.js';
import type { WorkerConnection } from './worker_connection.js';

export interface WriteOptions extends SamplingOptions {
  /** forgets what was read and written before; the same seed writes the same */
  seed?: number;
  /** is read first, and not part of the answer */
  prime?: string;
}

export interface InspectTextOptions {
  /** place of a character, from 1, whose -ln p the layers' gradients are of; default none */
  target?: number;
  /** picks layers by index; default all */
  layers?: number[];
}

export interface LoadTextOptions {
  /** share of the text, at its end, that is never trained on; default 0.1 */
  validationShare?: number;
}

/**
 * Starts a worker that learns a text. The worker lives until `dispose()`; in Node it keeps the process
 * alive so long.
 *
 * @throws KernelgartenError as {@link loadEngine} does, and `worker-lost` when the worker script
 *   cannot be fetched
 */
export function createTextTrainer(options: TrainerOptions = {}): Promise<TextTrainer> {
  return opened(new TextTrainer(options));
}

/**
 * Trains a network in a worker to foresee a text, and lets it write:
 *
 * ```ts
 * const trainer = await createTextTrainer();
 * const { vocabulary } = await trainer.loadText(text);
 * const { network, training } = characterPreset(vocabulary.length);
 * await trainer.build(network, training);
 * await trainer.run({ epochs: 10 });
 * for await (const { state, evaluations } of trainer.metrics()) {
 *   if (evaluations.length > 0) console.log(await trainer.write(200, { seed: 1, temperature: 0.8 }));
 *   if (state !== 'running') break;
 * }
 * trainer.dispose();
 * ```
 */
export class TextTrainer extends NetworkTrainer<TextEvaluation> {
  #text: TextInfo | undefined;
  #source: { characters: string; validationShare: number } | undefined;

  /** @internal use {@link createTextTrainer} */
  constructor(options: TrainerOptions) {
    super('text', options);
  }

  /** The text loaded last. */
  get text(): TextInfo | undefined {
    return this.#text;
  }

  /**
   * A text to learn; the network then has to be built anew. A refused text changes nothing.
   *
   * @throws KernelgartenError `invalid-data` when it is empty, has half of a surrogate pair, or more
   *   than 20,000 different characters
   */
  async loadText(characters: string, options: LoadTextOptions = {}): Promise<TextInfo> {
    const { validationShare = 0.1 } = options;
    const text = await this.call((remote) => remote.loadText(characters, validationShare));
    this.#text = text;
    this.#source = { characters, validationShare };
    this.forgetNetwork();
    return text;
  }

  async evaluate(split: Split = 'test'): Promise<TextEvaluation> {
    return this.call((remote) => remote.evaluateText(split));
  }

  /**
   * The next `count` characters as the network would write them, while training too. Without a seed
   * it goes on where it stopped.
   */
  async write(count: number, options: WriteOptions = {}): Promise<string> {
    return this.call((remote) => remote.write(count, options));
  }

  /** Probability of each character of the vocabulary to come next; empty before anything was read. */
  async probabilities(): Promise<Float32Array> {
    return this.call((remote) => remote.probabilities());
  }

  /**
   * What the network makes of a text of 1 to 2,000 characters, read from the beginning; while training
   * too. Disturbs neither training nor {@link write}.
   */
  async inspect(text: string, options: InspectTextOptions = {}): Promise<TextInspection> {
    return this.call((remote) => remote.inspectText(text, options));
  }

  protected snapshotIn(message: WorkerEvent): Snapshot<TextEvaluation> | undefined {
    return message.event === 'textSnapshot' ? message.snapshot : undefined;
  }

  protected async reload(connection: WorkerConnection): Promise<void> {
    const source = this.#source;
    if (source === undefined) return;
    const { characters, validationShare } = source;
    this.#text = await connection.call((remote) => remote.loadText(characters, validationShare));
  }
}
