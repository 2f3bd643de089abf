import { decimal, percent } from '../i18n/format.ts';
import { m } from '../i18n/generated/messages.js';
import type { Course } from '../training/courses.ts';
import { DigitSession } from '../training/digit_session.svelte.ts';
import { provideLesson, type LessonContext } from '../views/context.ts';
import { InputImage } from '../views/input.svelte.ts';
import { LiveViews } from '../views/live.svelte.ts';
import { runLesson } from './run_lesson.svelte.ts';

/**
 * What a lesson about telling digits apart consists of, for as long as its component is mounted: a
 * run, and one digit to look at. Called while the component is set up.
 */
export function openDigitLesson(course: Course): LessonContext {
  const session = new DigitSession(course);
  const input = new InputImage();
  const live = new LiveViews(session, input);
  const lesson = { session, input, live };
  provideLesson(lesson);

  runLesson({
    session,
    views: live,
    watched: () => input.pixels,
    announce: (evaluation, epoch) => {
      const numbers = {
        accuracy: percent(evaluation.accuracy),
        loss: decimal(evaluation.loss),
      };
      return epoch === undefined
        ? m.announce_test(numbers)
        : m.announce_epoch({ epoch, ...numbers });
    },
  });

  // The first digit to look at, whenever the data changed.
  let shownData: unknown;
  $effect(() => {
    const { trainer, data } = session;
    if (trainer === undefined || data === undefined || data === shownData) return;
    shownData = data;
    void trainer.sample('test', 0).then((sample) => {
      input.sample = sample;
      input.base = undefined;
    });
  });

  return lesson;
}
