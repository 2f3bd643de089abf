import { beforeEach, describe, expect, it } from 'vitest';
import { RewindPoints } from '../../bindings/src/rewind_points.js';
import type { StepPlace } from '../../bindings/src/types.js';
import { DrivenLoop } from './support/driven_loop.js';
import { thrownBy } from './support/errors.js';

let { clock, model, scheduler, posted, loop } = new DrivenLoop();

beforeEach(() => {
  ({ clock, model, scheduler, posted, loop } = new DrivenLoop());
});

/** Steps of a second each. */
function takeSteps(count: number): void {
  model.stepMilliseconds = 1000;
  for (let step = 0; step < count; step += 1) loop.stepBatch();
}

const rewindAll = (times: number) => Array.from({ length: times }, () => loop.rewind()?.step);

describe('rewind', () => {
  it('is refused before the first step', () => {
    expect(thrownBy(() => loop.rewind())).toMatchObject({
      code: 'invalid-argument',
      where: 'rewind',
    });
    expect(loop.state).toBe('idle');
  });

  it('goes back to fresh weights in the first seconds, any number of times', () => {
    takeSteps(2);
    expect(rewindAll(2)).toEqual([undefined, undefined]);
    expect(model.steps).toBe(0);
    takeSteps(1);
    expect(rewindAll(1)).toEqual([undefined]);
    expect(model.steps).toBe(0);
  });

  it('goes back to every third second, at most three of them, each once, then to fresh weights', () => {
    takeSteps(20); // points after 3, 6, 9, 12, 15 and 18 steps
    expect(rewindAll(5)).toEqual([18, 15, 12, undefined, undefined]);
    expect(model.steps).toBe(0);
  });

  it('counts training only, and from the moment that it went back', () => {
    takeSteps(4);
    clock.time += 100_000;
    takeSteps(1);
    expect(rewindAll(1)).toEqual([3]);
    expect(model.steps).toBe(3);
    takeSteps(2); // steps 4 and 5: two seconds
    expect(rewindAll(1)).toEqual([undefined]);
    takeSteps(3);
    expect(rewindAll(1)).toEqual([3]);
  });

  it('takes no point while it stands still between parts of a step', () => {
    model.partsPerStep = 4;
    model.stepMilliseconds = 4000;
    loop.run(1);
    scheduler.slice();
    loop.pause();
    expect(model.partsDone).toBe(1);
    expect(loop.rewind()).toBeUndefined();
    expect([model.steps, model.partsDone]).toEqual([0, 0]);
  });

  it('leaves a run paused, which ends where it would have ended', () => {
    model.stepMilliseconds = 1000;
    loop.run(2);
    while (model.steps < 17) scheduler.slice();
    expect(loop.rewind()?.step).toBe(15);
    expect(loop.state).toBe('paused');
    expect(posted.at(-1)).toMatchObject({ state: 'paused', step: 15, epoch: 2, batch: 5 });
    expect(model.steps).toBe(15);
    loop.resume();
    scheduler.drain();
    expect(loop.state).toBe('finished');
    expect(model.steps).toBe(20);
    expect(posted.at(-1)).toMatchObject({ step: 20, epoch: 2, epochs: 2 });
  });

  it('across the end of an epoch: the epoch is trained and evaluated again', () => {
    model.stepMilliseconds = 1000;
    loop.run(2);
    while (model.steps < 11) scheduler.slice();
    expect(model.evaluationsBegun).toBe(1);
    expect(loop.rewind()?.step).toBe(9);
    expect(posted.at(-1)).toMatchObject({ step: 9, epoch: 1, batch: 9 });
    loop.resume();
    scheduler.drain();
    expect(model.evaluationsBegun).toBe(3);
    expect(posted.flatMap(({ evaluations }) => evaluations.map(({ step }) => step))).toEqual([
      10, 10, 20,
    ]);
    expect(model.steps).toBe(20);
  });

  it('without a run leaves it idle, and the next run counts whole epochs from there', () => {
    takeSteps(14);
    expect(loop.rewind()?.step).toBe(12);
    expect(loop.state).toBe('idle');
    model.stepMilliseconds = 10;
    loop.run(1);
    scheduler.drain();
    expect(model.steps).toBe(20);
    expect(loop.state).toBe('finished');
  });

  it('brings a failed run back to life', () => {
    model.stepMilliseconds = 1000;
    model.failAt = 8;
    loop.run(1);
    scheduler.drain();
    expect(loop.state).toBe('failed');
    expect(loop.rewind()?.step).toBe(6);
    expect(posted.at(-1)?.failure).toBeUndefined();
    expect(loop.state).toBe('paused');
    model.failAt = undefined;
    loop.resume();
    scheduler.drain();
    expect(loop.state).toBe('finished');
    expect(model.steps).toBe(10);
  });

  it('of a finished run leaves it paused before its end', () => {
    model.stepMilliseconds = 1000;
    loop.run(1);
    scheduler.drain();
    expect(loop.state).toBe('finished');
    expect(loop.rewind()?.step).toBe(9);
    expect(loop.state).toBe('paused');
    loop.resume();
    scheduler.drain();
    expect([loop.state, model.steps]).toEqual(['finished', 10]);
  });

  it('cuts an epoch short that was asked for alone', async () => {
    model.stepMilliseconds = 10;
    const epoch = loop.stepEpoch();
    const outcome = epoch.then(
      () => 'done',
      (thrown: unknown) => thrown,
    );
    scheduler.slice();
    loop.rewind();
    expect(await outcome).toMatchObject({ code: 'aborted', where: 'stepEpoch' });
    expect(loop.state).toBe('idle');
    expect(model.steps).toBe(0);
  });
});

describe('rewind points', () => {
  it('ask for a checkpoint only when it is time', () => {
    const points = new RewindPoints<StepPlace>();
    let asked = 0;
    const checkpoint = () => {
      asked += 1;
      return new Uint8Array();
    };
    expect(points.take()).toBeUndefined();
    points.offer(0, undefined, checkpoint);
    for (let step = 1; step <= 300; step += 1) {
      points.offer(20, { step, epoch: 1, batch: step }, checkpoint);
    }
    expect(asked).toBe(3);
    expect(points.take()?.step?.step).toBe(300);
    expect(points.take()?.step?.step).toBe(150);
    expect(points.take()?.step).toBeUndefined();
  });
});
