import { KernelgartenError, type DataSource } from 'kernelgarten';
import type { DataName } from './courses.ts';

/** The data sets this site serves, as listed in `data/manifest.json`. */
export type Manifest = { digits: DataSource } & Partial<Record<DataName, DataSource>>;

function fields(value: unknown): Map<string, unknown> {
  return new Map<string, unknown>(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );
}

/** @param base address that file names in the manifest are relative to */
export function parseManifest(value: unknown, base: URL): Manifest {
  const sets = fields(value);
  const file = (entry: Map<string, unknown>, key: string): URL => {
    const name = entry.get(key);
    if (typeof name !== 'string') {
      throw new KernelgartenError(
        'invalid-data',
        `[manifest] expected data/manifest.json to name a file under "${key}", got ${JSON.stringify(name)}: run "npm run data"`,
      );
    }
    return new URL(name, base);
  };
  const digits = fields(sets.get('digits'));
  const manifest: Manifest = {
    digits: { images: file(digits, 'images'), labels: file(digits, 'labels') },
  };
  if (sets.has('mnist')) {
    const mnist = fields(sets.get('mnist'));
    manifest.mnist = {
      images: file(mnist, 'trainImages'),
      labels: file(mnist, 'trainLabels'),
      test: { images: file(mnist, 'testImages'), labels: file(mnist, 'testLabels') },
    };
  }
  return manifest;
}

export async function fetchManifest(signal: AbortSignal): Promise<Manifest> {
  const address = new URL('data/manifest.json', document.baseURI);
  const failed = (got: string): KernelgartenError =>
    new KernelgartenError('network', `[manifest] expected the list of data files, got ${got}`);
  let response: Response;
  try {
    response = await fetch(address, { signal });
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
  if (!response.ok) throw failed(`status ${response.status.toString()}`);
  const value: unknown = await response.json().catch(() => undefined);
  return parseManifest(value, address);
}
