import type { ForecastTrainer, LayerInspection } from 'kernelgarten';
import type { WaveSession } from '../../training/wave_session.svelte.ts';
import { Looks } from '../../views/looks.ts';

/** Values of the held-out wave that are on the screen. */
const WINDOW = 160;
const RECURRENT = 0;

/** What the network makes of a piece of the wave. */
export interface Forecast {
  /** steps since the network was built */
  readonly step: number;
  /** the true values */
  readonly values: Float32Array;
  /** how many of them it is given before it goes on alone */
  readonly known: number;
  /** prediction of value i + 1 from the true values up to i: teacher forcing */
  readonly foreseen: Float32Array;
  /** its values from `known` on, each made from those before it: free run */
  readonly freeRun: Float32Array;
  /** what the recurrent layer shows inside while it reads the known values and its own */
  readonly traces: LayerInspection['traces'];
}

/** What is on the screen of the lesson about a wave. */
export class WaveViews extends Looks<WaveSession, Forecast | undefined> {
  forecast = $state.raw<Forecast | undefined>();
  /** where the network is left alone */
  known = $state(80);

  readonly #watchers = new Map<symbol, true>();

  /** Keeps `forecast` fresh until the returned function is called. */
  watch(): () => void {
    return this.watching(this.#watchers, true);
  }

  protected show(forecast: Forecast | undefined): void {
    if (forecast !== undefined) this.forecast = forecast;
  }

  protected async look(trainer: ForecastTrainer): Promise<Forecast | undefined> {
    if (this.#watchers.size === 0) return undefined;
    const { step } = this.session;
    const values = this.session.heldOut.slice(0, WINDOW);
    const known = Math.min(this.known, values.length - 1);
    const history = values.slice(0, known);
    const [foreseen, freeRun] = await Promise.all([
      trainer.foresee(values),
      trainer.forecast(history, values.length - known),
    ]);
    const read = Float32Array.from([...history, ...freeRun]);
    const [recurrent] = await trainer.inspect(read, { layers: [RECURRENT] });
    return { step, values, known, foreseen, freeRun, traces: recurrent?.traces ?? {} };
  }
}
