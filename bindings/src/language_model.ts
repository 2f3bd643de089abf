import type { RawLanguageModel, RawModule } from './raw.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import { fromUtf8, toUtf8, type Text } from './text.js';
import { TrainedNetwork } from './trained_network.js';
import type { Split, TextEvaluation, TextInspection } from './types.js';

export interface SamplingOptions {
  /**
   * Logits are divided by it: below 1 the probable becomes more so, 0 takes the most probable;
   * default 1
   */
  temperature?: number;
  /** draws from so many of the most probable characters; 0, the default, from all */
  topK?: number;
}

/**
 * A network that learns to foresee a text character by character, in this thread, and can write on.
 * Made by {@link Engine.languageModel}; lives no longer than its text.
 *
 * Its network reads `[steps]` characters as numbers and gives a logit for each character of the
 * vocabulary after each step. `batchSize` places of the text are read at once, and what recurrent
 * layers remember goes on from step to step.
 */
export class LanguageModel extends TrainedNetwork<RawLanguageModel> {
  /** @internal */
  constructor(
    module: RawModule,
    text: Text,
    validationShare: number,
    network: NetworkSpec,
    training: TrainingSpec,
  ) {
    super(
      module,
      'LanguageModel',
      () => new module.LanguageModel(text.native, validationShare, network, training),
      [text],
    );
  }

  /** Foresees a whole split: `test` is the last part of the text, which is never trained on. */
  evaluate(split: Split = 'test'): TextEvaluation {
    this.beginEvaluation(split);
    while (!this.advanceEvaluation());
    return this.evaluation();
  }

  /** The evaluation that was begun last, as far as it is done. */
  evaluation(): TextEvaluation {
    return this.call((raw) => raw.evaluation());
  }

  /** Forgets what was read; random numbers of {@link write} start anew. */
  forget(seed = 1): void {
    this.call((raw) => {
      raw.forget(seed);
    });
  }

  /**
   * Reads a text, and stays where it ends.
   *
   * @throws KernelgartenError `invalid-data` for a character that the vocabulary does not have
   */
  read(text: string): void {
    const utf8 = toUtf8(text);
    this.call((raw) => {
      raw.read(utf8);
    });
  }

  /**
   * Goes on from there: draws the next `count` characters, reading each.
   *
   * @throws KernelgartenError `invalid-argument` for a temperature or top k that makes no sense
   */
  write(count: number, { temperature = 1, topK = 0 }: SamplingOptions = {}): string {
    return fromUtf8(this.call((raw) => raw.write(count, temperature, topK)));
  }

  /** Probability of each character to come next; empty before anything was read. */
  probabilities(): Float32Array {
    return this.call((raw) => raw.probabilities());
  }

  /**
   * What the network makes of a text, read from the beginning; what {@link read} and {@link write}
   * have read does not count, and stays.
   *
   * @param text 1 to 2,000 characters
   * @param options.target place of a character, from 1, whose -ln p the layers' gradients are of
   * @throws KernelgartenError `invalid-argument` for another length or a target outside of the text,
   *   `invalid-data` for a character that the vocabulary does not have
   */
  inspect(text: string, { target }: { target?: number | undefined } = {}): TextInspection {
    const utf8 = toUtf8(text);
    const inspection = this.call((raw) => raw.inspect(utf8, target));
    return { characters: Array.from(text), ...inspection };
  }
}
