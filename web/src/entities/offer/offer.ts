import type { QueryClient } from '@tanstack/react-query';
import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Offer, Page } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { setSkew } from '~/ui/clock.ts';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** The offers that wait for the person whose screen this is. */
export const myOffersQuery = queryOptions({
  queryKey: ['offers', 'mine'],
  queryFn: async ({ signal }) => {
    const { items } = await api.get<Page<Offer>>('/offers', { mine: true }, signal);
    for (const offer of items) setSkew(offer.due_at, offer.seconds_left);
    return items;
  },
  staleTime: 15_000,
});

/** The offers of everybody whose records the person sees. */
export const teamOffersQuery = queryOptions({
  queryKey: ['offers', 'team'],
  queryFn: ({ signal }) => api.get<Page<Offer>>('/offers', { limit: 50 }, signal).then((page) => page.items),
  staleTime: 15_000,
});

/** Whether an offer still runs. */
export function isOpen(offer: Offer | null | undefined): offer is Offer {
  return !!offer && ['offered', 'escalated', 'waiting'].includes(offer.state);
}

/** Takes a record into work. Who was later hears it. */
export async function takeOffer(client: QueryClient, offer: Pick<Offer, 'id' | 'type' | 'record'>): Promise<boolean> {
  try {
    await api.post(`/offers/${offer.id}/take`);
    toast({ text: t('Взято в работу') });
    return true;
  } catch (error) {
    toast({ kind: 'error', text: t('Не взято'), detail: errorText(error) });
    return false;
  } finally {
    for (const queryKey of [
      ['offers'],
      ['board', offer.type],
      ['list', offer.type],
      ['record', offer.type, offer.record],
      ['timeline', offer.type, offer.record],
    ]) {
      void client.invalidateQueries({ queryKey });
    }
  }
}
