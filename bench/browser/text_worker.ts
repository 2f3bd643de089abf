/** Trains a language model in the thread of a worker, as `npm run accept -- char-rnn` asks. */
import { expose } from 'comlink';
import { characterPreset, loadEngine, type EngineOptions, type LanguageModel } from 'kernelgarten';

export interface TextTask {
  text: string;
  /** passes over the text; default that of the preset */
  epochs?: number;
  /** of weights; default that of the preset */
  seed?: number;
  engine: EngineOptions;
}

export interface TextReport {
  epoch: number;
  /** nats per character of the last tenth of the text */
  loss: number;
  /** while training */
  charactersPerSecond: number;
  /** since training began, evaluations included */
  seconds: number;
}

export interface TextWorker {
  train(task: TextTask, report: (epoch: TextReport) => unknown): Promise<TextOutcome>;
}

export interface TextOutcome {
  characters: number;
  vocabulary: number;
  sample: string;
}

const validationShare = 0.1;
const sampleLength = 400;
const sampling = { temperature: 0.8 };

async function train(task: TextTask, report: (epoch: TextReport) => unknown): Promise<TextOutcome> {
  const engine = await loadEngine(task.engine);
  const text = engine.text(task.text);
  const { network, training, epochs } = characterPreset(text.vocabulary.length);
  const charactersPerStep = (training.batchSize ?? 1) * (network.input[0] ?? 1);
  const seeded = task.seed === undefined ? {} : { seed: task.seed };
  const model = engine.languageModel(text, { ...network, ...seeded }, training, validationShare);
  const firstRate = model.learningRate;
  const start = performance.now();
  const last = task.epochs ?? epochs;
  for (let epoch = 1; epoch <= last; epoch += 1) {
    const begin = performance.now();
    trainEpoch(model, firstRate, (epoch - 1) / last, epoch / last);
    const milliseconds = performance.now() - begin;
    const { loss } = model.evaluate('test');
    await report({
      epoch,
      loss,
      charactersPerSecond: (1000 * charactersPerStep * model.info().batchesPerEpoch) / milliseconds,
      seconds: (performance.now() - start) / 1000,
    });
  }
  model.forget(1);
  const sample = model.write(sampleLength, sampling);
  return { characters: text.length, vocabulary: text.vocabulary.length, sample };
}

/** The learning rate falls to zero in a straight line over all epochs; `from` and `to` are shares of them. */
function trainEpoch(model: LanguageModel, firstRate: number, from: number, to: number): void {
  const { batchesPerEpoch } = model.info();
  for (let batch = 0; batch < batchesPerEpoch; batch += 1) {
    const done = from + ((to - from) * batch) / batchesPerEpoch;
    model.learningRate = firstRate * (1 - done);
    model.step();
  }
}

expose({ train } satisfies TextWorker);
