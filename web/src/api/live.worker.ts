/// <reference lib="webworker" />
/** The one connection of a browser: a SharedWorker holds it and passes each message to every open tab. */
import { connect } from './stream.ts';

const ports = new Set<MessagePort>();
let close: (() => void) | undefined;

/** Opens the connection, or opens it anew for the person who has just signed in. */
function start(): void {
  close?.();
  close = connect((live) => {
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
};
