import { connect } from './stream.ts';
import type { LiveEvent } from './types.ts';

type Listener = (event: LiveEvent) => void;
const listeners = new Set<Listener>();
const tell: Listener = (event) => {
  for (const listener of listeners) listener(event);
};
let started = false;
let restart: () => void = () => {};
let stop: () => void = () => {};

/** Hears every live message of this browser's one connection; returns the way to stop. */
export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Starts the connection: in a SharedWorker where there is one, else in the tab that holds a lock. Called again after a
 * new person signed in it connects anew.
 */
export function startLive(): void {
  if (started) {
    restart();
    return;
  }
  started = true;
  if (typeof SharedWorker !== 'undefined') {
    try {
      const worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), {
        type: 'module',
        name: 'voronka-live',
      });
      worker.port.onmessage = (message) => tell(message.data as LiveEvent);
      restart = () => worker.port.postMessage('restart');
      stop = () => worker.port.postMessage('stop');
      addEventListener('pagehide', () => worker.port.postMessage('bye'));
      return;
    } catch {
      // A browser that has the class and forbids it (private windows) goes on with a leading tab.
    }
  }
  startLeading();
}

/** Ends the connection of this browser: the person has left. */
export function stopLive(): void {
  stop();
}

/** One tab holds the lock and the connection and tells the others by a channel; when it closes the next one takes over. */
function startLeading(): void {
  let close: (() => void) | undefined;
  const lead = (hear: Listener) => {
    close?.();
    close = connect(hear);
  };
  if (typeof BroadcastChannel === 'undefined' || !navigator.locks) {
    lead(tell);
    restart = () => lead(tell);
    stop = () => close?.();
    return;
  }
  const channel = new BroadcastChannel('voronka-live');
  const share: Listener = (event) => {
    tell(event);
    channel.postMessage(event);
  };
  channel.onmessage = (message) => {
    if (message.data !== 'restart') tell(message.data as LiveEvent);
    else if (close) lead(share);
  };
  stop = () => close?.();
  restart = () => (close ? lead(share) : channel.postMessage('restart'));
  void navigator.locks.request('voronka-live', () => {
    lead(share);
    return new Promise(() => {});
  });
}
