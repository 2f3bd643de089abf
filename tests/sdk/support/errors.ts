import { KernelgartenError } from '../../../bindings/src/errors.js';

/** The error a call throws, or a failed test. */
export function thrownBy(call: () => unknown): KernelgartenError {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof KernelgartenError) return thrown;
    throw thrown;
  }
  throw new Error('expected an error, got none');
}

/** The error a promise rejects with, or a failed test. */
export async function rejectionOf(promise: Promise<unknown>): Promise<KernelgartenError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof KernelgartenError) return thrown;
    throw thrown;
  }
  throw new Error('expected a rejection, got none');
}
