import type { Engine, LanguageModel } from '../../../bindings/src/index.js';
import type { NetworkSpec, TrainingSpec } from '../../../bindings/src/spec.js';

/** A text of several scripts that a small network knows by heart soon. */
export const song = '一闪一闪亮晶晶 twinkle 🌟\n'.repeat(40);

/** A network that foresees 12 characters at a time. */
export function smallNetwork(vocabulary: number): NetworkSpec {
  return {
    input: [12],
    layers: [
      { type: 'embedding', vocabulary, units: 8 },
      { type: 'gru', units: 24, returnSequences: true },
      { type: 'dense', units: vocabulary },
    ],
    seed: 1,
  };
}

export const training: TrainingSpec = {
  batchSize: 4,
  optimizer: { type: 'adam', learningRate: 0.02 },
  seed: 1,
};

/** A model of the song, a fifth of it held out. */
export function smallModel(engine: Engine): LanguageModel {
  const text = engine.text(song);
  return engine.languageModel(text, smallNetwork(text.vocabulary.length), training, 0.2);
}
