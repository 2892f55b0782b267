import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Drum, DrumDecision, DrumState, Page } from '~/api/types.ts';
import { setSkew } from '~/ui/clock.ts';

/** All drums the person may see. */
export const drumsQuery = queryOptions({
  queryKey: ['drums'],
  queryFn: ({ signal }) => api.get<Page<Drum>>('/drums', undefined, signal).then((page) => page.items),
  staleTime: 60_000,
});

/** Whose turn it is in a drum and who holds what. */
export const drumStateQuery = (id: number) =>
  queryOptions({
    queryKey: ['drum-state', id],
    queryFn: async ({ signal }) => {
      const state = await api.get<DrumState>(`/drums/${id}/state`, undefined, signal);
      for (const offer of state.waiting ?? []) setSkew(offer.due_at, offer.seconds_left);
      return state;
    },
    staleTime: 10_000,
    refetchInterval: 30_000,
  });

/** The latest offers of a drum, of a state or of all. */
export const decisionsQuery = (id: number, state: string) =>
  queryOptions({
    queryKey: ['drum-state', id, 'decisions', state],
    queryFn: ({ signal }) =>
      api
        .get<Page<DrumDecision>>(`/drums/${id}/decisions`, { state: state || undefined, limit: 40 }, signal)
        .then((page) => page.items),
    staleTime: 10_000,
    refetchInterval: 30_000,
  });
