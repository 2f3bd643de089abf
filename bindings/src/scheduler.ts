/** Runs a function soon, after messages that wait have been handled. */
export interface Scheduler {
  schedule(task: () => void): void;
  close(): void;
}

/** Node's own; undefined in a browser. */
declare const setImmediate: ((task: () => void) => void) | undefined;

/** The scheduler that suits this environment. */
export function makeScheduler(): Scheduler {
  return typeof setImmediate === 'undefined'
    ? messageScheduler()
    : immediateScheduler(setImmediate);
}

/**
 * Posts a message to itself. Unlike a timer it is not held back to 4 ms, and unlike an animation frame
 * it goes on in a hidden tab.
 */
export function messageScheduler(): Scheduler {
  const { port1, port2 } = new MessageChannel();
  const tasks: (() => void)[] = [];
  port1.onmessage = () => {
    tasks.shift()?.();
  };
  return {
    schedule(task) {
      tasks.push(task);
      port2.postMessage(undefined);
    },
    close() {
      tasks.length = 0;
      port1.close();
    },
  };
}

/**
 * For Node, which reads up to a thousand messages of one port before it looks at another, and so would
 * leave a call to the worker unheard behind the messages of the one above.
 */
function immediateScheduler(runSoon: (task: () => void) => void): Scheduler {
  let open = true;
  return {
    schedule(task) {
      runSoon(() => {
        if (open) task();
      });
    },
    close() {
      open = false;
    },
  };
}
