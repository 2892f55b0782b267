/** The service worker of this browser; undefined where there can be none (an address without https, an old browser). */
let worker: Promise<ServiceWorkerRegistration | undefined> | undefined;

/** Has the service worker installed, once. */
export function startWorker(): Promise<ServiceWorkerRegistration | undefined> {
  worker ??=
    'serviceWorker' in navigator
      ? navigator.serviceWorker.register('/sw.js').catch(() => {
          worker = undefined; // the server may be away just now
          return undefined;
        })
      : Promise.resolve(undefined);
  return worker;
}

/** Installing the app, as browsers of the Chromium family offer it. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}
let offered: InstallEvent | undefined;
const listeners = new Set<() => void>();
if (typeof window !== 'undefined') {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offered = event as InstallEvent;
    for (const listener of listeners) listener();
  });
  addEventListener('appinstalled', () => {
    offered = undefined;
    for (const listener of listeners) listener();
  });
}

/** Whether the browser can install the app now, and how. */
export const install = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  offered: () => offered,
  async run(): Promise<void> {
    const event = offered;
    offered = undefined;
    await event?.prompt();
    for (const listener of listeners) listener();
  },
};
