import { useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import type { IconName } from './icons.ts';

/**
 * Something a person can do here and now. One object serves the button, the menu, the shortcut, the palette and the
 * list of shortcuts, so that they never disagree.
 */
export interface Action {
  id: string;
  title: string;
  /** The heading under which the list of shortcuts shows it. */
  group: string;
  icon?: IconName;
  /** A key by its place on the keyboard (KeyboardEvent.code), with optional `mod+`, `shift+`: works on any layout. */
  key?: string;
  /** Extra words the palette finds it by. */
  words?: string;
  /** A shortcut that isn't a command of its own (moving through a list) is shown in the help only. */
  hidden?: boolean;
  run: () => void;
}

const stack: { action: Action }[] = [];
const listeners = new Set<() => void>();
let snapshot: readonly Action[] = [];

function changed(): void {
  const byId = new Map<string, Action>();
  for (const entry of stack) byId.set(entry.action.id, entry.action);
  snapshot = [...byId.values()];
  for (const listener of listeners) listener();
}

/** Offers an action while the component is on the screen; the latest one with an id or key wins. */
export function useAction(action: Action | null): void {
  const latest = useRef(action);
  latest.current = action;
  const id = action?.id;
  const title = action?.title;
  const key = action?.key;
  // Before the page is painted: a key does what the screen shows, however fast it is pressed.
  useLayoutEffect(() => {
    if (!latest.current || id === undefined) return;
    const entry = { action: { ...latest.current, title: title ?? '', key, run: () => latest.current?.run() } };
    stack.push(entry);
    changed();
    return () => {
      stack.splice(stack.indexOf(entry), 1);
      changed();
    };
  }, [id, title, key]);
}

/** All actions on offer now. */
export function useActions(): readonly Action[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}

/** Whether keys typed into this element are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !/^(checkbox|radio|button|submit|range|file)$/.test(target.type);
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** Whether an event is the key described: `KeyC`, `mod+KeyK`, `shift+Slash`. */
export function matches(event: KeyboardEvent, key: string): boolean {
  const parts = key.split('+');
  const code = parts.pop();
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return (
    event.code === code &&
    mod === parts.includes('mod') &&
    event.shiftKey === parts.includes('shift') &&
    event.altKey === parts.includes('alt')
  );
}

/** The key as it is written on buttons: «Ctrl K», «C». */
export function keyName(key: string): string {
  return key
    .split('+')
    .map((part) => {
      if (part === 'mod') return isMac ? '⌘' : 'Ctrl';
      if (part === 'shift') return 'Shift';
      if (part === 'alt') return isMac ? '⌥' : 'Alt';
      const named: Record<string, string> = {
        Enter: '↵',
        ArrowUp: '↑',
        ArrowDown: '↓',
        ArrowLeft: '←',
        ArrowRight: '→',
        Slash: '?',
        Delete: 'Del',
        Escape: 'Esc',
      };
      return named[part] ?? part.replace(/^(Key|Digit)/, '');
    })
    .join(' ');
}

/** Whether a dialog, menu or list lies over the page: keys belong to it then, Escape first of all. */
function isCovered(): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]')) return true;
  // The list of a picker stays in the page while it is closed.
  const lists = [...document.querySelectorAll<HTMLElement>('[data-portal] [role="listbox"]')];
  return lists.some((list) => list.checkVisibility?.() ?? true);
}

// A dialog closes by the same Escape before the page hears of it: what counts is what lay over the page when the key went down.
let coveredBefore = false;
if (typeof window !== 'undefined')
  window.addEventListener('keydown', () => (coveredBefore = isCovered()), { capture: true });

/** Runs the action a pressed key belongs to. Returns whether there was one. */
export function press(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || coveredBefore || isCovered()) return false;
  const typing = isTyping(event.target);
  for (let at = stack.length - 1; at >= 0; at--) {
    const { action } = stack[at]!;
    if (!action.key || !matches(event, action.key)) continue;
    if (typing && !action.key.includes('mod+')) continue;
    // Ctrl Z in a text field belongs to the text.
    if (typing && action.key === 'mod+KeyZ') continue;
    event.preventDefault();
    action.run();
    return true;
  }
  return false;
}

/** Runs an action that is on offer now, by its id; for buttons far from the place that offers it. */
export function runAction(id: string): void {
  stack.findLast((entry) => entry.action.id === id)?.action.run();
}
