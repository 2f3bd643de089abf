import { concatenate, download, throwIfAborted } from './download.js';
import { KernelgartenError } from './errors.js';
import { absoluteUrl } from './platform.js';

/**
 * An IDX file, plain or gzipped: its address (relative to the page, or in Node to the working
 * directory), or its bytes.
 */
export type DataFile = string | URL | Uint8Array | ArrayBuffer | Blob;

/** Where labelled images come from. */
export interface DataSource {
  /** IDX file of unsigned bytes: count x height x width */
  images: DataFile;
  /** IDX file of unsigned bytes from 0 to 9: count */
  labels: DataFile;
  /** Held-out images; without them a random part of the others is held out. */
  test?: { images: DataFile; labels: DataFile } | undefined;
  /** Share held out when there are no test files, between 0 and 1; default 0.2. */
  testFraction?: number | undefined;
  /** Picks which are held out; default 1. */
  seed?: number | undefined;
}

/** Bytes of all files of a source as they come in. */
export interface LoadProgress {
  received: number;
  /** undefined while not every server has said how much it sends */
  total: number | undefined;
}

export interface LoadDataOptions {
  /** Called as bytes come in. */
  onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Aborts the loading; the promise rejects with `aborted`. */
  signal?: AbortSignal | undefined;
}

/** The share of the images held out when a source has no test files. */
export const defaultTestFraction = 0.2;

/** A {@link DataFile} that can cross to a worker and means the same there. */
export type PortableFile = string | Uint8Array | ArrayBuffer | Blob;

/** A {@link DataSource} that can cross to a worker. */
export interface PortableSource {
  images: PortableFile;
  labels: PortableFile;
  test: { images: PortableFile; labels: PortableFile } | undefined;
  testFraction: number;
  seed: number;
}

/** The bytes of a source, unpacked IDX files. */
export interface LoadedFiles {
  images: Uint8Array;
  labels: Uint8Array;
  test: { images: Uint8Array; labels: Uint8Array } | undefined;
}

/** Fills in the defaults and makes addresses absolute. */
export function portableSource(source: DataSource): PortableSource {
  const { images, labels, test, testFraction, seed } = source;
  return {
    images: portableFile('images', images),
    labels: portableFile('labels', labels),
    test: test && {
      images: portableFile('test.images', test.images),
      labels: portableFile('test.labels', test.labels),
    },
    testFraction: testFraction ?? defaultTestFraction,
    seed: seed ?? 1,
  };
}

/**
 * Fetches and unpacks every file of a source, all or nothing.
 *
 * @throws KernelgartenError `network`, `invalid-data` or `aborted`
 */
export async function loadFiles(
  source: PortableSource,
  options: LoadDataOptions = {},
): Promise<LoadedFiles> {
  const { images, labels, test } = source;
  const files = [images, labels, ...(test ? [test.images, test.labels] : [])];
  // One failure stops the other downloads too.
  const stop = new AbortController();
  const abort = () => {
    stop.abort();
  };
  throwIfAborted(options.signal);
  options.signal?.addEventListener('abort', abort);
  const progress = files.map((): LoadProgress => ({ received: 0, total: undefined }));
  const report = (file: number, state: LoadProgress) => {
    progress[file] = state;
    options.onProgress?.({
      received: progress.reduce((sum, { received }) => sum + received, 0),
      total: progress.reduce<number | undefined>(
        (sum, { total }) => (sum === undefined || total === undefined ? undefined : sum + total),
        0,
      ),
    });
  };
  try {
    const bytes = await Promise.all(
      files.map((file, index) =>
        readFile(file, {
          signal: stop.signal,
          onProgress: (state) => {
            report(index, state);
          },
        }),
      ),
    );
    return collect(bytes);
  } finally {
    options.signal?.removeEventListener('abort', abort);
    abort();
  }
}

/**
 * The bytes of one file as they are; `field` names it in messages.
 *
 * @throws KernelgartenError `network` or `aborted`
 */
export async function loadFile(
  field: string,
  file: DataFile,
  options: LoadDataOptions = {},
): Promise<Uint8Array> {
  return fileBytes(portableFile(field, file), options);
}

function collect(bytes: readonly Uint8Array[]): LoadedFiles {
  const [images, labels, testImages, testLabels] = bytes;
  if (images === undefined || labels === undefined) {
    throw new KernelgartenError('internal', 'a data source has images and labels');
  }
  const test = testImages && testLabels && { images: testImages, labels: testLabels };
  return { images, labels, test };
}

async function readFile(file: PortableFile, options: LoadDataOptions): Promise<Uint8Array> {
  const name = typeof file === 'string' ? file : 'the file';
  const bytes = await fileBytes(file, options);
  throwIfAborted(options.signal);
  if (bytes.length === 0) {
    throw new KernelgartenError('invalid-data', `${name} is empty; expected an IDX file.`);
  }
  return isGzip(bytes) ? gunzip(name, bytes) : bytes;
}

async function fileBytes(file: PortableFile, options: LoadDataOptions): Promise<Uint8Array> {
  if (typeof file === 'string') return download(file, options);
  const bytes =
    file instanceof Uint8Array
      ? file
      : new Uint8Array(file instanceof Blob ? await file.arrayBuffer() : file);
  options.onProgress?.({ received: bytes.length, total: bytes.length });
  return bytes;
}

/** By its first bytes, because servers unpack or rename files as they like. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function gunzip(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const unpacker = new DecompressionStream('gzip');
    const unpacked = new Blob([bytes.slice()]).stream().pipeThrough(unpacker).getReader();
    const chunks: Uint8Array[] = [];
    for (;;) {
      const part = await unpacked.read();
      if (part.done) return concatenate(chunks);
      chunks.push(part.value);
    }
  } catch (cause) {
    throw new KernelgartenError(
      'invalid-data',
      `${name} is not a whole gzip file: it is damaged or cut short. Expected an IDX file, plain or ` +
        'gzipped; download or pack it again.',
      { cause },
    );
  }
}

export function portableFile(field: string, file: DataFile): PortableFile {
  if (typeof file === 'string' || file instanceof URL) return absoluteUrl(file);
  if (file instanceof Uint8Array || file instanceof ArrayBuffer || file instanceof Blob)
    return file;
  throw new KernelgartenError(
    'invalid-argument',
    `[${field}] expected an address, a URL, a Uint8Array, an ArrayBuffer or a Blob, got ${typeof file}`,
  );
}
