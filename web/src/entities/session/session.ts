import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Me, Portal, Setup } from '~/api/types.ts';
import { setZone } from '~/i18n/format.ts';
import { setLook } from '~/ui/look.ts';

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get<Me>('/me', undefined, signal),
  staleTime: 60_000,
  retry: false,
});

/** The company the portal serves. */
export const portalQuery = queryOptions({
  queryKey: ['portal'],
  queryFn: ({ signal }) => api.get<Portal>('/portal', undefined, signal),
  staleTime: 300_000,
});

/** Whether the portal still waits for its first run. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => api.get<Setup>('/setup'),
  staleTime: 60_000,
  retry: false,
});

/** The person whose screen this is; only below the shell, which has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** The portal; only below the shell, which has loaded it. */
export function usePortal(): Portal {
  return useSuspenseQuery(portalQuery).data;
}

/** The portal where it may be missing (login). */
export function useMaybePortal(): Portal | undefined {
  return useQuery({ ...portalQuery, enabled: false }).data;
}

const HINT = 'voronka.session';

/** Remembers in this browser that a session was opened or ended, to spare a signed-out visitor a refused question. */
export function rememberSession(open: boolean): void {
  localStorage.setItem(HINT, open ? '1' : '0');
}

/** What this browser remembers of a session; nothing on the first visit. */
export function sessionHint(): 'open' | 'ended' | 'unknown' {
  const kept = localStorage.getItem(HINT);
  return kept === '1' ? 'open' : kept === '0' ? 'ended' : 'unknown';
}

/** Takes the person's own zone and look over to the page. */
export function adopt(me: Me): void {
  setZone(me.zone || undefined);
  setLook({ theme: me.theme || undefined, density: me.density || undefined });
}

/** Whether the person runs the portal: people, pipelines, drums, keys. */
export function isAdmin(me: Me): boolean {
  return me.role === 'admin';
}

/** Whether the person may open a part of the portal: people, pipelines, drums, keys, incidents, bin, records, tokens. */
export function may(me: Me, part: string): boolean {
  return me.can?.[part] ?? isAdmin(me);
}

/** Whether the person answers for others. */
export function isHead(me: Me): boolean {
  return me.role === 'admin' || me.role === 'head' || !!me.head_of?.length;
}
