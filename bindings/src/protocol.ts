/** What crosses between a {@link RunControl} and its worker: calls through Comlink, and events. */
import type { LoadProgress } from './data_source.js';
import type { EngineOptions } from './engine.js';
import { fromErrorRecord, toErrorRecord, type ErrorRecord } from './errors.js';
import type { ForecastSession } from './forecast_session.js';
import type { GanSession } from './gan_session.js';
import type { TextSession } from './text_session.js';
import type { TrainingSession } from './training_session.js';
import type {
  Evaluation,
  ForecastEvaluation,
  GanEvaluation,
  GanStep,
  RunState,
  Snapshot,
  Split,
  TextEvaluation,
} from './types.js';
import type { EngineInfo } from './variant.js';

/** The outcome of a call; Comlink by itself would lose the code of an error. */
export type Reply<Value> = { ok: true; value: Value } | { ok: false; error: ErrorRecord };

/** Methods of the session, each answering with a {@link Reply}. */
type Replying<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Reply<Awaited<Result>>>
    : never;
};

/** Which session a worker is to have. */
export type SessionKind = 'digits' | 'text' | 'series' | 'gan';

type Calls<Session> = Omit<Session, 'dispose' | 'evaluate' | 'inspect'>;

export type WorkerApi = Replying<
  Calls<TrainingSession> &
    Calls<TextSession> &
    Calls<ForecastSession> &
    Omit<Calls<GanSession>, 'stepBatch' | 'loadData'> & {
      /** Loads the engine and tells which it is; the first call. */
      initialize(kind: SessionKind, options: EngineOptions): EngineInfo;
      evaluateDigits(split: Split): Evaluation;
      evaluateText(split: Split): TextEvaluation;
      loadJudgedData: GanSession['loadData'];
      evaluateGan(split: Split): GanEvaluation;
      evaluateSeries(split: Split): ForecastEvaluation;
      inspectDigits: TrainingSession['inspect'];
      inspectText: TextSession['inspect'];
      inspectSeries: ForecastSession['inspect'];
    }
>;

/** Messages that no call asked for. */
export type WorkerEvent =
  /** sent before the answer to the call that changed it */
  | { event: 'state'; state: RunState }
  | { event: 'digitSnapshot'; snapshot: Snapshot }
  | { event: 'textSnapshot'; snapshot: Snapshot<TextEvaluation> }
  | { event: 'seriesSnapshot'; snapshot: Snapshot<ForecastEvaluation> }
  | { event: 'ganSnapshot'; snapshot: Snapshot<GanEvaluation, GanStep> }
  | { event: 'progress'; progress: LoadProgress };

/** Tells events from Comlink's own messages. */
export function isWorkerEvent(message: unknown): message is WorkerEvent {
  return typeof message === 'object' && message !== null && 'event' in message;
}

export async function reply<Value>(call: () => Value | Promise<Value>): Promise<Reply<Value>> {
  try {
    return { ok: true, value: await call() };
  } catch (thrown) {
    return { ok: false, error: toErrorRecord(thrown) };
  }
}

export function unwrap<Value>(answer: Reply<Value>): Value {
  if (answer.ok) return answer.value;
  throw fromErrorRecord(answer.error);
}
