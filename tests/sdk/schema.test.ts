import { expect, it } from 'vitest';
import { loadEngine } from '../../bindings/src/index.js';
import type { LayerSpec } from '../../bindings/src/spec.js';

/** The fields of one type of layer, but for the two that all have. */
type FieldsOf<Type, Spec = LayerSpec> = Spec extends { type: infer Types }
  ? Type extends Types
    ? { [Field in Exclude<keyof Spec, 'type' | 'name'>]-?: true }
    : never
  : never;

/** What all recurrent layers have. */
const recurrent = {
  units: true,
  returnSequences: true,
  bidirectional: true,
  weightInit: true,
  recurrentInit: true,
  biasInit: true,
} as const;

/** The compiler asks for each layer and field of spec.ts here, and refuses any other. */
const fields: { [Type in LayerSpec['type']]: FieldsOf<Type> } = {
  dense: { units: true, weightInit: true, biasInit: true },
  conv2d: {
    filters: true,
    kernel: true,
    stride: true,
    padding: true,
    weightInit: true,
    biasInit: true,
  },
  conv_transpose2d: {
    filters: true,
    kernel: true,
    stride: true,
    padding: true,
    outputPadding: true,
    weightInit: true,
    biasInit: true,
  },
  max_pool2d: { size: true, stride: true, padding: true },
  average_pool2d: { size: true, stride: true, padding: true },
  upsample2d: { factor: true },
  batch_norm: { momentum: true, epsilon: true },
  relu: {},
  sigmoid: {},
  tanh: {},
  softmax: {},
  leaky_relu: { slope: true },
  flatten: {},
  reshape: { shape: true },
  dropout: { rate: true },
  embedding: { vocabulary: true, units: true, weightInit: true },
  simple_rnn: { ...recurrent, activation: true },
  lstm: { ...recurrent, forgetBias: true },
  gru: recurrent,
};

it('the specs of C++ and TypeScript have the same layers and fields', async () => {
  const engine = await loadEngine({ threads: 1 });
  const native = Object.fromEntries(
    engine.layerSchema().map((layer) => [layer.type, [...layer.fields].sort()]),
  );
  const typed = Object.fromEntries(
    Object.entries(fields).map(([type, names]) => [type, Object.keys(names).sort()]),
  );
  expect(typed).toEqual(native);
});
