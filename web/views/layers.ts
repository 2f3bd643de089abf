import type { LayerInfo } from 'kernelgarten';
import { m } from '../i18n/generated/messages.js';

/** A layer's kind in the reader's language. */
export function kindOf(layer: LayerInfo): string {
  switch (layer.type) {
    case 'conv2d':
      return m.kind_conv2d();
    case 'conv_transpose2d':
      return m.kind_conv_transpose2d();
    case 'relu':
      return m.kind_relu();
    case 'leaky_relu':
      return m.kind_leaky_relu();
    case 'max_pool2d':
      return m.kind_max_pool2d();
    case 'average_pool2d':
      return m.kind_average_pool2d();
    case 'upsample2d':
      return m.kind_upsample2d();
    case 'flatten':
      return m.kind_flatten();
    case 'dense':
      return m.kind_dense();
    case 'batch_norm':
      return m.kind_batch_norm();
    case 'dropout':
      return m.kind_dropout();
    default:
      return layer.type;
  }
}

/** Height, width and channels of an image-shaped output. */
export function imageShape(layer: LayerInfo): [number, number, number] | undefined {
  const [height, width, channels] = layer.outputShape;
  if (height === undefined || width === undefined || channels === undefined) return undefined;
  return [height, width, channels];
}

/** What a press in the network row selects. */
export type Selection = 'input' | 'output' | number;

/** The layer before, whose output this one takes. */
export function inputShapeOf(
  layers: readonly LayerInfo[],
  index: number,
  networkInput: readonly number[],
): readonly number[] {
  return index === 0 ? networkInput : (layers[index - 1]?.outputShape ?? networkInput);
}
