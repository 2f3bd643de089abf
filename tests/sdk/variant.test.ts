import { describe, expect, it } from 'vitest';
import type { Environment } from '../../bindings/src/environment.js';
import { chooseVariant, withoutThreads } from '../../bindings/src/variant.js';
import { thrownBy } from './support/errors.js';

const everything: Environment = {
  simd: true,
  relaxedSimd: true,
  isolated: true,
  sharedMemory: true,
  mayBlock: true,
  cores: 4,
};

describe('the fastest engine', () => {
  it('has relaxed SIMD and a thread for each core', () => {
    expect(chooseVariant({}, everything)).toEqual({
      variant: 'relaxed-threads',
      threads: 4,
      reasons: [],
    });
  });

  it('has eight threads at most, or as many as are asked for', () => {
    const environment = { ...everything, cores: 64 };
    expect(chooseVariant({}, environment).threads).toBe(8);
    expect(chooseVariant({ threads: 3 }, environment).threads).toBe(3);
  });

  const lacking: [Partial<Environment>, string, string[]][] = [
    [{ relaxedSimd: false }, 'simd128-threads', ['no-relaxed-simd']],
    [{ isolated: false, sharedMemory: false }, 'relaxed', ['not-isolated']],
    [{ sharedMemory: false }, 'relaxed', ['no-shared-memory']],
    [{ mayBlock: false }, 'relaxed', ['main-thread']],
    [{ cores: 1, isolated: false }, 'relaxed', ['one-core']],
    [{ relaxedSimd: false, isolated: false }, 'simd128', ['no-relaxed-simd', 'not-isolated']],
  ];
  it.each(lacking)('where %o: %s', (lack, variant, reasons) => {
    const chosen = chooseVariant({}, { ...everything, ...lack });
    expect(chosen).toMatchObject({ variant, reasons });
    expect(chosen.threads > 1).toBe(variant.endsWith('-threads'));
  });

  it('is for one thread when one is asked for', () => {
    expect(chooseVariant({ threads: 1 }, everything)).toEqual({
      variant: 'relaxed',
      threads: 1,
      reasons: ['one-thread'],
    });
  });

  it('goes on without threads, and tells so', () => {
    const chosen = chooseVariant({}, { ...everything, relaxedSimd: false });
    expect(withoutThreads(chosen)).toEqual({
      variant: 'simd128',
      threads: 1,
      reasons: ['no-relaxed-simd', 'threads-failed'],
    });
  });
});

describe('an engine asked for', () => {
  it.each([
    ['simd128', 1],
    ['simd128-threads', 4],
    ['relaxed', 1],
    ['relaxed-threads', 4],
  ] as const)('%s is taken, with %d threads', (variant, threads) => {
    expect(chooseVariant({ variant }, everything)).toEqual({
      variant,
      threads,
      reasons: ['forced'],
    });
  });

  it('has the threads asked for, one included', () => {
    const threadsOf = (threads: number) =>
      chooseVariant({ variant: 'simd128-threads', threads }, everything).threads;
    expect([1, 3].map(threadsOf)).toEqual([1, 3]);
  });

  it.each([
    [{ relaxedSimd: false }, /'relaxed-threads' needs relaxed SIMD.*Chrome or Edge 114.*leave/],
    [{ isolated: false }, /needs a cross-origin isolated page.*Opener-Policy.*leave/],
    [{ sharedMemory: false }, /needs SharedArrayBuffer.*newer browser/],
    [{ mayBlock: false }, /main thread may not. Use createTrainer\(\)/],
  ])('is refused where %o', (lack, message) => {
    const environment = { ...everything, ...lack };
    const error = thrownBy(() => chooseVariant({ variant: 'relaxed-threads' }, environment));
    expect(error.code).toBe('unsupported');
    expect(error.message).toMatch(message);
    expect(error.where).toBe('variant');
  });

  it('needs SIMD in any case', () => {
    const environment = { ...everything, simd: false };
    expect(thrownBy(() => chooseVariant({ variant: 'simd128' }, environment)).code).toBe(
      'unsupported',
    );
  });
});

it('a variant that does not exist is refused', () => {
  // @ts-expect-error: JavaScript can ask for anything
  const error = thrownBy(() => chooseVariant({ variant: 'fast' }, everything));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(/\[variant\] expected one of simd128, .*-threads, got 'fast'/);
});

it.each([0, 1.5, 9, Number.NaN])('%s threads are refused', (threads) => {
  const error = thrownBy(() => chooseVariant({ threads }, everything));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(/\[threads\] expected a whole number from 1 to 8/);
});

it('two threads do not fit a build for one', () => {
  const error = thrownBy(() => chooseVariant({ variant: 'relaxed', threads: 2 }, everything));
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(/runs on one thread, got 2; ask for 'relaxed-threads'/);
});
