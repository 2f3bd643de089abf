/** What the engine finds where it runs. */
import { relaxedSimd, simd, threads } from 'wasm-feature-detect';
import { node } from './platform.js';

export interface Environment {
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  /** Whether memory may be shared; a page has to be cross-origin isolated for it. */
  readonly isolated: boolean;
  readonly sharedMemory: boolean;
  /** Whether this thread may wait for another one. */
  readonly mayBlock: boolean;
  readonly cores: number;
}

export async function readEnvironment(): Promise<Environment> {
  return {
    simd: await detected(simd),
    relaxedSimd: await detected(relaxedSimd),
    isolated: node !== undefined || isIsolatedPage(),
    sharedMemory: await detected(threads),
    mayBlock: mayBlock(),
    cores:
      node?.getBuiltinModule('node:os').availableParallelism() ?? navigator.hardwareConcurrency,
  };
}

async function detected(feature: () => Promise<boolean>): Promise<boolean> {
  try {
    return await feature();
  } catch {
    return false; // no WebAssembly at all
  }
}

function isIsolatedPage(): boolean {
  return typeof crossOriginIsolated !== 'undefined' && crossOriginIsolated;
}

function mayBlock(): boolean {
  try {
    // The value differs, so that this returns at once; where waiting is forbidden it throws.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}
