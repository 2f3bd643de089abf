/** Every method of every convolution: what the engine's rule for choosing one is held against. */
import { median, rounded } from '../statistics.mjs';
import { percent, summarize } from './summary.mjs';
import { conv } from './works.mjs';

/** Images that go together: a chunk of the article's network. */
const batch = 8;

const channels = [
  [1, 32],
  [8, 16],
  [16, 32],
  [32, 64],
  [64, 64],
  [128, 128],
];

const sizes = [7, 14, 28, 32];

/** A choice this much slower than the best method counts as wrong. */
const tolerance = 0.1;

const milliseconds = 60;

export const convShapes = [
  ...channels.flatMap(([inChannels, outChannels]) =>
    sizes.map((size) => ({ batch, size, kernel: 3, stride: 1, inChannels, outChannels })),
  ),
  { batch, size: 14, kernel: 5, stride: 1, inChannels: 32, outChannels: 64 },
  // The discriminators of GANs halve their images.
  { batch, size: 28, kernel: 4, stride: 2, inChannels: 1, outChannels: 16 },
  { batch, size: 14, kernel: 4, stride: 2, inChannels: 8, outChannels: 16 },
  { batch, size: 14, kernel: 4, stride: 2, inChannels: 16, outChannels: 32 },
  { batch, size: 14, kernel: 4, stride: 2, inChannels: 32, outChannels: 64 },
  { batch, size: 14, kernel: 3, stride: 2, inChannels: 32, outChannels: 64 },
  { batch, size: 14, kernel: 5, stride: 2, inChannels: 32, outChannels: 64 },
];

export async function* measureConvShapes(bench) {
  const choices = [];
  for (const shape of convShapes) {
    const methods = await bench.convMethods(shape);
    for (const pass of passesOf(shape)) {
      const works = methods.map((method) => conv(shape, method, pass));
      const { values, peaks } = await bench.measure(works, milliseconds);
      const choice = judgeChoice(methods, values);
      choices.push(choice);
      // The chosen method comes first.
      yield { ...summarize(convName(shape, pass), works[0], values[0], peaks), ...choice };
    }
  }
  yield {
    name: 'conv.shapes',
    value: choices.filter((choice) => choice.wrong_choice).length,
    unit: `wrong choices of ${choices.length}`,
    note: `more than ${percent(tolerance)} slower than the best method`,
  };
}

/** A first layer, with images of one channel, needs no gradient of its input. */
function passesOf({ inChannels }) {
  return ['forward', inChannels === 1 ? 'weight_gradient' : 'backward'];
}

/** @returns {string} such as `conv.shapes.14x14.32-64.3x3.forward`, `.4x4s2` with a stride */
export function convName({ size, kernel, stride, inChannels, outChannels }, pass) {
  const window = `${kernel}x${kernel}${stride > 1 ? `s${stride}` : ''}`;
  return `conv.shapes.${size}x${size}.${inChannels}-${outChannels}.${window}.${pass}`;
}

/**
 * @param {string[]} methods the chosen one first
 * @param {number[][]} values for each of them the GFLOP/s of the rounds
 */
export function judgeChoice(methods, values) {
  const speeds = values.map(median);
  const fastest = speeds.indexOf(Math.max(...speeds));
  // Within a round, because all methods of one see the same machine.
  const share = median(values[0].map((value, round) => value / values[fastest][round]));
  const wrong = share < 1 - tolerance;
  const others = methods.slice(1).map((method, index) => `${method} ${rounded(speeds[index + 1])}`);
  const mark = wrong ? ` <-- ${percent(share)} of ${methods[fastest]}` : '';
  return {
    chosen: methods[0],
    best: methods[fastest],
    chosen_share_of_best: rounded(share),
    wrong_choice: wrong,
    methods: Object.fromEntries(methods.map((method, index) => [method, rounded(speeds[index])])),
    note: `${methods[0]}; ${others.join(', ')}${mark}`,
  };
}
