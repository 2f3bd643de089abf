import { onMount, untrack } from 'svelte';
import { announcer } from '../app/announcer.svelte.ts';
import { listen } from '../app/shortcuts.ts';
import { count } from '../i18n/format.ts';
import { m } from '../i18n/generated/messages.js';
import type { Evaluated, Session } from '../training/session.svelte.ts';

/** What a lesson looks at while its network trains. */
interface Views {
  refresh(): void;
  stop(): void;
}

interface LessonRun<Result extends Evaluated> {
  session: Session<Result>;
  views: Views;
  /** what else the views look at: they look again when it changes */
  watched: () => unknown;
  /** an evaluation in words; with an epoch that it ends */
  announce: (evaluation: Result, epoch: string | undefined) => string;
}

/**
 * What every lesson with a run consists of, for as long as its component is mounted: the run, its keys,
 * fresh views, and what is said to screen readers. Called while the component is set up.
 */
export function runLesson<Result extends Evaluated>({
  session,
  views,
  watched,
  announce,
}: LessonRun<Result>): void {
  onMount(() => {
    void session.start();
    const stopKeys = listen({
      ' ': () => session.toggle(),
      ArrowRight: () => session.stepBatch(),
      'Shift+ArrowRight': () => session.stepEpoch(),
      r: () => session.reset(),
    });
    const stopAnnouncing = session.onEvaluation((evaluation, epoch) => {
      announcer.say(announce(evaluation, epoch === undefined ? undefined : count(epoch)));
    });
    const onVisible = (): void => {
      views.refresh();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stopKeys();
      stopAnnouncing();
      document.removeEventListener('visibilitychange', onVisible);
      views.stop();
      session.dispose();
    };
  });

  $effect(() => {
    void [session.weightsVersion, session.phase, session.running, watched()];
    untrack(() => {
      views.refresh();
    });
  });

  $effect(() => {
    if (session.runState === 'failed') {
      const diverged = session.snapshot?.failure?.code === 'non-finite';
      announcer.say(diverged ? m.announce_failed() : m.problem_internal_title());
    }
    if (session.runState === 'finished') announcer.say(m.announce_finished());
  });
}
