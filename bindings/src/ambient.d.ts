/** What comes without types of its own. */

declare namespace WebAssembly {
  /** What a C++ exception is on its way through JavaScript; TypeScript's library lacks it. */
  const Exception: { prototype: object; new (tag: object, payload: unknown[]): object };
}

/** The Emscripten modules, as long as they are not built and staged together with their types. */
declare module '*.mjs' {
  export default function createModule(options: unknown): Promise<never>;
}

declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { Endpoint } from 'comlink';

  interface NodeEndpoint {
    postMessage(message: unknown, transfer?: Transferable[]): void;
    on(type: 'message', listener: (value: unknown) => void): void;
    off(type: 'message', listener: (value: unknown) => void): void;
  }
  export default function nodeEndpoint(endpoint: NodeEndpoint): Endpoint;
}
