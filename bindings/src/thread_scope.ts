/** A worker as one of the engine's threads. */
import { node, type NodePort } from './platform.js';

/**
 * Hands this worker to Emscripten, which tells a thread by the worker's name. The name is set this
 * late because a module that finds it while being imported starts by itself.
 *
 * @param createModule of a variant with threads
 */
export function becomeThread(createModule: (options: object) => Promise<unknown>): void {
  const port = node?.getBuiltinModule('node:worker_threads').parentPort ?? undefined;
  Object.assign(globalThis, { name: 'em-pthread' }, port && webWorkerScope(port));
  void createModule({});
}

/** What a browser's worker finds in its scope, for a worker of Node. */
function webWorkerScope(port: NodePort): object {
  port.on('message', (data) => {
    // Emscripten's, which it replaces now and then.
    self.onmessage?.(new MessageEvent('message', { data }));
  });
  return {
    self: globalThis,
    location: { href: import.meta.url },
    // What newer versions of Emscripten tell a worker by; the present one takes importScripts.
    WorkerGlobalScope: Object,
    importScripts() {
      throw new TypeError('A module worker has no importScripts().');
    },
    postMessage(message: unknown) {
      port.postMessage(message);
    },
  };
}
