/** Small labelled images made on the spot, as IDX files. */

export interface IdxPair {
  images: Uint8Array;
  labels: Uint8Array;
}

/** An IDX file of unsigned bytes. */
export function idx(sizes: readonly number[], values: ArrayLike<number>): Uint8Array {
  const header = 4 + 4 * sizes.length;
  const file = new Uint8Array(header + values.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x0800 + sizes.length);
  sizes.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  file.set(values, header);
  return file;
}

export const side = 8;
export const classes = 10;

/** Images that are easy to tell apart: class k lights up pixels k * 6 to k * 6 + 5, over some noise. */
export function easyImages(count: number, seed = 1): IdxPair {
  const random = generator(seed);
  const pixels = new Uint8Array(count * side * side);
  const labels = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const label = index % classes;
    labels[index] = label;
    const image = pixels.subarray(index * side * side, (index + 1) * side * side);
    image.forEach((_, pixel) => {
      const lit = Math.floor(pixel / 6) === label;
      image[pixel] = (lit ? 180 : 0) + random() * 70;
    });
  }
  return { images: idx([count, side, side], pixels), labels: idx([count], labels) };
}

/** Park and Miller's generator: uniform in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
