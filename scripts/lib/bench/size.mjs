/** Gzipped bytes: each build of the engine, and all that the playground fetches when it opens. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { variants } from '../../../bindings/build_package.mjs';
import { root } from '../folders.mjs';
import { formatBytes } from '../report.mjs';
import { siteFolder } from '../site.mjs';
import { serve } from '../static_server.mjs';
import { openPlayground } from './playground.mjs';

const engineFolder = join(root, 'bindings/src/wasm');

export async function* measureSizes({ harness, options }) {
  for (const variant of variants) {
    const files = ['wasm', 'mjs'].map((type) =>
      join(engineFolder, `kernelgarten-${variant}.${type}`),
    );
    yield sizeOf(`size.${variant}`, files);
  }
  yield sizeOf('size.page', await filesOfFirstOpening(harness, options));
}

/** @returns {Promise<string[]>} */
async function filesOfFirstOpening({ newContext }, options) {
  const files = new Set();
  const server = await serve([join(root, siteFolder)], { onFile: (file) => files.add(file) });
  try {
    const { address } = server;
    const playground = await openPlayground({ newContext, address }, options);
    await playground.page.waitForLoadState('networkidle');
    await playground.close();
  } finally {
    server.close();
  }
  return [...files];
}

function sizeOf(name, files) {
  const sizes = files.map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
  const value = sizes.reduce((sum, size) => sum + size, 0);
  return {
    name,
    value,
    unit: 'bytes gzipped',
    files: Object.fromEntries(files.map((file, index) => [basename(file), sizes[index]])),
    note: `${formatBytes(value)}, ${files.length} files`,
  };
}
