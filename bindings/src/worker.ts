/** The worker's entry: wires a session to messages, and nothing more. */
import { expose, transfer, type Endpoint } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { LoadProgress } from './data_source.js';
import { loadEngine, type Engine } from './engine.js';
import { KernelgartenError } from './errors.js';
import { ForecastSession } from './forecast_session.js';
import { GanSession } from './gan_session.js';
import { node } from './platform.js';
import {
  reply,
  type Reply,
  type SessionKind,
  type WorkerApi,
  type WorkerEvent,
} from './protocol.js';
import { TextSession } from './text_session.js';
import { TrainingSession } from './training_session.js';
import { buffersIn } from './transferables.js';
import type { RunState } from './types.js';

const port = node?.getBuiltinModule('node:worker_threads').parentPort ?? undefined;
const endpoint: Endpoint | undefined = port && nodeEndpoint(port);

function emit(event: WorkerEvent): void {
  if (port === undefined) postMessage(event);
  else port.postMessage(event);
}

let digitSession: TrainingSession | undefined;
let textSession: TextSession | undefined;
let seriesSession: ForecastSession | undefined;
let ganSession: GanSession | undefined;

function digits(): TrainingSession {
  return digitSession ?? missing();
}

function text(): TextSession {
  return textSession ?? missing();
}

function series(): ForecastSession {
  return seriesSession ?? missing();
}

function gan(): GanSession {
  return ganSession ?? missing();
}

/** Those that learn from images. */
function images(): TrainingSession | GanSession {
  return digitSession ?? ganSession ?? missing();
}

/** Those that train one network. */
function network(): TrainingSession | TextSession | ForecastSession {
  return digitSession ?? textSession ?? seriesSession ?? missing();
}

/** What every kind of session can do. */
function session(): TrainingSession | TextSession | ForecastSession | GanSession {
  return ganSession ?? network();
}

function missing(): never {
  throw new KernelgartenError('internal', 'there is no session of the kind that was called');
}

const events = {
  onState(state: RunState) {
    emit({ event: 'state', state });
  },
  onProgress(progress: LoadProgress) {
    emit({ event: 'progress', progress });
  },
};

function openSession(kind: SessionKind, engine: Engine): void {
  switch (kind) {
    case 'digits':
      digitSession = new TrainingSession(engine, {
        ...events,
        onSnapshot(snapshot) {
          emit({ event: 'digitSnapshot', snapshot });
        },
      });
      break;
    case 'text':
      textSession = new TextSession(engine, {
        ...events,
        onSnapshot(snapshot) {
          emit({ event: 'textSnapshot', snapshot });
        },
      });
      break;
    case 'series':
      seriesSession = new ForecastSession(engine, {
        ...events,
        onSnapshot(snapshot) {
          emit({ event: 'seriesSnapshot', snapshot });
        },
      });
      break;
    case 'gan':
      ganSession = new GanSession(engine, {
        ...events,
        onSnapshot(snapshot) {
          emit({ event: 'ganSnapshot', snapshot });
        },
      });
  }
}

/** Large arrays in the answer are moved, not copied: the session keeps none of them. */
async function replyMoving<Value>(call: () => Value): Promise<Reply<Value>> {
  const answer = await reply(call);
  return transfer(answer, buffersIn(answer));
}

const api: WorkerApi = {
  initialize: (kind, options) =>
    reply(async () => {
      const engine = await loadEngine(options);
      openSession(kind, engine);
      const { variant, threads, reasons } = engine;
      return { variant, threads, reasons };
    }),
  loadData: (source) => reply(() => digits().loadData(source)),
  abortLoading: () =>
    reply(() => {
      images().abortLoading();
    }),
  build: (...args) => reply(() => network().build(...args)),
  run: (epochs) =>
    reply(() => {
      session().run(epochs);
    }),
  pause: () =>
    reply(() => {
      session().pause();
    }),
  resume: () =>
    reply(() => {
      session().resume();
    }),
  stop: () =>
    reply(() => {
      session().stop();
    }),
  stepBatch: () => reply(() => network().stepBatch()),
  stepEpoch: () => reply(() => session().stepEpoch()),
  learningRate: () => reply(() => network().learningRate()),
  setLearningRate: (rate) =>
    reply(() => {
      network().setLearningRate(rate);
    }),
  rewind: () => reply(() => session().rewind()),
  evaluateDigits: (split) => reply(() => digits().evaluate(split)),
  evaluateText: (split) => reply(() => text().evaluate(split)),
  evaluateGan: (split) => reply(() => gan().evaluate(split)),
  evaluateSeries: (split) => reply(() => series().evaluate(split)),
  acknowledge: () =>
    reply(() => {
      session().acknowledge();
    }),
  sample: (...args) => replyMoving(() => digits().sample(...args)),
  samples: (...args) => replyMoving(() => images().samples(...args)),
  mistakes: (...args) => replyMoving(() => digits().mistakes(...args)),
  predict: (pixels) => replyMoving(() => digits().predict(pixels)),
  predictSteps: (pixels) => replyMoving(() => digits().predictSteps(pixels)),
  inspectDigits: (...args) => replyMoving(() => digits().inspect(...args)),
  inspectText: (...args) => replyMoving(() => text().inspect(...args)),
  inspectSeries: (...args) => replyMoving(() => series().inspect(...args)),
  weights: (layer) => replyMoving(() => network().weights(layer)),
  gradients: (layer) => replyMoving(() => network().gradients(layer)),
  loadJudgedData: (...args) => reply(() => gan().loadData(...args)),
  loadPoints: (options) => replyMoving(() => gan().loadPoints(options)),
  buildGan: (...args) => reply(() => gan().buildGan(...args)),
  stepRound: (players) => reply(() => gan().stepRound(players)),
  setPlayerRate: (player, rate) =>
    reply(() => {
      gan().setPlayerRate(player, rate);
    }),
  playerRates: () => reply(() => gan().playerRates()),
  fixedNoise: (count) => replyMoving(() => gan().fixedNoise(count)),
  generate: (...args) => replyMoving(() => gan().generate(...args)),
  discriminate: (...args) => replyMoving(() => gan().discriminate(...args)),
  exampleGradients: (...args) => replyMoving(() => gan().exampleGradients(...args)),
  playerWeights: (...args) => replyMoving(() => gan().playerWeights(...args)),
  playerStatistics: (player) => reply(() => gan().playerStatistics(player)),
  loadText: (characters, validationShare) =>
    reply(() => text().loadText(characters, validationShare)),
  write: (count, options) => reply(() => text().write(count, options)),
  probabilities: () => replyMoving(() => text().probabilities()),
  noisyWave: (options) => replyMoving(() => series().noisyWave(options)),
  loadSeries: (values, validationShare) =>
    reply(() => series().loadSeries(values, validationShare)),
  foresee: (values) => replyMoving(() => series().foresee(values)),
  forecast: (history, count) => replyMoving(() => series().forecast(history, count)),
  statistics: () => reply(() => network().statistics()),
};

expose(api, endpoint);
