import { beforeEach, describe, expect, it } from 'vitest';
import { KernelgartenError } from '../../bindings/src/errors.js';
import { batchesPerEpoch, DrivenLoop } from './support/driven_loop.js';

let driven = new DrivenLoop();
let { model, scheduler, loop } = driven;

function drive(mostEvaluation: number): void {
  driven = new DrivenLoop({ mostEvaluation });
  ({ model, scheduler, loop } = driven);
}

describe('evaluate', () => {
  beforeEach(() => {
    drive(Infinity);
  });

  it('works while idle and while running, in between the steps', async () => {
    const idle = loop.evaluate('train');
    scheduler.drain();
    expect(await idle).toMatchObject({ split: 'train', step: 0 });
    loop.run(1);
    scheduler.slice();
    const { steps } = model;
    const running = loop.evaluate('test');
    scheduler.drain();
    expect(await running).toMatchObject({ step: steps });
    expect(loop.state).toBe('finished');
  });

  it('goes on when the run is paused', async () => {
    const { loop, model, scheduler } = new DrivenLoop({ batchesPerEvaluation: 9 });
    loop.run(1);
    scheduler.slice();
    const result = loop.evaluate('test');
    scheduler.slice();
    loop.pause();
    const { steps } = model;
    scheduler.drain();
    expect(await result).toMatchObject({ step: steps });
  });

  it('is rejected when the network goes, in progress or not begun', async () => {
    model.stepMilliseconds = 40;
    const outcomes = (['test', 'train'] as const).map((split) =>
      expect(loop.evaluate(split)).rejects.toMatchObject({ code: 'aborted' }),
    );
    scheduler.slice();
    expect([model.evaluationsBegun, model.evaluationBatches]).toEqual([1, 1]);
    loop.dispose(new KernelgartenError('aborted', 'another network'));
    await Promise.all(outcomes);
  });

  it.each(['stepBatch', 'rewind'] as const)(
    'begins anew where %s moves the weights',
    async (call) => {
      loop.run(1);
      scheduler.slice();
      loop.pause();
      model.stepMilliseconds = 30;
      const result = loop.evaluate('test');
      scheduler.slice();
      expect(model.evaluationBatches).toBe(1);
      const step = loop[call]()?.step ?? 0;
      scheduler.drain();
      expect(await result).toMatchObject({ step });
      expect(model.evaluationBatches).toBe(4);
    },
  );
});

describe('an evaluation that fails', () => {
  beforeEach(() => {
    drive(Infinity);
    model.evaluationFails = true;
  });

  it('is told to whoever asked for it, and the run goes on', async () => {
    loop.run(1);
    scheduler.slice();
    const outcome = expect(loop.evaluate('test')).rejects.toThrow(/score is not a number/);
    scheduler.slice();
    await outcome;
    model.evaluationFails = false;
    scheduler.drain();
    expect(loop.state).toBe('finished');
    expect(driven.evaluatedSteps()).toEqual([batchesPerEpoch]);
  });

  it('stops the run that it belongs to', () => {
    loop.run(2);
    scheduler.drain();
    expect(loop.state).toBe('failed');
    expect(driven.posted.at(-1)?.failure?.message).toMatch(/score is not a number/);
    expect(model.steps).toBe(batchesPerEpoch);
  });
});

describe('the share of the time that evaluations may take', () => {
  // An epoch of ten steps takes 100 ms, an evaluation of three parts 30, a tenth of three epochs.
  beforeEach(() => {
    drive(0.1);
  });

  /** What takes as long as any other, but no step waits for it. */
  function evaluateAtRest(): void {
    void loop.evaluate('test');
    scheduler.drain();
  }

  it('is never exceeded once it is known what one takes', () => {
    evaluateAtRest();
    loop.run(8);
    while (scheduler.slice());
    // Every third epoch, and at the end, where no step waits for it.
    expect(driven.evaluatedSteps()).toEqual([0, 30, 60, 80]);
    expect(loop.state).toBe('finished');
  });

  it('is made up for after one whose cost was not known', () => {
    loop.run(8);
    while (scheduler.slice());
    expect(driven.evaluatedSteps()).toEqual([10, 60, 80]);
  });

  it('counts those that are asked for in the midst of a run', () => {
    evaluateAtRest();
    loop.run(8);
    scheduler.slice();
    void loop.evaluate('test');
    while (scheduler.slice());
    expect(driven.evaluatedSteps().slice(2)).toEqual([60, 80]);
  });

  it('leaves out those that no step waits for', () => {
    evaluateAtRest();
    loop.run(3);
    scheduler.slice();
    loop.pause();
    evaluateAtRest();
    const paused = model.steps;
    loop.resume();
    while (scheduler.slice());
    loop.run(6);
    while (scheduler.slice());
    expect(driven.evaluatedSteps()).toEqual([0, paused, 30, 40, 60, 90]);
  });

  it('is kept where an epoch was completed by hand', () => {
    evaluateAtRest();
    for (let count = 0; count < batchesPerEpoch; count += 1) loop.stepBatch();
    loop.run(3);
    while (scheduler.slice());
    expect(driven.evaluatedSteps()).toEqual([0, 30, 40]);
  });
});
