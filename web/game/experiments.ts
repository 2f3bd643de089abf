import { presetSettings, type RunSettings } from '../training/settings.ts';
import type { PresetChoice } from '../training/courses.ts';

export const experimentNames = ['strong-discriminator', 'saturating', 'no-norm'] as const;
export type ExperimentName = (typeof experimentNames)[number];

/** Settings that make a GAN go wrong on purpose, beside those of the preset. */
const changes: Record<ExperimentName, { preset: PresetChoice } & Partial<RunSettings>> = {
  'strong-discriminator': {
    preset: 'gan-default',
    discriminatorSteps: 5,
    discriminatorRate: 3e-3,
    learningRate: 1e-4,
    realLabel: 1,
  },
  saturating: {
    preset: 'gan-default',
    adversarialLoss: 'minimax',
    discriminatorSteps: 3,
    realLabel: 1,
  },
  'no-norm': { preset: 'gan-no-norm' },
};

export function experimentSettings(name: ExperimentName): Partial<RunSettings> {
  const change = changes[name];
  return { ...presetSettings(change.preset), ...change };
}
