import type { DataSource } from './data_source.js';

/**
 * The 10,000 handwritten digits that come with the package: 8,000 to train on, 2,000 held out. In a
 * module of its own, so that a page which does not import it does not carry them.
 */
export const embeddedDigits: DataSource = {
  images: new URL('./data/digits-images-idx3-ubyte.gz', import.meta.url),
  labels: new URL('./data/digits-labels-idx1-ubyte.gz', import.meta.url),
};
