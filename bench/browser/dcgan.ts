/** The GAN by which speed is compared: batch normalisation in both networks, alternating steps. */
import type { GanSpecs, LayerSpec, OptimizerSpec } from 'kernelgarten';

const weightInit = { kind: 'normal', scale: 0.02 } as const;
const optimizer: OptimizerSpec = { type: 'adam', learningRate: 5e-4, beta1: 0.5, beta2: 0.999 };

const grow = (filters: number): LayerSpec => ({
  type: 'conv_transpose2d',
  filters,
  kernel: 4,
  stride: 2,
  weightInit,
});

const shrink = (filters: number): LayerSpec => ({
  type: 'conv2d',
  filters,
  kernel: 4,
  stride: 2,
  weightInit,
});

export const dcgan: GanSpecs = {
  generator: {
    input: [64],
    layers: [
      { type: 'dense', units: 7 * 7 * 64, weightInit },
      { type: 'reshape', shape: [7, 7, 64] },
      { type: 'batch_norm' },
      { type: 'relu' },
      grow(32),
      { type: 'batch_norm' },
      { type: 'relu' },
      grow(1),
      { type: 'tanh' },
    ],
    seed: 1,
  },
  discriminator: {
    input: [28, 28, 1],
    layers: [
      shrink(32),
      { type: 'leaky_relu', slope: 0.2 },
      shrink(64),
      { type: 'batch_norm' },
      { type: 'leaky_relu', slope: 0.2 },
      { type: 'flatten' },
      { type: 'dense', units: 1, weightInit },
    ],
    seed: 2,
  },
  training: { batchSize: 128, realLabel: 0.9, generator: optimizer, discriminator: optimizer },
};
