/** The four builds of the engine, and which of them runs here. */
import type { Environment } from './environment.js';
import { KernelgartenError } from './errors.js';

export const engineVariants = ['simd128', 'simd128-threads', 'relaxed', 'relaxed-threads'] as const;

/**
 * A build of the engine: with plain or relaxed SIMD, which may fuse a multiplication and an addition,
 * and for one thread or several.
 */
export type EngineVariant = (typeof engineVariants)[number];

/**
 * Why an engine is not the fastest build, relaxed SIMD on several threads:
 *
 * - `forced`: the caller named the variant, or one `.wasm` file
 * - `no-relaxed-simd`: WebAssembly lacks relaxed SIMD here
 * - `one-thread`: the caller asked for one thread
 * - `one-core`: the machine has one core
 * - `not-isolated`: the page is not cross-origin isolated
 * - `no-shared-memory`: there is no SharedArrayBuffer, or no WebAssembly threads
 * - `main-thread`: a page's main thread may not wait for others
 * - `threads-failed`: the workers for the threads could not start
 */
export type EngineReason = 'forced' | Obstacle | 'one-thread' | 'one-core' | 'threads-failed';

/** What an environment may lack. */
type Obstacle = 'no-relaxed-simd' | 'not-isolated' | 'no-shared-memory' | 'main-thread';

/** Which engine runs. */
export interface EngineInfo {
  readonly variant: EngineVariant;
  readonly threads: number;
  /** What kept it from being the fastest one; empty when nothing did. */
  readonly reasons: readonly EngineReason[];
}

/** What a caller may ask for. */
export interface VariantOptions {
  variant?: EngineVariant | undefined;
  threads?: number | undefined;
}

/** The engine cuts its work into so many parts, whatever the number of threads. */
const mostThreads = 8;

/**
 * The variant to run: the one asked for, or the fastest that the environment can run.
 *
 * @throws KernelgartenError `invalid-argument` when there is no such variant or number of threads,
 *   `unsupported` when the environment cannot run what was asked for
 */
export function chooseVariant(options: VariantOptions, environment: Environment): EngineInfo {
  checkOptions(options);
  if (!environment.simd) {
    throw new KernelgartenError(
      'unsupported',
      'Kernelgarten needs WebAssembly with SIMD, which this environment lacks. Use Chrome or Edge 91, ' +
        'Firefox 89, Safari 16.4, Node 20, or anything newer.',
    );
  }
  return options.variant === undefined
    ? fastest(options.threads, environment)
    : forced(options.variant, options.threads, environment);
}

/** The same on one thread, because the workers of the others could not start. */
export function withoutThreads({ variant, reasons }: EngineInfo): EngineInfo {
  return {
    variant: isRelaxed(variant) ? 'relaxed' : 'simd128',
    threads: 1,
    reasons: [...reasons, 'threads-failed'],
  };
}

function fastest(threads: number | undefined, environment: Environment): EngineInfo {
  const wanted = threads ?? usualThreads(environment);
  const obstacle = wanted > 1 ? threadObstacle(environment) : idle(threads);
  const reasons: EngineReason[] = environment.relaxedSimd ? [] : ['no-relaxed-simd'];
  const simd = environment.relaxedSimd ? 'relaxed' : 'simd128';
  return obstacle === undefined
    ? { variant: `${simd}-threads`, threads: wanted, reasons }
    : { variant: simd, threads: 1, reasons: [...reasons, obstacle] };
}

function forced(
  variant: EngineVariant,
  threads: number | undefined,
  environment: Environment,
): EngineInfo {
  const lacksRelaxed = isRelaxed(variant) && !environment.relaxedSimd;
  const obstacle = lacksRelaxed ? 'no-relaxed-simd' : undefined;
  const missing = obstacle ?? (isThreaded(variant) ? threadObstacle(environment) : undefined);
  if (missing !== undefined) {
    throw new KernelgartenError(
      'unsupported',
      `[variant] '${variant}' needs ${needs[missing]}. Or leave variant out: the fastest engine that ` +
        'runs here is chosen.',
    );
  }
  const count = isThreaded(variant) ? (threads ?? usualThreads(environment)) : 1;
  return { variant, threads: count, reasons: ['forced'] };
}

const needs: Readonly<Record<Obstacle, string>> = {
  'no-relaxed-simd':
    'relaxed SIMD, which this environment lacks. Use Chrome or Edge 114, Node 21, or Node 20 with ' +
    '--experimental-wasm-relaxed-simd',
  'not-isolated':
    'a cross-origin isolated page, and this one is not. Serve it with the headers ' +
    'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
  'no-shared-memory':
    'SharedArrayBuffer and WebAssembly threads, which this environment lacks. Use a newer browser',
  'main-thread':
    "a thread that may wait for others, and a page's main thread may not. Use createTrainer(), or " +
    'call loadEngine() in a worker',
};

function threadObstacle(environment: Environment): Obstacle | undefined {
  if (!environment.isolated) return 'not-isolated';
  if (!environment.sharedMemory) return 'no-shared-memory';
  return environment.mayBlock ? undefined : 'main-thread';
}

/** Why one thread is wanted. */
function idle(threads: number | undefined): EngineReason {
  return threads === undefined ? 'one-core' : 'one-thread';
}

function usualThreads({ cores }: Environment): number {
  return Math.max(1, Math.min(cores, mostThreads));
}

function isRelaxed(variant: EngineVariant): boolean {
  return variant.startsWith('relaxed');
}

function isThreaded(variant: EngineVariant): boolean {
  return variant.endsWith('-threads');
}

function checkOptions({ variant, threads }: VariantOptions): void {
  if (variant !== undefined && !engineVariants.includes(variant)) {
    throw new KernelgartenError(
      'invalid-argument',
      `[variant] expected one of ${engineVariants.join(', ')}, got '${variant}'`,
    );
  }
  if (threads === undefined) return;
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads) {
    throw new KernelgartenError(
      'invalid-argument',
      `[threads] expected a whole number from 1 to ${mostThreads}, got ${String(threads)}`,
    );
  }
  if (threads > 1 && variant !== undefined && !isThreaded(variant)) {
    throw new KernelgartenError(
      'invalid-argument',
      `[threads] '${variant}' runs on one thread, got ${threads}; ask for '${variant}-threads'`,
    );
  }
}
