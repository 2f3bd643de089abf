import type { Endpoint } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { node, type NodeWorker } from './platform.js';

/** A worker of the browser or of Node, behind one face. */
export interface WorkerThread {
  readonly endpoint: Endpoint;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the worker dies or says something unreadable, with the reason as far as known. */
  onDeath(listener: (reason: string) => void): void;
  terminate(): void;
}

/** Starts the SDK's worker, or the script at `url`. */
export function startWorker(url: string | undefined): WorkerThread {
  return typeof Worker === 'undefined' ? startNodeWorker(url) : startWebWorker(url);
}

function startWebWorker(url: string | undefined): WorkerThread {
  const worker =
    url === undefined
      ? // Bundlers look for exactly this expression.
        new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
      : new Worker(url, { type: 'module' });
  return {
    endpoint: worker,
    onMessage(listener) {
      worker.addEventListener('message', (event: MessageEvent<unknown>) => {
        listener(event.data);
      });
    },
    onDeath(listener) {
      worker.addEventListener('error', (event) => {
        // A script that cannot be loaded is reported by an event without a message.
        listener(event instanceof ErrorEvent ? event.message : '');
      });
      worker.addEventListener('messageerror', () => {
        listener('a message could not be read');
      });
    },
    terminate() {
      worker.terminate();
    },
  };
}

function startNodeWorker(url: string | undefined): WorkerThread {
  if (node === undefined) throw new TypeError('This environment has no workers');
  // Not `new URL('./worker.js', import.meta.url)`: a bundler would take that for an asset.
  const here = import.meta.url;
  const { Worker: ThreadWorker } = node.getBuiltinModule('node:worker_threads');
  const worker: NodeWorker = new ThreadWorker(new URL(url ?? './worker.js', here));
  return {
    endpoint: nodeEndpoint(worker),
    onMessage(listener) {
      worker.on('message', listener);
    },
    onDeath(listener) {
      worker.on('error', (error) => {
        listener(error.message);
      });
      worker.on('messageerror', () => {
        listener('a message could not be read');
      });
      worker.on('exit', (exitCode) => {
        listener(`it exited with code ${exitCode}`);
      });
    },
    terminate() {
      void worker.terminate();
    },
  };
}
