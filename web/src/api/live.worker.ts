/// <reference lib="webworker" />
/** The one connection of a browser: a SharedWorker holds it and passes each message to every open tab. */
import { connect } from './stream.ts';

const ports = new Set<MessagePort>();
let close: (() => void) | undefined;
let online = false;

/** Opens the connection, or opens it anew for the person who has just signed in. */
function start(): void {
  close?.();
  close = connect((live) => {
    if (live.kind === 'state') online = live.online;
    for (const each of ports) each.postMessage(live);
  });
}

(self as unknown as SharedWorkerGlobalScope).onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = (message) => {
    if (message.data === 'bye') ports.delete(port);
    if (message.data === 'restart') start();
    if (message.data === 'stop') {
      close?.();
      close = undefined;
    }
  };
  if (!close) start();
  // A tab that comes later is told, as the first one was, from when on it misses nothing.
  else if (online) port.postMessage({ kind: 'state', online });
};
