/**
 * What differs between a browser and Node. Node's modules come through `process.getBuiltinModule`,
 * so that no bundler sees an import it cannot follow.
 */

/** The part of `node:worker_threads` in use. */
export interface NodeWorkerThreads {
  readonly parentPort: NodePort | null;
  readonly Worker: new (script: string | URL) => NodeWorker;
}

/** One end of a channel of `node:worker_threads`. */
export interface NodePort {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  on(type: 'message', listener: (value: unknown) => void): void;
  off(type: 'message', listener: (value: unknown) => void): void;
}

export interface NodeWorker extends NodePort {
  on(type: 'message', listener: (value: unknown) => void): void;
  on(type: 'error' | 'messageerror', listener: (error: Error) => void): void;
  on(type: 'exit', listener: (exitCode: number) => void): void;
  terminate(): Promise<number>;
  unref(): void;
}

interface NodeProcess {
  cwd(): string;
  getBuiltinModule(id: 'node:worker_threads'): NodeWorkerThreads;
  getBuiltinModule(id: 'node:fs/promises'): { readFile(path: URL): Promise<Uint8Array> };
  getBuiltinModule(id: 'node:os'): { availableParallelism(): number };
  getBuiltinModule(id: 'node:path'): { resolve(path: string): string };
  getBuiltinModule(id: 'node:url'): { pathToFileURL(path: string): URL };
}

declare const process: NodeProcess | undefined;

/** Node's process object; undefined in a browser. */
export const node: NodeProcess | undefined = isNode() ? process : undefined;

/** A bundler may leave a `process` of its own in a page, with next to nothing in it. */
function isNode(): boolean {
  return typeof process === 'object' && typeof process.getBuiltinModule === 'function';
}

/** Two letters at least, so that `C:\digits` is a path. */
const hasScheme = /^[a-z][a-z\d+.-]+:/i;

/** A relative address made absolute: against the page, or in Node against the working directory. */
export function absoluteUrl(address: string | URL): string {
  if (address instanceof URL) return address.href;
  if (hasScheme.test(address)) return address;
  if (node !== undefined) {
    const path = node.getBuiltinModule('node:path').resolve(address);
    // resolve() drops the slash that tells a folder.
    const folder = address.endsWith('/') ? '/' : '';
    return node.getBuiltinModule('node:url').pathToFileURL(path + folder).href;
  }
  return new URL(address, typeof document === 'undefined' ? location.href : document.baseURI).href;
}

/** Whether an address is a file that Node reads itself, because its `fetch` does not. */
export function isLocalFile(url: string): boolean {
  return node !== undefined && url.startsWith('file:');
}

/** The bytes of a file on this machine; Node only. */
export async function readLocalFile(url: string): Promise<Uint8Array> {
  if (node === undefined) throw new TypeError(`Only Node can read ${url}`);
  return node.getBuiltinModule('node:fs/promises').readFile(new URL(url));
}
