import { existsSync } from 'node:fs';

const manifest = new URL('../../../public/data/manifest.json', import.meta.url);

/** Whether `npm run data` has made the real digits. */
export const digitsAreThere = existsSync(manifest);

export const digitFiles = {
  images: new URL('digits-images-idx3-ubyte.gz', manifest),
  labels: new URL('digits-labels-idx1-ubyte.gz', manifest),
};
