import {
  presets,
  type LayerSpec,
  type NetworkSpec,
  type OptimizerSpec,
  type PresetName,
  type TrainingSpec,
} from 'kernelgarten';
import type { Limits } from './validate.ts';

export type DataName = 'digits' | 'mnist';

/** `momentum` and `nesterov` are gradient descent with memory; the engine calls all three `sgd`. */
export type OptimizerName = 'sgd' | 'momentum' | 'nesterov' | 'rmsprop' | 'adam';

/** What a lesson lets a person choose from, and the name under which the choice is kept. */
export interface Course {
  storageKey: string;
  presets: readonly [PresetName, ...PresetName[]];
}

export const cnnCourse: Course = { storageKey: 'run', presets: ['cnn-default', 'cnn-article'] };
export const rowsCourse: Course = { storageKey: 'rows', presets: ['rnn-rows', 'rnn-rows-simple'] };

export const dataNames: readonly DataName[] = ['digits', 'mnist'];
export const optimizerNames: readonly OptimizerName[] = [
  'sgd',
  'momentum',
  'nesterov',
  'rmsprop',
  'adam',
];

/** Everything a person can set for a run, as plain values. */
export interface RunSettings {
  preset: PresetName;
  data: DataName;
  seed: number;
  batchSize: number;
  epochs: number;
  learningRate: number;
  optimizer: OptimizerName;
  momentum: number;
  /** longest gradient; 0 leaves it as it is */
  clipNorm: number;
  /** what the forget gates of an LSTM start with */
  forgetBias: number;
}

/** A change of one of these needs a fresh network; the others apply to the one in training. */
export const rebuildKeys = [
  'preset',
  'data',
  'seed',
  'batchSize',
  'optimizer',
  'momentum',
  'clipNorm',
  'forgetBias',
] as const satisfies readonly (keyof RunSettings)[];

export const learningRates = [
  1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10,
] as const;

export type NumberKey =
  'seed' | 'batchSize' | 'epochs' | 'learningRate' | 'momentum' | 'clipNorm' | 'forgetBias';

/** @param trainCount training examples at hand: a batch cannot be larger */
export function limitsFor(key: NumberKey, trainCount: number): Limits {
  switch (key) {
    case 'seed':
      return { min: 0, max: 2 ** 32 - 1, integer: true };
    case 'batchSize':
      return { min: 1, max: trainCount, integer: true };
    case 'epochs':
      return { min: 1, max: 1000, integer: true };
    case 'learningRate':
      return { min: 1e-8, max: 100, integer: false };
    case 'momentum':
      return { min: 0, max: 0.999, integer: false };
    case 'clipNorm':
      return { min: 0, max: 1000, integer: false };
    case 'forgetBias':
      return { min: -10, max: 10, integer: false };
  }
}

export const hasMomentum = (optimizer: OptimizerName): boolean =>
  optimizer === 'momentum' || optimizer === 'nesterov';

export const isRecurrent = (preset: PresetName): boolean =>
  layersOf(preset).some(({ type }) => type === 'lstm' || type === 'simple_rnn');

export const hasForgetGates = (preset: PresetName): boolean =>
  layersOf(preset).some(({ type }) => type === 'lstm');

const layersOf = (preset: PresetName): readonly LayerSpec[] => presets[preset].network.layers;

/** What a preset brings along; data and seed are the person's own. */
export function presetSettings(name: PresetName): Omit<RunSettings, 'data' | 'seed'> {
  const { training, epochs } = presets[name];
  const optimizer = training.optimizer;
  return {
    preset: name,
    batchSize: training.batchSize ?? 128,
    epochs,
    learningRate: optimizer?.learningRate ?? 1e-3,
    optimizer: optimizer === undefined || optimizer.type === 'adam' ? 'adam' : nameOf(optimizer),
    momentum: optimizer?.momentum ?? 0.9,
    clipNorm: optimizer?.clipNorm ?? 0,
    forgetBias: 1,
  };
}

function nameOf(optimizer: OptimizerSpec): OptimizerName {
  if (optimizer.type !== 'sgd') return optimizer.type;
  if ((optimizer.momentum ?? 0) === 0) return 'sgd';
  return optimizer.nesterov === true ? 'nesterov' : 'momentum';
}

function optimizerSpec(settings: RunSettings): OptimizerSpec {
  const { optimizer, learningRate, momentum, clipNorm } = settings;
  switch (optimizer) {
    case 'momentum':
    case 'nesterov':
      return { type: 'sgd', learningRate, clipNorm, momentum, nesterov: optimizer === 'nesterov' };
    case 'sgd':
    case 'rmsprop':
    case 'adam':
      return { type: optimizer, learningRate, clipNorm };
  }
}

/** The two values the engine builds from. */
export function specs(settings: RunSettings): { network: NetworkSpec; training: TrainingSpec } {
  const preset = presets[settings.preset];
  return {
    network: {
      ...preset.network,
      layers: preset.network.layers.map((layer) =>
        layer.type === 'lstm' ? { ...layer, forgetBias: settings.forgetBias } : layer,
      ),
      seed: settings.seed,
    },
    training: {
      ...preset.training,
      batchSize: settings.batchSize,
      seed: settings.seed,
      optimizer: optimizerSpec(settings),
    },
  };
}

export function defaultSettings({ presets: [preset] }: Course): RunSettings {
  return { ...presetSettings(preset), data: 'digits', seed: 1 };
}

/** Takes what it recognises from a stored value and defaults for the rest. */
export function parseSettings(course: Course, value: unknown): RunSettings | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const stored = new Map<string, unknown>(Object.entries(value));
  const defaults = defaultSettings(course);
  const number = (key: NumberKey): number => {
    const found = stored.get(key);
    const { min, max, integer } = limitsFor(key, Infinity);
    const fits = typeof found === 'number' && found >= min && found <= max;
    return fits && (!integer || Number.isInteger(found)) ? found : defaults[key];
  };
  return {
    preset: course.presets.find((name) => name === stored.get('preset')) ?? defaults.preset,
    data: dataNames.find((name) => name === stored.get('data')) ?? defaults.data,
    optimizer:
      optimizerNames.find((name) => name === stored.get('optimizer')) ?? defaults.optimizer,
    seed: number('seed'),
    batchSize: number('batchSize'),
    epochs: number('epochs'),
    learningRate: number('learningRate'),
    momentum: number('momentum'),
    clipNorm: number('clipNorm'),
    forgetBias: number('forgetBias'),
  };
}
