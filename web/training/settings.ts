import type {
  AdversarialLoss,
  GanSpecs,
  LayerSpec,
  NetworkSpec,
  OptimizerSpec,
} from 'kernelgarten';
import {
  ganPresetOf,
  isGan,
  presetOf,
  type Course,
  type CourseField,
  type DataName,
  type GanName,
  type NetworkName,
  type PresetChoice,
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

export const adversarialLosses: readonly AdversarialLoss[] = [
  'non_saturating',
  'minimax',
  'least_squares',
  'hinge',
];

/** Everything a person can set for a run, as plain values. */
export interface RunSettings {
  preset: PresetChoice;
  data: DataName;
  seed: number;
  batchSize: number;
  epochs: number;
  /** of a GAN its generator's */
  learningRate: number;
  discriminatorRate: number;
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
  adversarialLoss: AdversarialLoss;
  /** what the discriminator is told of real examples */
  realLabel: number;
  /** in a round */
  discriminatorSteps: number;
  generatorSteps: number;
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
  'adversarialLoss',
  'realLabel',
  'discriminatorSteps',
  'generatorSteps',
] as const satisfies readonly (keyof RunSettings)[];

/** These apply to the next step. */
export const liveKeys = [
  'learningRate',
  'discriminatorRate',
] as const satisfies readonly (keyof RunSettings)[];

export const learningRates = [
  1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10,
] as const;

export type NumberKey =
  | 'seed'
  | 'batchSize'
  | 'epochs'
  | 'learningRate'
  | 'momentum'
  | Exclude<CourseField, 'optimizer' | 'adversarialLoss'>;

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
    case 'discriminatorRate':
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
    case 'realLabel':
      return { min: 0.51, max: 1, integer: false };
    case 'discriminatorSteps':
    case 'generatorSteps':
      return { min: 1, max: 10, integer: true };
  }
}

export const hasMomentum = (optimizer: OptimizerName): boolean =>
  optimizer === 'momentum' || optimizer === 'nesterov';

export const isRecurrent = (preset: PresetChoice): boolean =>
  layersOf(preset).some(({ type }) => cells.has(type));

export const hasForgetGates = (preset: PresetChoice): boolean =>
  layersOf(preset).some(({ type }) => type === 'lstm');

const cells: ReadonlySet<string> = new Set(['lstm', 'gru', 'simple_rnn']);

const layersOf = (preset: PresetChoice): readonly LayerSpec[] =>
  isGan(preset) ? ganPresetOf(preset).generator.layers : presetOf(preset, 1).network.layers;

type PresetSettings = Omit<RunSettings, 'data' | 'seed' | 'noise'>;

/** What a preset brings along; what to learn from is the person's own. */
export function presetSettings(name: PresetChoice): PresetSettings {
  return isGan(name) ? ganSettings(name) : networkSettings(name);
}

const inherited = {
  momentum: 0.9,
  clipNorm: 0,
  forgetBias: 1,
  steps: 1,
  discriminatorRate: 1e-3,
  adversarialLoss: 'non_saturating',
  realLabel: 1,
  discriminatorSteps: 1,
  generatorSteps: 1,
} as const;

function networkSettings(name: NetworkName): PresetSettings {
  const { network, training, epochs } = presetOf(name, 1);
  const optimizer = training.optimizer;
  return {
    ...inherited,
    preset: name,
    batchSize: training.batchSize ?? 128,
    epochs,
    learningRate: optimizer?.learningRate ?? 1e-3,
    optimizer: optimizer === undefined || optimizer.type === 'adam' ? 'adam' : nameOf(optimizer),
    momentum: optimizer?.momentum ?? inherited.momentum,
    clipNorm: optimizer?.clipNorm ?? inherited.clipNorm,
    steps: network.input[0] ?? inherited.steps,
  };
}

function ganSettings(name: GanName): PresetSettings {
  const { training, epochs } = ganPresetOf(name);
  return {
    ...inherited,
    preset: name,
    batchSize: training.batchSize ?? 64,
    epochs,
    optimizer: 'adam',
    learningRate: training.generator?.learningRate ?? 1e-3,
    discriminatorRate: training.discriminator?.learningRate ?? 1e-3,
    adversarialLoss: training.loss ?? inherited.adversarialLoss,
    realLabel: training.realLabel ?? inherited.realLabel,
    discriminatorSteps: training.discriminatorSteps ?? inherited.discriminatorSteps,
    generatorSteps: training.generatorSteps ?? inherited.generatorSteps,
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

/** Whether one pass of the fakes can serve both players. */
function canShareAPass({
  adversarialLoss,
  discriminatorSteps,
  generatorSteps,
}: RunSettings): boolean {
  const onLogits = adversarialLoss === 'non_saturating' || adversarialLoss === 'minimax';
  return onLogits && discriminatorSteps === 1 && generatorSteps === 1;
}

/** Of a choice between two networks. */
export function ganSpecs(settings: RunSettings): Required<GanSpecs> {
  const { preset, seed } = settings;
  if (!isGan(preset)) throw new Error(`${preset} is a single network`);
  const { generator, discriminator, training } = ganPresetOf(preset);
  const withRate = (optimizer: OptimizerSpec | undefined, learningRate: number): OptimizerSpec => ({
    type: 'adam',
    ...optimizer,
    learningRate,
  });
  return {
    generator: { ...generator, seed },
    // Two networks that are seeded alike would share numbers.
    discriminator: { ...discriminator, seed: (seed + 1) % 2 ** 32 },
    training: {
      ...training,
      batchSize: settings.batchSize,
      loss: settings.adversarialLoss,
      realLabel: settings.adversarialLoss === 'hinge' ? 1 : settings.realLabel,
      simultaneous: training.simultaneous === true && canShareAPass(settings),
      discriminatorSteps: settings.discriminatorSteps,
      generatorSteps: settings.generatorSteps,
      generator: withRate(training.generator, settings.learningRate),
      discriminator: withRate(training.discriminator, settings.discriminatorRate),
      seed,
    },
  };
}

/** @param outputs of the network, where what it learns from decides about their number */
export function specs(settings: RunSettings, outputs: number): Specs {
  if (isGan(settings.preset)) throw new Error(`${settings.preset} is two networks`);
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
    discriminatorRate: number('discriminatorRate'),
    adversarialLoss:
      adversarialLosses.find((name) => name === stored.get('adversarialLoss')) ??
      defaults.adversarialLoss,
    realLabel: number('realLabel'),
    discriminatorSteps: number('discriminatorSteps'),
    generatorSteps: number('generatorSteps'),
  };
}
