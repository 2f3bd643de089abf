/**
 * The files of each variant, in the expressions that bundlers look for. A module is imported when it
 * is chosen, so that nobody downloads the others.
 */
import { node } from './platform.js';
import type { RawModule } from './raw.js';
import { nodeThread, webThread, type StartThread, type ThreadWorker } from './thread_workers.js';
import type { EngineVariant } from './variant.js';

/** What Emscripten's module asks of whoever loads it. */
export interface ModuleOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  /** How many threads there will be, the calling one included. */
  threads: number;
  /** Makes a worker for one more thread, where there are several; see `bindings/thread_workers.js`. */
  startThreadWorker: (() => ThreadWorker) | undefined;
}

export interface EngineModule {
  readonly load: () => Promise<{ default: (options: ModuleOptions) => Promise<RawModule> }>;
  readonly wasm: URL;
  readonly startThread?: StartThread;
}

export const modules: Readonly<Record<EngineVariant, EngineModule>> = {
  simd128: {
    load: () => import('./wasm/kernelgarten-simd128.mjs'),
    wasm: new URL('./wasm/kernelgarten-simd128.wasm', import.meta.url),
  },
  'simd128-threads': {
    load: () => import('./wasm/kernelgarten-simd128-threads.mjs'),
    wasm: new URL('./wasm/kernelgarten-simd128-threads.wasm', import.meta.url),
    startThread: (intercept) =>
      node === undefined
        ? webThread(
            new Worker(new URL('./thread_simd128.js', import.meta.url), { type: 'module' }),
            intercept,
          )
        : nodeThread('./thread_simd128.js', intercept),
  },
  relaxed: {
    load: () => import('./wasm/kernelgarten-relaxed.mjs'),
    wasm: new URL('./wasm/kernelgarten-relaxed.wasm', import.meta.url),
  },
  'relaxed-threads': {
    load: () => import('./wasm/kernelgarten-relaxed-threads.mjs'),
    wasm: new URL('./wasm/kernelgarten-relaxed-threads.wasm', import.meta.url),
    startThread: (intercept) =>
      node === undefined
        ? webThread(
            new Worker(new URL('./thread_relaxed.js', import.meta.url), { type: 'module' }),
            intercept,
          )
        : nodeThread('./thread_relaxed.js', intercept),
  },
};
