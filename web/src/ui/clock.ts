import { useSyncExternalStore } from 'react';

/** One ticking second for all countdowns on the screen. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();
/** How far the server's clock is ahead of this machine's. */
let skew = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    now = serverNow();
    timer = setInterval(() => {
      now = serverNow();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (!listeners.size && timer) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

// While nothing ticks the kept time is old; whole seconds make two questions in a row agree.
const snapshot = () => (timer ? now : Math.floor(serverNow() / 1000) * 1000);

/** The server's time in ms, anew each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot);
}

/** Sets this machine's clock right by an answer that says how many seconds were left until an instant. */
export function setSkew(dueAt: string | null | undefined, secondsLeft: number | undefined): void {
  if (!dueAt || !secondsLeft) return;
  const ahead = Date.parse(dueAt) - secondsLeft * 1000 - Date.now();
  skew = Math.abs(ahead) < 1500 ? 0 : ahead;
  now = Date.now() + skew;
}

/** The server's time now, without drawing again. */
export function serverNow(): number {
  return Date.now() + skew;
}
