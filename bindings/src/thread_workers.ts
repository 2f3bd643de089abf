/** The workers that run the engine's threads, as Emscripten wants to see them. */
import { node } from './platform.js';

/** The part of a browser's `Worker` that Emscripten uses. */
export interface ThreadWorker {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
  /** Node: lets the program end although the worker is there. */
  unref?(): void;
}

/** Sees an error of a worker first; when it returns true, nobody else does. */
export type Intercept = (message: string) => boolean;

/** Starts the worker of one thread. */
export type StartThread = (intercept: Intercept) => ThreadWorker;

/** A worker did not start: refused by a security policy, its script missing, no workers here at all. */
export class ThreadsFailed extends Error {}

/** The workers of one engine, while it loads and afterwards. */
export class ThreadWorkers {
  readonly #start: StartThread;
  readonly #workers: ThreadWorker[] = [];
  #onFailure: ((reason: ThreadsFailed) => void) | undefined;

  /** @param onFailure called when a worker dies before {@link settle} */
  constructor(start: StartThread, onFailure: (reason: ThreadsFailed) => void) {
    this.#start = start;
    this.#onFailure = onFailure;
  }

  /** @throws ThreadsFailed when it is refused at once */
  start(): ThreadWorker {
    try {
      const worker = this.#start((message) => this.#intercept(message));
      this.#workers.push(worker);
      return worker;
    } catch (cause) {
      throw new ThreadsFailed(String(cause), { cause });
    }
  }

  /** The engine is loaded: from now on an error of a thread is one of the thread that made it. */
  settle(): void {
    this.#onFailure = undefined;
    for (const worker of this.#workers) worker.unref?.();
  }

  terminate(): void {
    for (const worker of this.#workers) worker.terminate();
  }

  #intercept(message: string): boolean {
    this.#onFailure?.(new ThreadsFailed(message));
    return this.#onFailure !== undefined;
  }
}

export function webThread(worker: Worker, intercept: Intercept): ThreadWorker {
  // Comes before Emscripten's own handler, which throws.
  worker.addEventListener('error', (event) => {
    // A script that cannot be loaded is reported by an event without a message.
    if (!intercept(event instanceof ErrorEvent ? event.message : 'its script did not load')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  return worker;
}

/** @param script beside this module */
export function nodeThread(script: string, intercept: Intercept): ThreadWorker {
  if (node === undefined) throw new TypeError('This environment has no workers');
  const { Worker: NodeWorker } = node.getBuiltinModule('node:worker_threads');
  // Not `new URL(script, import.meta.url)`: a bundler would take that for an asset.
  const here = import.meta.url;
  const worker = new NodeWorker(new URL(script, here));
  const thread: ThreadWorker = {
    onmessage: null,
    onerror: null,
    postMessage(message) {
      worker.postMessage(message);
    },
    terminate() {
      void worker.terminate();
    },
    unref() {
      worker.unref();
    },
  };
  worker.on('message', (data) => thread.onmessage?.(new MessageEvent('message', { data })));
  worker.on('error', (error) => {
    if (!intercept(error.message)) throw error;
  });
  return thread;
}
