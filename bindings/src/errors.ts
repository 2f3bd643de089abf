/**
 * What went wrong, for code that wants to react:
 *
 * - `invalid-argument`: a spec, a number or a call that makes no sense now; the message says what was expected
 * - `invalid-data`: a file is not what it should be
 * - `non-finite`: training produced NaN or infinity; `where` names the layer
 * - `network`: a file could not be fetched
 * - `unsupported`: this browser or Node lacks WebAssembly SIMD, or what the variant asked for needs
 * - `worker-lost`: the worker died; {@link Trainer.restart} makes a new one
 * - `disposed`: the object was disposed before the call
 * - `aborted`: the caller (or a later call) cut the work short
 * - `internal`: a defect of Kernelgarten
 */
export type ErrorCode =
  | 'invalid-argument'
  | 'invalid-data'
  | 'non-finite'
  | 'network'
  | 'unsupported'
  | 'worker-lost'
  | 'disposed'
  | 'aborted'
  | 'internal';

/** The only error the SDK throws. */
export class KernelgartenError extends Error {
  override readonly name = 'KernelgartenError';
  readonly code: ErrorCode;
  /** The layer, call or file at fault, as in the `[bracket]` that opens the message; '' when unknown. */
  readonly where: string;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.where = /^\[([^\]]*)\]/.exec(message)?.[1] ?? '';
  }
}

/** An error as plain data, for the way out of the worker. `where` is in the message. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  /** where in the worker it was thrown */
  stack: string | undefined;
}

/** Anything thrown, as a {@link KernelgartenError}: strangers become `internal`. */
export function toKernelgartenError(thrown: unknown): KernelgartenError {
  if (thrown instanceof KernelgartenError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new KernelgartenError('internal', `Unexpected failure inside Kernelgarten: ${message}`, {
    cause: thrown,
  });
}

export function toErrorRecord(thrown: unknown): ErrorRecord {
  const { code, message, stack } = toKernelgartenError(thrown);
  return { code, message, stack };
}

/** Re-makes an error on this side of the worker; the stack of the other side is its `cause`. */
export function fromErrorRecord({ code, message, stack }: ErrorRecord): KernelgartenError {
  return new KernelgartenError(code, message, { cause: stack });
}
