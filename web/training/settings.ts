import type { LayerSpec, NetworkSpec, OptimizerSpec } from 'kernelgarten';
import {
  presetOf,
  type Course,
  type CourseField,
  type DataName,
  type NetworkName,
  type Specs,
} from './courses.ts';
import type { Limits } from './validate.ts';

/** `momentum` and `nesterov` are gradient descent with memory; the engine calls all three `sgd`. */
export type OptimizerName = 'sgd' | 'momentum' | 'nesterov' | 'rmsprop' | 'adam';

export const optimizerNames: readonly OptimizerName[] = [
  'sgd',
  'momentum',
  'nesterov',
  'rmsprop',
  'adam',
];

/** Everything a person can set for a run, as plain values. */
export interface RunSettings {
  preset: NetworkName;
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
  /** of a sequence: how far back the gradient goes */
  steps: number;
  /** standard deviation of the noise on a wave */
  noise: number;
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
  'steps',
  'noise',
] as const satisfies readonly (keyof RunSettings)[];

/** These apply to the next step. */
export const liveKeys = ['learningRate'] as const satisfies readonly (keyof RunSettings)[];

export const learningRates = [
  1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10,
] as const;

export type NumberKey = 'seed' | 'batchSize' | 'epochs' | 'learningRate' | 'momentum' | CourseField;

/** How large a setting can be for what there is to learn from. */
export interface Room {
  mostInBatch: number;
  longestSequence: number;
}

export function limitsFor(key: NumberKey, { mostInBatch, longestSequence }: Room): Limits {
  switch (key) {
    case 'seed':
      return { min: 0, max: 2 ** 32 - 1, integer: true };
    case 'batchSize':
      return { min: 1, max: mostInBatch, integer: true };
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
    case 'steps':
      return { min: 1, max: longestSequence, integer: true };
    case 'noise':
      return { min: 0, max: 2, integer: false };
  }
}

export const hasMomentum = (optimizer: OptimizerName): boolean =>
  optimizer === 'momentum' || optimizer === 'nesterov';

export const isRecurrent = (preset: NetworkName): boolean =>
  layersOf(preset).some(({ type }) => cells.has(type));

export const hasForgetGates = (preset: NetworkName): boolean =>
  layersOf(preset).some(({ type }) => type === 'lstm');

const cells: ReadonlySet<string> = new Set(['lstm', 'gru', 'simple_rnn']);

const layersOf = (preset: NetworkName): readonly LayerSpec[] => presetOf(preset, 1).network.layers;

/** What a preset brings along; what to learn from is the person's own. */
export function presetSettings(name: NetworkName): Omit<RunSettings, 'data' | 'seed' | 'noise'> {
  const { network, training, epochs } = presetOf(name, 1);
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
    steps: network.input[0] ?? 1,
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

/** @param outputs of the network, where what it learns from decides about their number */
export function specs(settings: RunSettings, outputs: number): Specs {
  const { network, training } = presetOf(settings.preset, outputs);
  return {
    network: {
      ...network,
      input: isRecurrent(settings.preset) ? withSteps(network, settings.steps) : network.input,
      layers: network.layers.map((layer) =>
        layer.type === 'lstm' ? { ...layer, forgetBias: settings.forgetBias } : layer,
      ),
      seed: settings.seed,
    },
    training: {
      ...training,
      batchSize: settings.batchSize,
      seed: settings.seed,
      optimizer: optimizerSpec(settings),
    },
  };
}

const withSteps = ({ input: [, ...rest] }: NetworkSpec, steps: number): number[] => [
  steps,
  ...rest,
];

export function defaultSettings({ presets: [preset], data: [data] }: Course): RunSettings {
  return { ...presetSettings(preset), data, seed: 1, noise: 0.1 };
}

/** Takes what it recognises from a stored value and defaults for the rest. */
export function parseSettings(course: Course, value: unknown): RunSettings | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const stored = new Map<string, unknown>(Object.entries(value));
  const defaults = defaultSettings(course);
  const number = (key: NumberKey): number => {
    const found = stored.get(key);
    const { min, max, integer } = limitsFor(key, {
      mostInBatch: Infinity,
      longestSequence: Infinity,
    });
    const fits = typeof found === 'number' && found >= min && found <= max;
    return fits && (!integer || Number.isInteger(found)) ? found : defaults[key];
  };
  return {
    preset: course.presets.find((name) => name === stored.get('preset')) ?? defaults.preset,
    data: course.data.find((name) => name === stored.get('data')) ?? defaults.data,
    optimizer:
      optimizerNames.find((name) => name === stored.get('optimizer')) ?? defaults.optimizer,
    seed: number('seed'),
    batchSize: number('batchSize'),
    epochs: number('epochs'),
    learningRate: number('learningRate'),
    momentum: number('momentum'),
    clipNorm: number('clipNorm'),
    forgetBias: number('forgetBias'),
    steps: course.fields.includes('steps') ? number('steps') : defaults.steps,
    noise: number('noise'),
  };
}
