import { api } from '~/api/client.ts';
import type { PushDevice } from '~/entities/notice/notice.ts';
import { startWorker } from './worker.ts';

/** How this browser stands to pushes: it can't, was forbidden to, or may be asked. */
export type PushState = 'unable' | 'denied' | 'off' | 'on';

/** What this browser is subscribed as. */
async function subscription(): Promise<PushSubscription | null> {
  if (!('PushManager' in window)) return null;
  const registration = await startWorker();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** How this browser stands to pushes, given the devices the portal knows. */
export async function pushState(devices: PushDevice[]): Promise<PushState> {
  if (!('Notification' in window) || !('PushManager' in window) || !(await startWorker())) return 'unable';
  if (Notification.permission === 'denied') return 'denied';
  const here = await subscription();
  return here && devices.some((device) => device.endpoint === here.endpoint) ? 'on' : 'off';
}

/** Asks the person, by his click, and has this browser pushed to. Returns whether it is. */
export async function enablePush(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const registration = await startWorker();
  if (!registration) return false;
  const { key } = await api.get<{ key: string }>('/push/key');
  const applicationServerKey = bytes(key);
  let here = await registration.pushManager.getSubscription();
  if (here && !same(here.options.applicationServerKey, applicationServerKey)) {
    await here.unsubscribe(); // of another portal at this address
    here = null;
  }
  here ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  const { endpoint, keys } = here.toJSON();
  await api.post('/push/subscriptions', { endpoint, keys });
  return true;
}

/** Ends the pushes to this browser. */
export async function disablePush(): Promise<string | undefined> {
  const here = await subscription();
  await here?.unsubscribe();
  return here?.endpoint;
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function same(a: ArrayBuffer | null, b: Uint8Array): boolean {
  if (!a || a.byteLength !== b.byteLength) return false;
  const view = new Uint8Array(a);
  return b.every((value, at) => view[at] === value);
}
