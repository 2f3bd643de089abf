import {
  characterPreset,
  forecastPreset,
  ganPresets,
  pointGanPreset,
  presets,
  type GanPreset,
  type GanPresetName,
  type NetworkSpec,
  type Preset,
  type PresetName,
  type TrainingSpec,
} from 'kernelgarten';

export type NetworkName = PresetName | `${'characters' | 'wave'}-${'lstm' | 'gru' | 'elman'}`;

/** Two networks. */
export type GanName = GanPresetName | 'gan-points';

export type PresetChoice = NetworkName | GanName;

export type DataName =
  'digits' | 'mnist' | 'english' | 'chinese' | 'sums' | 'own' | 'wave' | 'ring' | 'grid' | 'pair';

/** Settings that only some lessons have. */
export type CourseField =
  | 'optimizer'
  | 'clipNorm'
  | 'forgetBias'
  | 'steps'
  | 'noise'
  | 'discriminatorRate'
  | 'adversarialLoss'
  | 'realLabel'
  | 'discriminatorSteps'
  | 'generatorSteps';

/** What the engine builds a run from. */
export interface Specs {
  network: NetworkSpec;
  training: TrainingSpec;
}

/** What a lesson lets a person choose from, and the name under which the choice is kept. */
export interface Course {
  /** what it learns from: decides about words such as "images" */
  kind: 'digits' | 'text' | 'wave' | 'gan' | 'points';
  storageKey: string;
  presets: readonly [PresetChoice, ...PresetChoice[]];
  data: readonly [DataName, ...DataName[]];
  fields: readonly CourseField[];
}

export const cnnCourse: Course = {
  kind: 'digits',
  storageKey: 'run',
  presets: ['cnn-default', 'cnn-article'],
  data: ['digits', 'mnist'],
  fields: ['optimizer'],
};

export const rowsCourse: Course = {
  kind: 'digits',
  storageKey: 'rows',
  presets: ['rnn-rows', 'rnn-rows-simple'],
  data: ['digits', 'mnist'],
  fields: ['optimizer', 'clipNorm', 'forgetBias'],
};

export const charactersCourse: Course = {
  kind: 'text',
  storageKey: 'characters',
  presets: ['characters-lstm', 'characters-gru', 'characters-elman'],
  data: ['english', 'chinese', 'sums', 'own'],
  fields: ['optimizer', 'steps', 'clipNorm', 'forgetBias'],
};

export const waveCourse: Course = {
  kind: 'wave',
  storageKey: 'wave',
  presets: ['wave-lstm', 'wave-gru', 'wave-elman'],
  data: ['wave'],
  fields: ['optimizer', 'steps', 'noise', 'clipNorm', 'forgetBias'],
};

const gameFields: readonly CourseField[] = [
  'discriminatorRate',
  'adversarialLoss',
  'realLabel',
  'discriminatorSteps',
  'generatorSteps',
];

export const ganCourse: Course = {
  kind: 'gan',
  storageKey: 'gan',
  presets: ['gan-default', 'gan-conditional', 'gan-dcgan', 'gan-mlp', 'gan-no-norm'],
  data: ['digits', 'mnist'],
  fields: gameFields,
};

export const pointsCourse: Course = {
  kind: 'points',
  storageKey: 'points',
  presets: ['gan-points'],
  data: ['ring', 'grid', 'pair'],
  fields: gameFields,
};

/** The text lesson's texts are short: few places are read at once, in short pieces, and often. */
function shortText(preset: Preset): Preset {
  const { network, training } = preset;
  return {
    network: { ...network, input: [32] },
    training: {
      ...training,
      batchSize: 16,
      optimizer: { type: 'adam', learningRate: 3e-3, clipNorm: 1 },
    },
    epochs: 100,
  };
}

const networks: Record<NetworkName, (outputs: number) => Preset> = {
  'cnn-default': () => presets['cnn-default'],
  'cnn-article': () => presets['cnn-article'],
  'rnn-rows': () => presets['rnn-rows'],
  'rnn-rows-simple': () => presets['rnn-rows-simple'],
  'characters-lstm': (vocabulary) => shortText(characterPreset(vocabulary, 'lstm')),
  'characters-gru': (vocabulary) => shortText(characterPreset(vocabulary, 'gru')),
  'characters-elman': (vocabulary) => shortText(characterPreset(vocabulary, 'simple_rnn')),
  'wave-lstm': () => forecastPreset('lstm'),
  'wave-gru': () => forecastPreset('gru'),
  'wave-elman': () => forecastPreset('simple_rnn'),
};

const gans: Record<GanName, GanPreset> = { ...ganPresets, 'gan-points': pointGanPreset };

export const isGan = (name: PresetChoice): name is GanName => name in gans;

export function ganPresetOf(name: GanName): GanPreset {
  return gans[name];
}

/** @param outputs of the network, where what it learns from decides about their number */
export function presetOf(name: NetworkName, outputs: number): Preset {
  return networks[name](outputs);
}
