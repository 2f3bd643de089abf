import type { Attachment } from 'svelte/attachments';

/**
 * Runs `enter` while the element is on the screen (or within 100 pixels of it) and what it returned
 * when it leaves.
 */
export function whileVisible(enter: () => () => void): Attachment {
  return (element) => {
    let leave: (() => void) | undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const visible = entries.at(-1)?.isIntersecting === true;
        if (visible) leave ??= enter();
        else {
          leave?.();
          leave = undefined;
        }
      },
      { rootMargin: '100px' },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      leave?.();
    };
  };
}
