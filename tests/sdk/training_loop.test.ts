import { beforeEach, describe, expect, it } from 'vitest';
import { KernelgartenError } from '../../bindings/src/errors.js';
import { messageScheduler } from '../../bindings/src/scheduler.js';
import { maxBacklog } from '../../bindings/src/snapshot.js';
import { batchesPerEpoch, DrivenLoop } from './support/driven_loop.js';

let driven = new DrivenLoop();
let { clock, model, scheduler, mailbox, posted, states, loop } = driven;

beforeEach(() => {
  driven = new DrivenLoop();
  ({ clock, model, scheduler, mailbox, posted, states, loop } = driven);
});

const allSteps = () => posted.flatMap(({ steps }) => steps.map(({ step }) => step));
const countTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('slices', () => {
  it('end before 40 ms', () => {
    model.stepMilliseconds = 7;
    loop.run(5);
    for (let count = 0; count < 8; count += 1) {
      const before = clock.time;
      scheduler.slice();
      expect(clock.time - before).toBeLessThanOrEqual(40);
      expect(clock.time - before).toBeGreaterThan(40 - 2 * 7);
    }
  });

  it('do one part of a step even when it takes longer', () => {
    model.stepMilliseconds = 120;
    model.partsPerStep = 2;
    loop.run(1);
    scheduler.slice();
    expect([model.steps, model.partsDone]).toEqual([0, 1]);
    scheduler.slice();
    expect([model.steps, model.partsDone]).toEqual([1, 0]);
  });

  it('cut a long step', () => {
    model.stepMilliseconds = 200;
    model.partsPerStep = 20;
    loop.run(1);
    for (let count = 0; count < 12; count += 1) {
      const before = clock.time;
      scheduler.slice();
      expect(clock.time - before).toBe(40);
    }
    expect(model.steps).toBe(2);
  });

  it('cut evaluations too', () => {
    model.stepMilliseconds = 30;
    loop.run(1);
    for (let count = 0; count < batchesPerEpoch; count += 1) scheduler.slice();
    expect(model.evaluationBatches).toBe(0);
    scheduler.slice();
    scheduler.slice();
    expect(model.evaluationBatches).toBeLessThanOrEqual(2);
  });
});

describe('run', () => {
  it('trains the epochs, evaluating the test split after each, and finishes', () => {
    loop.run(2);
    scheduler.drain();
    expect(model.steps).toBe(20);
    expect(states).toEqual(['idle', 'running', 'finished']);
    const evaluations = posted.flatMap((snapshot) => snapshot.evaluations);
    expect(evaluations.map(({ split, step }) => [split, step])).toEqual([
      ['test', 10],
      ['test', 20],
    ]);
    expect(posted.at(-1)).toMatchObject({ state: 'finished', epoch: 2, epochs: 2, batch: 10 });
    expect(posted.at(-1)?.secondsLeft).toBe(0);
  });

  it('counts an epoch in progress as the first', () => {
    loop.stepBatch();
    loop.run(1);
    scheduler.drain();
    expect(model.steps).toBe(10);
    loop.run(2);
    scheduler.drain();
    expect(model.steps).toBe(30);
    expect(posted.at(-1)).toMatchObject({ epoch: 3, epochs: 3 });
  });

  it('refuses a second run, a step and an epoch while it runs', () => {
    loop.run(1);
    for (const call of [
      () => {
        loop.run(1);
      },
      () => loop.stepBatch(),
      () => loop.stepEpoch(),
    ]) {
      expect(call).toThrow(/a run is going on; call pause\(\) or stop\(\) first/);
    }
    scheduler.drain();
    expect(model.steps).toBe(10);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s epochs', (epochs) => {
    expect(() => {
      loop.run(epochs);
    }).toThrow(/whole number of at least 1/);
    expect(loop.state).toBe('idle');
  });

  it('says how fast it is and how long it takes', () => {
    loop.run(2);
    scheduler.slice();
    const { examplesPerSecond, secondsLeft } = posted.at(-1) ?? {};
    expect(examplesPerSecond).toBeCloseTo(4 / 0.01, 3);
    expect(secondsLeft).toBeCloseTo(16 * 0.01, 3);
  });
});

describe('snapshots', () => {
  it.each([0.5, 3, 7, 13, 19, 21, 39, 80])('come at most once a frame (%s ms a step)', (step) => {
    const times = driven.postedAt;
    times.length = 0;
    model.stepMilliseconds = step;
    loop.run(1000);
    for (let count = 0; count < 20; count += 1) scheduler.slice();
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps.length).toBeGreaterThan(15);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(16);
  });

  it('wait for the reader and lose no step', () => {
    driven.autoAcknowledge = false;
    loop.run(3);
    for (let count = 0; count < 4; count += 1) scheduler.slice();
    expect(allSteps()).toEqual([]);
    mailbox.acknowledge();
    scheduler.slice();
    expect(allSteps()).toEqual(countTo(model.steps));
    scheduler.drain();
    expect(posted.at(-1)?.state).toBe('finished');
    expect(allSteps()).toEqual(countTo(30));
  });

  it('say at once what a call has changed, also to a reader that has not read', () => {
    driven.autoAcknowledge = false;
    loop.run(3);
    expect(posted.at(-1)?.state).toBe('running');
    loop.setLearningRate(0.25);
    expect(posted.at(-1)?.learningRate).toBe(0.25);
    loop.pause();
    expect(posted.at(-1)?.state).toBe('paused');
    // Each has to be read before progress is told again.
    loop.resume();
    for (let read = 0; read < 3; read += 1) mailbox.acknowledge();
    scheduler.slice();
    expect(allSteps()).toEqual([]);
    mailbox.acknowledge();
    scheduler.slice();
    expect(allSteps()).toEqual(countTo(model.steps));
  });

  it('keep the newest steps of a reader that never reads', () => {
    driven.autoAcknowledge = false;
    model.stepMilliseconds = 0.001;
    loop.run(Math.ceil((3 * maxBacklog) / batchesPerEpoch));
    scheduler.drain();
    mailbox.acknowledge();
    loop.flush();
    const steps = allSteps();
    expect(steps).toHaveLength(maxBacklog);
    expect(steps.at(-1)).toBe(model.steps);
  });

  it('tell of a changed learning rate', () => {
    loop.setLearningRate(0.5);
    expect(posted.at(-1)?.learningRate).toBe(0.5);
  });
});

describe('pause, resume, stop', () => {
  it('stands still between the slices', () => {
    loop.run(2);
    scheduler.slice();
    loop.pause();
    const { steps } = model;
    scheduler.drain();
    expect(model.steps).toBe(steps);
    expect(loop.state).toBe('paused');
    expect(allSteps()).toEqual(countTo(steps));
    loop.resume();
    scheduler.drain();
    expect(model.steps).toBe(20);
  });

  it('a pause in the middle of a step leaves it unfinished, and resume goes on with it', () => {
    model.stepMilliseconds = 100;
    model.partsPerStep = 10;
    loop.run(1);
    scheduler.slice();
    loop.pause();
    scheduler.drain();
    expect([model.steps, model.partsDone]).toEqual([0, 4]);
    expect(allSteps()).toEqual([]);
    loop.resume();
    scheduler.drain();
    expect(model.steps).toBe(10);
    expect(allSteps()).toEqual(countTo(10));
  });

  it('repeats the evaluation that a pause interrupted', () => {
    loop.run(1);
    while (model.evaluationBatches === 0) scheduler.slice();
    loop.pause();
    scheduler.drain();
    expect(driven.evaluatedSteps()).toHaveLength(0);
    loop.resume();
    scheduler.drain();
    expect(driven.evaluatedSteps()).toHaveLength(1);
    expect(loop.state).toBe('finished');
    expect(model.steps).toBe(10);
  });

  it('pause and stop do nothing when nothing runs; resume refuses', () => {
    loop.pause();
    loop.stop();
    expect(loop.state).toBe('idle');
    expect(() => {
      loop.resume();
    }).toThrow(/only a paused run can go on, and this one is idle/);
  });

  it('stop ends the run for good and keeps the weights', () => {
    loop.run(2);
    scheduler.slice();
    loop.stop();
    const { steps } = model;
    scheduler.drain();
    expect([loop.state, model.steps]).toEqual(['idle', steps]);
    expect(() => {
      loop.resume();
    }).toThrow(/idle/);
  });
});

describe('steps by hand', () => {
  it('advance by exactly one', () => {
    expect(loop.stepBatch().step).toBe(1);
    expect(loop.stepBatch().step).toBe(2);
    scheduler.drain();
    expect([model.steps, loop.state]).toEqual([2, 'idle']);
    expect(allSteps()).toEqual([1, 2]);
  });

  it('finish the step in progress', () => {
    model.stepMilliseconds = 100;
    model.partsPerStep = 10;
    loop.run(1);
    scheduler.slice();
    loop.pause();
    expect(loop.stepBatch().step).toBe(1);
    expect([model.steps, model.partsDone]).toEqual([1, 0]);
    expect(posted.at(-1)?.examplesPerSecond).toBeCloseTo(4 / 0.1, 3);
  });

  it('leave a paused run paused', () => {
    loop.run(2);
    scheduler.slice();
    loop.pause();
    const { steps } = model;
    loop.stepBatch();
    expect([model.steps, loop.state]).toEqual([steps + 1, 'paused']);
  });

  it('an epoch ends with its evaluation, then pauses', async () => {
    const done = loop.stepEpoch();
    scheduler.drain();
    await done;
    expect([model.steps, loop.state, model.evaluationsBegun]).toEqual([10, 'paused', 1]);
    expect(() => {
      loop.resume();
    }).toThrow(/no epoch left; call run\(\{ epochs \}\)/);
    const next = loop.stepEpoch();
    scheduler.drain();
    await next;
    expect(model.steps).toBe(20);
  });

  it('an epoch completed by hand is evaluated when training goes on', async () => {
    for (let count = 0; count < batchesPerEpoch; count += 1) loop.stepBatch();
    scheduler.drain();
    expect(model.evaluationsBegun).toBe(0);
    const done = loop.stepEpoch();
    scheduler.drain();
    await done;
    expect([model.steps, model.evaluationsBegun]).toEqual([20, 2]);
  });

  it('an epoch cut short rejects as aborted', async () => {
    const done = loop.stepEpoch();
    const outcome = expect(done).rejects.toMatchObject({ code: 'aborted', where: 'stepEpoch' });
    scheduler.slice();
    loop.pause();
    await outcome;
    expect(loop.state).toBe('paused');
  });
});

describe('failures', () => {
  it('stop the run and say why', () => {
    model.failAt = 5;
    loop.run(1);
    scheduler.drain();
    expect(posted.at(-1)).toMatchObject({
      state: 'failed',
      step: 4,
      failure: { code: 'internal' },
    });
    expect(allSteps()).toEqual([1, 2, 3, 4]);
    model.failAt = undefined;
    loop.run(1);
    expect(posted.at(-1)?.failure).toBeUndefined();
    scheduler.drain();
    expect(loop.state).toBe('finished');
  });

  it('of a single step reject it', () => {
    model.failAt = 1;
    expect(() => loop.stepBatch()).toThrow(/not a number/);
    expect(loop.state).toBe('failed');
  });

  it('of an epoch reject it', async () => {
    model.failAt = 3;
    const outcome = expect(loop.stepEpoch()).rejects.toThrow(/not a number/);
    scheduler.drain();
    await outcome;
  });

  it('disposing rejects what is pending and ends the slices', async () => {
    const outcomes = [
      expect(loop.evaluate('test')).rejects.toMatchObject({ code: 'disposed' }),
      expect(loop.stepEpoch()).rejects.toMatchObject({ code: 'disposed' }),
    ];
    loop.dispose(new KernelgartenError('disposed', 'gone'));
    await Promise.all(outcomes);
    expect(scheduler.closed).toBe(true);
    expect(scheduler.slice()).toBe(false);
  });
});

it('yields to messages through the real scheduler', async () => {
  ({ model, loop } = new DrivenLoop({ scheduler: messageScheduler() }));
  loop.run(1_000_000);
  // Another channel gets its word in while the loop runs.
  const { port1, port2 } = new MessageChannel();
  for (let count = 0; count < 5; count += 1) {
    await new Promise<void>((resolve) => {
      port1.onmessage = () => {
        resolve();
      };
      port2.postMessage(undefined);
    });
  }
  port1.close();
  loop.pause();
  const { steps } = model;
  expect(steps).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(model.steps).toBe(steps);
  loop.dispose(new KernelgartenError('disposed', 'done'));
});
