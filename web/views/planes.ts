import type { Tensor } from 'kernelgarten';
import { channelPlane, kernelPlane, type Plane } from '../images/tiles.ts';

/** A tensor of a known shape whose numbers are not there yet: keeps the place of what will come. */
export function blank(shape: readonly number[]): Tensor {
  return {
    shape: [...shape],
    values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
  };
}

/** Every channel of an activation as a picture; empty for one that is not an image. */
export function channelPlanes(tensor: Tensor, limit = Infinity): Plane[] {
  const [height, width, channels] = tensor.shape;
  if (height === undefined || width === undefined || channels === undefined) return [];
  return Array.from({ length: Math.min(channels, limit) }, (_, channel) =>
    channelPlane(tensor.values, [height, width, channels], channel),
  );
}

/** A long row of numbers folded into a picture that is about square. */
export function foldedPlane(tensor: Tensor): Plane {
  const count = tensor.values.length;
  const width = Math.max(1, Math.ceil(Math.sqrt(count)));
  const height = Math.max(1, Math.floor(count / width));
  return { values: tensor.values, height, width, start: 0, stepX: 1, stepY: width };
}

/** Kernels of a convolution weight: one picture per filter, for one input channel. */
export function kernelsOf(weight: Tensor, input: number): Plane[] {
  const [height, width, inputs, outputs] = weight.shape;
  if (height === undefined || width === undefined) return [];
  if (inputs === undefined || outputs === undefined) return [];
  return Array.from({ length: outputs }, (_, output) =>
    kernelPlane(weight.values, [height, width, inputs, outputs], input, output),
  );
}

/** One filter of a convolution weight: one picture per input channel. */
export function slicesOf(weight: Tensor, output: number): Plane[] {
  const [height, width, inputs, outputs] = weight.shape;
  if (height === undefined || width === undefined) return [];
  if (inputs === undefined || outputs === undefined) return [];
  return Array.from({ length: inputs }, (_, input) =>
    kernelPlane(weight.values, [height, width, inputs, outputs], input, output),
  );
}

/** A grey image of bytes. */
export function imagePlane(pixels: ArrayLike<number>, height: number, width: number): Plane {
  return { values: pixels, height, width, start: 0, stepX: 1, stepY: width };
}
