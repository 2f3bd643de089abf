import {
  createTextTrainer,
  type KernelgartenError,
  type TextEvaluation,
  type TextInfo,
  type TextTrainer,
  type TrainerOptions,
} from 'kernelgarten';
import { load, save } from '../app/storage.ts';
import { builtInTexts } from '../texts/index.ts';
import type { Specs } from './courses.ts';
import { NetworkSession } from './network_session.svelte.ts';
import { asError } from './session.svelte.ts';
import { specs, type RunSettings } from './settings.ts';

/** Longer texts of one's own last as long as the page: browsers store some five million characters. */
const LONGEST_STORED = 1_000_000;
/** Characters of the held-out part that are there to be looked at. */
const EXCERPT = 240;
const STORAGE_KEY = 'own-text';

/** A text that is too short for the present length of sequences. */
export interface Shortage {
  count: number;
  needed: number;
}

/** A run that learns to foresee a text. */
export class TextSession extends NetworkSession<TextEvaluation, TextTrainer> {
  info = $state.raw<TextInfo | undefined>();
  /** the text that `info` is about */
  text = $state.raw('');
  /** the first characters that are never trained on */
  heldOut = $state.raw('');
  /** the person's own text, empty if there is none */
  own = $state.raw(load(STORAGE_KEY, readText) ?? '');
  /** why the last text offered was not taken; the one before stays in use */
  shortage = $state.raw<Shortage | undefined>();
  textRefusal = $state.raw<KernelgartenError | undefined>();

  get mostInBatch(): number {
    const { trainCount } = this.info ?? { trainCount: 1_000_000 };
    return Math.max(1, Math.floor((trainCount - 1) / this.settings.steps));
  }

  get longestSequence(): number {
    const { testCount } = this.info ?? { testCount: 1001 };
    return testCount - 1;
  }

  get guessing(): number {
    return Math.log(this.info?.vocabulary.length ?? 1);
  }

  /** Takes another text, if it can be learned from; if not, says why and changes nothing. */
  async useOwn(text: string): Promise<void> {
    this.textRefusal = undefined;
    this.shortage = shortageOf(text, this.settings.steps);
    if (this.shortage !== undefined) return;
    try {
      await this.trainer?.loadText(text);
    } catch (thrown) {
      this.textRefusal = asError(thrown);
      return;
    }
    this.own = text;
    if (text.length <= LONGEST_STORED) save(STORAGE_KEY, text);
    this.settings.data = 'own';
    save(this.course.storageKey, this.settings);
    await this.start();
  }

  /** Whether a reload of the page would lose the person's text. */
  get tooLongToStore(): boolean {
    return this.settings.data === 'own' && this.own.length > LONGEST_STORED;
  }

  protected get source(): string {
    const { data } = this.settings;
    return data === 'own' ? data + this.own : data;
  }

  protected create(options: TrainerOptions): Promise<TextTrainer> {
    return createTextTrainer(options);
  }

  protected findSource(): Promise<void> {
    this.available = this.course.data.filter((name) => name !== 'own' || this.own !== '');
    if (!this.available.includes(this.settings.data)) this.settings.data = this.course.data[0];
    return Promise.resolve();
  }

  protected async load(trainer: TextTrainer): Promise<void> {
    const { data } = this.settings;
    const text =
      data === 'english' || data === 'chinese' || data === 'sums' ? builtInTexts[data]() : this.own;
    this.info = await trainer.loadText(text);
    this.text = text;
    this.heldOut = fromWholeWord(codePoints(text, this.info.trainCount, EXCERPT));
  }

  /** A short text cannot be read in many places at once. */
  protected override fit(): void {
    this.settings.steps = Math.min(this.settings.steps, this.longestSequence);
    this.settings.batchSize = Math.min(this.settings.batchSize, this.mostInBatch);
  }

  protected specs(settings: RunSettings): Specs {
    return specs(settings, this.info?.vocabulary.length ?? 1);
  }
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The last tenth is held out, and has to hold a sequence and what follows it. */
function shortageOf(text: string, steps: number): Shortage | undefined {
  const needed = 10 * steps + 1;
  // Long enough in any case, and counting takes time.
  if (text.length >= 2 * needed) return undefined;
  const count = Array.from(text).length;
  return count < needed ? { count, needed } : undefined;
}

/** Without the rest of a word that was cut; in a text without spaces there are none to see. */
function fromWholeWord(text: string): string {
  return text.replace(/^\S{0,20}\s+/, '');
}

/** `count` characters (code points) of a text from the one numbered `first` on. */
function codePoints(text: string, first: number, count: number): string {
  let index = 0;
  let found = '';
  for (const character of text) {
    if (index >= first + count) break;
    if (index >= first) found += character;
    index += 1;
  }
  return found;
}
