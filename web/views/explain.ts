import type { LayerInfo } from 'kernelgarten';
import { count, decimal, percent, shape } from '../i18n/format.ts';
import { m } from '../i18n/generated/messages.js';

/** Two or three sentences about a layer, with its own numbers. */
export function explainLayer(layer: LayerInfo, before: readonly number[]): string {
  const output = layer.outputShape;
  const weight = layer.parameters.find(({ name }) => name === 'weight');
  switch (layer.type) {
    case 'conv2d': {
      const [kernel = 3, , inputs = 1, filters = 1] = weight?.shape ?? [];
      return m.explain_conv2d({
        filters: count(filters),
        kernel: count(kernel),
        inputs: count(inputs),
        products: count(kernel * kernel * inputs),
        parameters: count(layer.parameterCount),
      });
    }
    case 'relu':
      return m.explain_relu();
    case 'leaky_relu':
      return m.explain_leaky_relu();
    case 'max_pool2d':
      return m.explain_max_pool2d({ from: shape(before), to: shape(output) });
    case 'average_pool2d':
      return m.explain_average_pool2d({ from: shape(before), to: shape(output) });
    case 'flatten':
      return m.explain_flatten({ from: shape(before), count: count(output[0] ?? 0) });
    case 'dense':
      return m.explain_dense({
        inputs: count(before[0] ?? 0),
        units: count(output[0] ?? 0),
        weights: count((before[0] ?? 0) * (output[0] ?? 0)),
      });
    default:
      return m.explain_other();
  }
}

export function explainInput(input: readonly number[]): string {
  const [height = 28, width = 28] = input;
  return m.explain_input({
    height: count(height),
    width: count(width),
    count: count(height * width),
  });
}

/** Softmax and cross-entropy on the digit shown. */
export function explainOutput(
  probabilities: Float32Array | undefined,
  label: number | undefined,
): string {
  if (probabilities === undefined || label === undefined) return m.explain_output();
  const share = probabilities[label] ?? 0;
  return `${m.explain_output()} ${m.explain_output_loss({
    digit: label,
    share: percent(share),
    loss: decimal(-Math.log(share), 3),
  })}`;
}
