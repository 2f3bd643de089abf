import { KernelgartenError } from './errors.js';
import { isLocalFile, readLocalFile } from './platform.js';

/** Bytes of one file as they come in. */
export interface DownloadProgress {
  received: number;
  /** undefined while the server has not said, or when it compresses on the way */
  total: number | undefined;
}

export interface DownloadOptions {
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The bytes at an address.
 *
 * @throws KernelgartenError `network` when the address cannot be read to its end, `aborted` when the
 *   signal fired
 */
export async function download(url: string, options: DownloadOptions = {}): Promise<Uint8Array> {
  throwIfAborted(options.signal);
  if (isLocalFile(url)) return readLocal(url, options);
  const response = await request(url, options.signal);
  const total = announcedLength(response);
  options.onProgress?.({ received: 0, total });
  const bytes = await readBody(url, response, total, options);
  if (total !== undefined && bytes.length !== total) {
    throw unreachable(url, `the connection ended after ${bytes.length} of ${total} bytes`);
  }
  if (isWebPage(response, bytes)) {
    throw unreachable(
      url,
      'the server answered with a web page (HTML) instead of the file, as servers of single-page ' +
        'apps do for addresses they do not know',
    );
  }
  return bytes;
}

/** Turns a fired signal into the error of an aborted call. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new KernelgartenError('aborted', 'Loading was aborted.');
}

async function readLocal(url: string, { onProgress, signal }: DownloadOptions) {
  try {
    const bytes = await readLocalFile(url);
    throwIfAborted(signal);
    onProgress?.({ received: bytes.length, total: bytes.length });
    return bytes;
  } catch (cause) {
    if (cause instanceof KernelgartenError) throw cause;
    throw unreachable(url, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal: signal ?? null });
  } catch (cause) {
    throwIfAborted(signal);
    throw unreachable(url, 'the server could not be reached', cause);
  }
  if (!response.ok) {
    throw unreachable(url, `the server answered ${response.status} ${response.statusText}`.trim());
  }
  return response;
}

/** Content-Length counts what travels, which is not what arrives when the server compresses. */
function announcedLength(response: Response): number | undefined {
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  return encoding === 'identity' && Number.isInteger(length) ? length : undefined;
}

async function readBody(
  url: string,
  response: Response,
  total: number | undefined,
  { onProgress, signal }: DownloadOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) break;
      throwIfAborted(signal);
      chunks.push(part.value);
      received += part.value.length;
      onProgress?.({ received, total });
    }
  } catch (cause) {
    throwIfAborted(signal);
    const extent = total === undefined ? `${received} bytes` : `${received} of ${total} bytes`;
    throw unreachable(url, `the connection broke after ${extent}`, cause);
  }
  return concatenate(chunks);
}

/** The parts of a stream in one piece. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function isWebPage(response: Response, bytes: Uint8Array): boolean {
  const type = response.headers.get('content-type') ?? '';
  const lessThan = 0x3c;
  return type.startsWith('text/html') || bytes[0] === lessThan;
}

function unreachable(url: string, reason: string, cause?: unknown): KernelgartenError {
  return new KernelgartenError(
    'network',
    `Could not load ${url}: ${reason}. Check the address and the connection, then try again.`,
    { cause },
  );
}
