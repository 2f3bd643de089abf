import type { LanguageModel } from './language_model.js';
import { KernelgartenError } from './errors.js';
import { checkValidationShare, holdOut } from './holdout.js';
import { NetworkSession, pickLayers } from './network_session.js';
import type { NetworkSpec, TrainingSpec } from './spec.js';
import type { Text } from './text.js';
import type { InspectTextOptions, WriteOptions } from './text_trainer.js';
import type { NetworkInfo, TextEvaluation, TextInfo, TextInspection } from './types.js';

interface Source {
  text: Text;
  validationShare: number;
}

/** Learns to foresee a text. {@link TextTrainer} documents each call. */
export class TextSession extends NetworkSession<TextEvaluation, LanguageModel> {
  #source: Source | undefined;

  loadText(characters: string, validationShare: number): TextInfo {
    checkValidationShare('loadText', validationShare);
    const text = this.engine.text(characters);
    this.dropModel('[loadText] another text took the place of the one the network was built for');
    this.#source?.text.dispose();
    this.#source = { text, validationShare };
    this.events.onState('idle');
    return { ...holdOut(text.length, validationShare), vocabulary: text.vocabulary };
  }

  build(network: NetworkSpec, training: TrainingSpec): NetworkInfo {
    const { text, validationShare } = this.#requireSource('build');
    const model = this.engine.languageModel(text, network, training, validationShare);
    const batch = (training.batchSize ?? 128) * (network.input[0] ?? 1);
    return this.trainNetwork(model, batch * model.info().batchesPerEpoch);
  }

  write(count: number, { seed, prime, ...sampling }: WriteOptions): string {
    const model = this.requireModel('write');
    if (seed !== undefined) model.forget(seed);
    if (prime !== undefined) model.read(prime);
    return model.write(count, sampling);
  }

  probabilities(): Float32Array {
    return this.requireModel('probabilities').probabilities();
  }

  inspect(text: string, { target, layers }: InspectTextOptions): TextInspection {
    const inspection = this.requireModel('inspect').inspect(text, { target });
    return { ...inspection, layers: pickLayers(inspection.layers, layers) };
  }

  override dispose(): void {
    super.dispose();
    this.#source?.text.dispose();
    this.#source = undefined;
  }

  #requireSource(call: string): Source {
    if (this.#source !== undefined) return this.#source;
    throw new KernelgartenError(
      'invalid-argument',
      `[${call}] there is no text yet; call loadText() first`,
    );
  }
}
