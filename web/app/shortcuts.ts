/** What a key does: its name as in `KeyboardEvent.key`, with `Shift+` in front where held. */
export type Shortcuts = Record<string, () => void | Promise<void>>;

const TYPING = 'input, select, textarea, [contenteditable="true"], [data-own-keys]';
const PRESSABLE = 'button, a[href], summary';

/**
 * Listens on the window. Leaves keys alone that belong to what has the focus: fields, parts with
 * their own keys, the space bar on a button, and everything while a dialog is open.
 * @returns removes the listener
 */
export function listen(shortcuts: Shortcuts): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]') !== null) return;
    const target = event.target;
    if (target instanceof Element) {
      if (target.closest(TYPING) !== null) return;
      if (event.key === ' ' && target.closest(PRESSABLE) !== null) return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = shortcuts[event.shiftKey ? `Shift+${key}` : key];
    if (action === undefined) return;
    event.preventDefault();
    if (!event.repeat) void action();
  };
  window.addEventListener('keydown', onKey);
  return () => {
    window.removeEventListener('keydown', onKey);
  };
}
