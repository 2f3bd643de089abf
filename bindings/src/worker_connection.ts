import { wrap, type Remote } from 'comlink';
import { KernelgartenError, toKernelgartenError } from './errors.js';
import { isWorkerEvent, unwrap, type Reply, type WorkerApi, type WorkerEvent } from './protocol.js';
import { startWorker, type WorkerThread } from './worker_thread.js';

export interface ConnectionEvents {
  onEvent(event: WorkerEvent): void;
  /** The worker died; the connection is closed and every pending call rejected. */
  onLost(error: KernelgartenError): void;
}

/** One worker and the calls that wait for it. */
export class WorkerConnection {
  readonly #thread: WorkerThread;
  readonly #remote: Remote<WorkerApi>;
  readonly #pending = new Set<(reason: KernelgartenError) => void>();
  #heard = false;
  #closed: KernelgartenError | undefined;

  constructor(workerUrl: string | undefined, events: ConnectionEvents) {
    this.#thread = start(workerUrl);
    this.#remote = wrap<WorkerApi>(this.#thread.endpoint);
    this.#thread.onMessage((message) => {
      this.#heard = true;
      if (this.#closed === undefined && isWorkerEvent(message)) events.onEvent(message);
    });
    this.#thread.onDeath((reason) => {
      if (this.#closed !== undefined) return;
      const error = this.#heard ? died(reason) : neverStarted(reason);
      this.close(error);
      events.onLost(error);
    });
  }

  /** Calls the worker; rejects with its error, or with that of a connection that closes meanwhile. */
  call<Value>(invoke: (remote: Remote<WorkerApi>) => Promise<Reply<Value>>): Promise<Value> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      invoke(this.#remote)
        .then((answer) => {
          resolve(unwrap(answer));
        })
        .catch((thrown: unknown) => {
          reject(isUncloneable(thrown) ? uncloneable(thrown) : toKernelgartenError(thrown));
        })
        .finally(() => {
          this.#pending.delete(reject);
        });
    });
  }

  /** Ends the worker; pending and later calls reject with `reason`. */
  close(reason: KernelgartenError): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#thread.terminate();
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
  }
}

function start(workerUrl: string | undefined): WorkerThread {
  try {
    return startWorker(workerUrl);
  } catch (cause) {
    throw neverStarted(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function isUncloneable(thrown: unknown): thrown is DOMException {
  return thrown instanceof DOMException && thrown.name === 'DataCloneError';
}

function uncloneable(cause: DOMException): KernelgartenError {
  return new KernelgartenError(
    'invalid-argument',
    'An argument cannot cross to the worker: pass plain values, neither functions nor reactive ' +
      `proxies (for those, a plain copy). ${cause.message}`,
    { cause },
  );
}

function died(reason: string): KernelgartenError {
  return new KernelgartenError(
    'worker-lost',
    `The training worker died${reason ? `: ${reason}` : ''}. Call restart() for a new one; the ` +
      'weights are lost.',
  );
}

function neverStarted(reason: string, cause?: unknown): KernelgartenError {
  return new KernelgartenError(
    'worker-lost',
    `The training worker could not start${reason ? `: ${reason}` : ''}. Check that its script ` +
      '(worker.js of the package, or workerUrl) is served as JavaScript from the page’s own origin.',
    { cause },
  );
}
