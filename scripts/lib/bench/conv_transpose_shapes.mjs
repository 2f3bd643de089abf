/** Transposed convolutions that double the size of an image, over the peak. */
import { summarize } from './summary.mjs';
import { convTranspose } from './works.mjs';

/** Images that go together: a shard of the textbooks' GAN. */
const batch = 16;

/** The two layers of the convolutional GAN, and some beside them. */
const shapes = [
  { batch, size: 7, kernel: 4, stride: 2, inChannels: 64, outChannels: 32 },
  { batch, size: 14, kernel: 4, stride: 2, inChannels: 32, outChannels: 1 },
  { batch, size: 7, kernel: 4, stride: 2, inChannels: 128, outChannels: 64 },
  { batch, size: 14, kernel: 4, stride: 2, inChannels: 32, outChannels: 16 },
  { batch, size: 14, kernel: 5, stride: 2, inChannels: 32, outChannels: 16 },
  { batch, size: 14, kernel: 2, stride: 2, inChannels: 32, outChannels: 16 },
];

const milliseconds = 60;

export async function* measureConvTransposeShapes(bench) {
  for (const shape of shapes) {
    for (const pass of ['forward', 'backward']) {
      const work = convTranspose(shape, pass);
      const { values, peaks } = await bench.measure([work], milliseconds);
      yield summarize(nameOf(shape, pass), work, values[0], peaks);
    }
  }
}

/** @returns {string} such as `convT.shapes.7x7.64-32.4x4.forward` */
function nameOf({ size, kernel, inChannels, outChannels }, pass) {
  return `convT.shapes.${size}x${size}.${inChannels}-${outChannels}.${kernel}x${kernel}.${pass}`;
}
