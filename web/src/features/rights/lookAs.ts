import { api } from '~/api/client.ts';

const FROM = 'voronka.looked-from';

/** Looks with somebody's eyes from now on, read only; the page begins anew. */
export async function lookAs(user: number): Promise<void> {
  await api.post('/session/look-as', { user });
  sessionStorage.setItem(FROM, location.pathname + location.search);
  location.assign('/');
}

/** Ends looking and goes back to where it began. */
export async function stopLooking(): Promise<void> {
  await api.delete('/session/look-as');
  const from = sessionStorage.getItem(FROM);
  sessionStorage.removeItem(FROM);
  location.assign(from?.startsWith('/') && !from.startsWith('//') ? from : '/');
}
