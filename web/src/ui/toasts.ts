import { useSyncExternalStore } from 'react';
import type { IconName } from './icons.ts';

/** A short message at the foot of the screen, with a way back where there is one. */
export interface Toast {
  id: number;
  text: string;
  detail?: string;
  icon?: IconName;
  kind?: 'plain' | 'error';
  action?: { title: string; run: () => void };
  /** What Ctrl Z does while the message is fresh. */
  undo?: () => void;
}

const LIFE = 8000;
let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Shows a message; it leaves by itself after eight seconds. Returns its id. */
export function toast(message: Omit<Toast, 'id'>): number {
  const id = ++last;
  set([...toasts.slice(-2), { id, ...message }]);
  setTimeout(() => dismiss(id), LIFE);
  return id;
}

/** Takes a message away. */
export function dismiss(id: number): void {
  if (toasts.some((entry) => entry.id === id)) set(toasts.filter((entry) => entry.id !== id));
}

/** Undoes the latest change that can be undone. Returns whether there was one. */
export function undoLatest(): boolean {
  const entry = toasts.findLast((candidate) => candidate.undo);
  if (!entry) return false;
  dismiss(entry.id);
  entry.undo?.();
  return true;
}

/** The messages now on the screen. */
export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
