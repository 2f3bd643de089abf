import { KernelgartenError, type TextInspection, type TextTrainer } from 'kernelgarten';
import { load, save } from '../../app/storage.ts';
import type { TextSession } from '../../training/text_session.svelte.ts';
import { Looks } from '../../views/looks.ts';
import { rowNorms } from '../../views/row_norms.ts';

/** Characters that a sample has. */
const SAMPLE_LENGTH = 300;
/** Milliseconds between two samples while training, or more. */
const SAMPLE_EVERY = 700;
const EMBEDDING = 0;
const STORAGE_KEY = 'sampling';

/** How samples are drawn. */
export interface Sampling {
  temperature: number;
  topK: number;
  seed: number;
  /** what the network reads first */
  prime: string;
}

/** A sample, and the moment of the training it is from. */
export interface Written {
  step: number;
  text: string;
}

/** A sample that is kept, with what the evaluation said that came before it. */
export interface Milestone extends Written {
  epoch: number;
  perplexity: number;
}

/** How the network reads the present text. */
export interface TextReading extends TextInspection {
  /** the character whose prediction is explained, if one is */
  target: number | undefined;
  /** how much it depended on each character: length of the gradient of -ln p */
  influence: readonly number[];
}

/** What a call brought, or why it was refused. */
type Outcome<T> = { value: T } | { refusal: KernelgartenError };

interface Sight {
  reading: Outcome<TextReading> | undefined;
  written: Outcome<Written> | undefined;
}

/** What is on the screen of the lesson about characters: how the network reads a text, what it writes. */
export class TextViews extends Looks<TextSession, Sight> {
  reading = $state.raw<TextReading | undefined>();
  readingRefusal = $state.raw<KernelgartenError | undefined>();
  written = $state.raw<Written | undefined>();
  writingRefusal = $state.raw<KernelgartenError | undefined>();
  /** one after epochs 1, 2, 4, 8, ..., all with the same sampling */
  milestones = $state.raw<readonly Milestone[]>([]);

  /** the person's own line to read; the held-out text is read while it is empty */
  line = $state('');
  /** the layer that is looked into */
  layer = $state(EMBEDDING);
  /** the character pointed at */
  target = $state<number | undefined>();
  /** another object whenever it changes */
  sampling = $state.raw<Sampling>(
    load(STORAGE_KEY, parseSampling) ?? { temperature: 0.7, topK: 0, seed: 1, prime: '' },
  );

  readonly #readers = new Map<symbol, true>();
  readonly #writers = new Map<symbol, true>();
  #lastWritten = 0;

  constructor(session: TextSession) {
    super(session);
    session.onEvaluation(({ loss }, epoch) => {
      if (epoch !== undefined && isPowerOfTwo(epoch)) void this.#keep(epoch, Math.exp(loss));
    });
  }

  /** What is read. */
  get text(): string {
    return this.line === '' ? this.session.heldOut : this.line;
  }

  /** Keeps `reading` fresh until the returned function is called. */
  watchReading(): () => void {
    return this.watching(this.#readers, true);
  }

  /** Keeps `written` fresh until the returned function is called. */
  watchWriting(): () => void {
    return this.watching(this.#writers, true);
  }

  /** Draws samples in another way; those kept were drawn in the old one, so they go. */
  changeSampling(change: Partial<Sampling>): void {
    this.sampling = { ...this.sampling, ...change };
    save(STORAGE_KEY, this.sampling);
    this.milestones = [];
    this.#lastWritten = 0;
    this.schedule();
  }

  /** The next sample from another seed. */
  another(): void {
    this.changeSampling({ seed: this.sampling.seed + 1 });
  }

  protected async look(trainer: TextTrainer): Promise<Sight> {
    const [reading, written] = await Promise.all([
      this.#readers.size > 0 && this.text !== '' ? outcome(this.#read(trainer)) : undefined,
      this.#writers.size > 0 && this.#dueToWrite() ? outcome(this.#write(trainer)) : undefined,
    ]);
    return { reading, written };
  }

  #dueToWrite(): boolean {
    const wait = SAMPLE_EVERY * this.session.slowdown;
    return !this.session.running || performance.now() - this.#lastWritten >= wait;
  }

  async #read(trainer: TextTrainer): Promise<TextReading> {
    const { text, layer } = this;
    const target = this.#explained(Array.from(text).length);
    const inspection = await trainer.inspect(text, {
      layers: [EMBEDDING, layer],
      ...(target !== undefined && { target }),
    });
    const gradient = inspection.layers.find(({ index }) => index === EMBEDDING)?.gradient;
    return { ...inspection, target, influence: gradient === undefined ? [] : rowNorms(gradient) };
  }

  /** Nothing comes before the first character, and another text may have become shorter. */
  #explained(length: number): number | undefined {
    const { target } = this;
    return target !== undefined && target > 0 && target < length ? target : undefined;
  }

  async #write(trainer: TextTrainer): Promise<Written> {
    this.#lastWritten = performance.now();
    const { temperature, topK, seed } = this.sampling;
    const prime = this.#prime;
    const { step } = this.session;
    const text = await trainer.write(SAMPLE_LENGTH, {
      temperature,
      topK,
      seed,
      ...(prime !== '' && { prime }),
    });
    return { step, text };
  }

  /** Without one of the person's own, a sample begins as a line does. */
  get #prime(): string {
    const { prime } = this.sampling;
    if (prime !== '') return prime;
    return this.session.info?.vocabulary.includes('\n') === true ? '\n' : '';
  }

  async #keep(epoch: number, perplexity: number): Promise<void> {
    const { trainer, network } = this.session;
    if (trainer === undefined) return;
    const { sampling } = this;
    const written = await outcome(this.#write(trainer)).catch(() => undefined);
    if (written === undefined || 'refusal' in written || this.session.network !== network) return;
    if (this.sampling !== sampling) return;
    const others = this.milestones.filter((milestone) => milestone.epoch !== epoch);
    this.milestones = [{ ...written.value, epoch, perplexity }, ...others];
  }

  protected show({ reading, written }: Sight, sameNetwork: boolean): void {
    if (!sameNetwork) this.milestones = [];
    if (reading !== undefined) {
      this.readingRefusal = refusalOf(reading);
      if ('value' in reading) this.reading = reading.value;
    }
    if (written !== undefined) {
      this.writingRefusal = refusalOf(written);
      if ('value' in written) this.written = written.value;
    }
  }
}

/** Early on much changes from epoch to epoch, later little. */
const isPowerOfTwo = (value: number): boolean => (value & (value - 1)) === 0;

/** What the engine refuses is shown beside the field it came from; anything else is the caller's. */
async function outcome<T>(call: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await call };
  } catch (thrown) {
    if (!(thrown instanceof KernelgartenError)) throw thrown;
    if (thrown.code !== 'invalid-data' && thrown.code !== 'invalid-argument') throw thrown;
    return { refusal: thrown };
  }
}

function refusalOf(result: Outcome<unknown>): KernelgartenError | undefined {
  return 'refusal' in result ? result.refusal : undefined;
}

function parseSampling(value: unknown): Sampling | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const stored = new Map<string, unknown>(Object.entries(value));
  const [temperature, topK, seed] = ['temperature', 'topK', 'seed'].map((key) => stored.get(key));
  const prime = stored.get('prime');
  if (typeof temperature !== 'number' || typeof topK !== 'number') return undefined;
  if (typeof seed !== 'number' || typeof prime !== 'string') return undefined;
  return { temperature, topK, seed, prime };
}
