import { KernelgartenError } from './errors.js';
import { Handle } from './handle.js';
import { guard, present, type RawModule, type RawText } from './raw.js';

/**
 * A text whose characters, Unicode code points, are numbered. Made by {@link Engine.text}.
 */
export class Text extends Handle<RawText> {
  readonly #module: RawModule;

  /** @internal */
  constructor(module: RawModule, text: string) {
    super(
      'Text',
      guard(module, () => present(module.Text.from_utf8(toUtf8(text)))),
    );
    this.#module = module;
  }

  /** @internal the engine's object, for {@link Engine.languageModel} */
  get native(): RawText {
    return this.raw;
  }

  /** number of characters */
  get length(): number {
    return this.raw.count();
  }

  /** Its different characters in the order of their code points; a network's outputs have the same. */
  get vocabulary(): string[] {
    return Array.from(fromUtf8(guard(this.#module, () => this.raw.vocabulary())));
  }
}

const loneSurrogate = /\p{Surrogate}/u;

/** @throws KernelgartenError `invalid-data` where half of a character is missing */
export function toUtf8(text: string): Uint8Array {
  const place = text.search(loneSurrogate);
  if (place >= 0) {
    const code = text.charCodeAt(place).toString(16).toUpperCase();
    throw new KernelgartenError(
      'invalid-data',
      `[text] expected whole characters, but the one at position ${place} is half of one (a lone ` +
        `surrogate, U+${code}); remove it`,
    );
  }
  return new TextEncoder().encode(text);
}

export function fromUtf8(bytes: Uint8Array): string {
  // A byte order mark is a character of the text, like any other.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
