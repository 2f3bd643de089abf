/// <reference lib="esnext.disposable" preserve="true" />
import { KernelgartenError } from './errors.js';
import type { RawHandle } from './raw.js';

/**
 * The net under {@link Handle.dispose}: frees what a forgotten wrapper held, some time after the
 * wrapper is gone. An environment without FinalizationRegistry works, but then forgetting leaks.
 */
const finalizer =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<RawHandle>((raw) => {
        raw.delete();
      });

/** What of a WeakRef is used; environments without one get a strong reference. */
interface Reference {
  deref(): { dispose(): void } | undefined;
}

/**
 * An object whose memory lives in the engine. Call `dispose()` when done with it, or declare it with
 * `using`; disposing twice is fine. Disposing an object disposes what was made on top of it.
 */
export abstract class Handle<Raw extends RawHandle> {
  readonly #kind: string;
  #raw: Raw | undefined;
  readonly #token = {};
  readonly #dependents = new Map<object, Reference>();
  readonly #owners: readonly Handle<RawHandle>[];

  /** @internal */
  protected constructor(kind: string, raw: Raw, owners: readonly Handle<RawHandle>[] = []) {
    this.#kind = kind;
    this.#raw = raw;
    this.#owners = owners;
    finalizer?.register(this, raw, this.#token);
    const reference: Reference =
      typeof WeakRef === 'undefined' ? { deref: () => this } : new WeakRef(this);
    for (const owner of owners) owner.#dependents.set(this.#token, reference);
  }

  /** @internal */
  protected get raw(): Raw {
    if (this.#raw === undefined) {
      throw new KernelgartenError('disposed', `[${this.#kind}] it was disposed; make a new one`);
    }
    return this.#raw;
  }

  /** Whether {@link dispose} was called. */
  get disposed(): boolean {
    return this.#raw === undefined;
  }

  /** Frees the memory now. Later calls on this object throw `disposed`. */
  dispose(): void {
    if (this.#raw === undefined) return;
    for (const dependent of [...this.#dependents.values()]) dependent.deref()?.dispose();
    for (const owner of this.#owners) owner.#dependents.delete(this.#token);
    finalizer?.unregister(this.#token);
    this.#raw.delete();
    this.#raw = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
