/** The worker's entry: wires a {@link TrainingSession} to messages, and nothing more. */
import { expose, transfer, type Endpoint } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { loadEngine } from './engine.js';
import { KernelgartenError } from './errors.js';
import { node } from './platform.js';
import { reply, type Reply, type WorkerApi, type WorkerEvent } from './protocol.js';
import { TrainingSession } from './training_session.js';
import { buffersIn } from './transferables.js';

const port = node?.getBuiltinModule('node:worker_threads').parentPort ?? undefined;
const endpoint: Endpoint | undefined = port && nodeEndpoint(port);

function emit(event: WorkerEvent): void {
  if (port === undefined) postMessage(event);
  else port.postMessage(event);
}

let opened: TrainingSession | undefined;

function session(): TrainingSession {
  if (opened !== undefined) return opened;
  throw new KernelgartenError('internal', 'the engine is not loaded yet');
}

/** Large arrays in the answer are moved, not copied: the session keeps none of them. */
async function replyMoving<Value>(call: () => Value): Promise<Reply<Value>> {
  const answer = await reply(call);
  return transfer(answer, buffersIn(answer));
}

const api: WorkerApi = {
  initialize: (options) =>
    reply(async () => {
      const engine = await loadEngine(options);
      opened = new TrainingSession(engine, {
        onState(state) {
          emit({ event: 'state', state });
        },
        onSnapshot(snapshot) {
          emit({ event: 'snapshot', snapshot });
        },
        onProgress(progress) {
          emit({ event: 'progress', progress });
        },
      });
      const { variant, threads, reasons } = engine;
      return { variant, threads, reasons };
    }),
  loadData: (source) => reply(() => session().loadData(source)),
  abortLoading: () =>
    reply(() => {
      session().abortLoading();
    }),
  build: (network, training) => reply(() => session().build(network, training)),
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
  stepBatch: () => reply(() => session().stepBatch()),
  stepEpoch: () => reply(() => session().stepEpoch()),
  setLearningRate: (rate) =>
    reply(() => {
      session().setLearningRate(rate);
    }),
  evaluate: (split) => reply(() => session().evaluate(split)),
  acknowledge: () =>
    reply(() => {
      session().acknowledge();
    }),
  sample: (...args) => replyMoving(() => session().sample(...args)),
  samples: (...args) => replyMoving(() => session().samples(...args)),
  mistakes: (...args) => replyMoving(() => session().mistakes(...args)),
  predict: (pixels) => replyMoving(() => session().predict(pixels)),
  predictSteps: (pixels) => replyMoving(() => session().predictSteps(pixels)),
  inspect: (...args) => replyMoving(() => session().inspect(...args)),
  weights: (layer) => replyMoving(() => session().weights(layer)),
  gradients: (layer) => replyMoving(() => session().gradients(layer)),
  statistics: () => reply(() => session().statistics()),
};

expose(api, endpoint);
