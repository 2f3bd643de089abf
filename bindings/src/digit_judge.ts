import type { LayerSpec } from './spec.js';
import type { JudgeSource } from './judge.js';

function convolution(filters: number): LayerSpec[] {
  return [
    { type: 'conv2d', filters, weightInit: { kind: 'he_normal' } },
    { type: 'relu' },
    { type: 'max_pool2d' },
  ];
}

/**
 * A judge of handwritten digits that comes with the package: a small network that `npm run make:judge`
 * trained on MNIST. In a module of its own, so that a page which does not import it does not carry it.
 */
export const digitJudge: JudgeSource = {
  network: {
    input: [28, 28, 1],
    layers: [
      ...convolution(16),
      ...convolution(32),
      ...convolution(32),
      { type: 'flatten' },
      { type: 'dense', units: 32, weightInit: { kind: 'he_normal' } },
      { type: 'relu' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10 },
    ],
    seed: 1,
  },
  weights: new URL('./data/judge.safetensors', import.meta.url),
};
