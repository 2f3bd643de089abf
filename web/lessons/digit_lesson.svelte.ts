import { onMount, untrack } from 'svelte';
import { announcer } from '../app/announcer.svelte.ts';
import { listen } from '../app/shortcuts.ts';
import { count, decimal, percent } from '../i18n/format.ts';
import { m } from '../i18n/generated/messages.js';
import { Session } from '../training/session.svelte.ts';
import type { Course } from '../training/settings.ts';
import { provideLesson, type LessonContext } from '../views/context.ts';
import { InputImage } from '../views/input.svelte.ts';
import { LiveViews } from '../views/live.svelte.ts';

/**
 * What a lesson about telling digits apart consists of, for as long as its component is mounted: a
 * run, its keys, one digit to look at, and what is said to screen readers. Called while the component
 * is set up.
 */
export function openDigitLesson(course: Course): LessonContext {
  const session = new Session(course);
  const input = new InputImage();
  const live = new LiveViews(session, input);
  const lesson = { session, input, live };
  provideLesson(lesson);

  onMount(() => {
    void session.start();
    const stopKeys = listen({
      ' ': () => session.toggle(),
      ArrowRight: () => session.stepBatch(),
      'Shift+ArrowRight': () => session.stepEpoch(),
      r: () => session.reset(),
    });
    const stopAnnouncing = session.onEvaluation((evaluation, { epoch, batch, batchesPerEpoch }) => {
      const numbers = {
        accuracy: percent(evaluation.accuracy),
        loss: decimal(evaluation.loss),
      };
      announcer.say(
        batch === batchesPerEpoch
          ? m.announce_epoch({ epoch: count(epoch), ...numbers })
          : m.announce_test(numbers),
      );
    });
    const onVisible = (): void => {
      live.refresh();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stopKeys();
      stopAnnouncing();
      document.removeEventListener('visibilitychange', onVisible);
      live.stop();
      session.dispose();
    };
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

  $effect(() => {
    void [session.weightsVersion, session.phase, session.running, input.pixels];
    untrack(() => {
      live.refresh();
    });
  });

  $effect(() => {
    if (session.runState === 'failed') {
      const diverged = session.snapshot?.failure?.code === 'non-finite';
      announcer.say(diverged ? m.announce_failed() : m.problem_internal_title());
    }
    if (session.runState === 'finished') announcer.say(m.announce_finished());
  });

  return lesson;
}
