import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { api } from '~/api/client.ts';
import { onLive, startLive } from '~/api/live.ts';
import type { BoardData, LiveEvent, Page, RecordData } from '~/api/types.ts';
import { typesQuery } from '~/entities/catalog/catalog.ts';
import { isPending, removeEverywhere, replaceInLists, withCard, withoutCard } from '~/entities/record/cache.ts';
import { both } from '~/entities/record/condition.ts';
import { cardFields } from '~/entities/record/queries.ts';
import { askAgain } from './askAgain.ts';

/** Who moved which card a moment ago; a card wears the name for three seconds. */
export interface Flag {
  /** 0: nobody moved it, it has just come in. */
  actor: number;
  at: number;
}
const FLAG_MS = 3000;
let flags: ReadonlyMap<string, Flag> = new Map();
const listeners = new Set<() => void>();
function setFlags(next: ReadonlyMap<string, Flag>): void {
  flags = next;
  for (const listener of listeners) listener();
}
/** Marks the card of a request that has just come. */
export function flagArrival(type: string, id: number): void {
  flag(`${type}/${id}`, 0, 3 * FLAG_MS);
}
function flag(key: string, actor: number, ms = FLAG_MS): void {
  setFlags(new Map([...flags, [key, { actor, at: Date.now() }]]));
  setTimeout(() => {
    const rest = new Map(flags);
    rest.delete(key);
    setFlags(rest);
  }, ms);
}

/** The cards other people have just moved, by `type/id`. */
export function useFlags(): ReadonlyMap<string, Flag> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => flags,
  );
}

/** How long news gathers before the screens ask for it: one question for a burst of changes. */
const GATHER_MS = 120;
const TOTALS_MS = 800;

/** Keeps every screen of this tab up to date with what the server tells. */
export function useLive(me: number): void {
  const client = useQueryClient();
  useEffect(() => {
    startLive();
    const news = new Map<string, Set<number>>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let totals: ReturnType<typeof setTimeout> | undefined;
    const stale = new Set<string>();

    const flush = () => {
      timer = undefined;
      for (const [type, ids] of news) void refresh(client, type, [...ids]);
      news.clear();
    };
    const gather = (type: string, id: number) => {
      const ids = news.get(type) ?? new Set();
      news.set(type, ids.add(id));
      timer ??= setTimeout(flush, GATHER_MS);
    };
    const refreshTotals = (type: string) => {
      stale.add(type);
      totals ??= setTimeout(() => {
        totals = undefined;
        for (const each of stale) {
          void client.invalidateQueries({ queryKey: ['totals', each] });
          void client.invalidateQueries({ queryKey: ['count', each] });
        }
        stale.clear();
      }, TOTALS_MS);
    };

    let listening = false;
    const stop = onLive((event: LiveEvent) => {
      switch (event.kind) {
        case 'state':
          if (event.online && !listening) {
            listening = true;
            void askAgain(client);
          }
          return;
        case 'record': {
          if (isPending(event.type, event.id)) return;
          if (event.event === 'moved' && event.actor && event.actor !== me)
            flag(`${event.type}/${event.id}`, event.actor);
          refreshTotals(event.type);
          if (event.gone) {
            removeEverywhere(client, event.type, new Set([event.id]));
            // Whoever has the card open learns that it is gone; the one who deleted it is on the way out.
            if (event.actor !== me) void client.invalidateQueries({ queryKey: ['record', event.type, event.id] });
            return;
          }
          gather(event.type, event.id);
          for (const key of ['timeline', 'visits'])
            void client.invalidateQueries({ queryKey: [key, event.type, event.id] });
          if (event.type === 'activity') void client.invalidateQueries({ queryKey: ['timeline'] });
          return;
        }
        case 'offer': {
          void client.invalidateQueries({ queryKey: ['offers'] });
          void client.invalidateQueries({ queryKey: ['drum-state'] });
          void client.invalidateQueries({ queryKey: ['incidents'] });
          const { type, record } = event as { type?: string; record?: number };
          if (type && record) {
            gather(type, record);
            void client.invalidateQueries({ queryKey: ['timeline', type, record] });
          }
          return;
        }
        case 'day':
          void client.invalidateQueries({ queryKey: ['hours', 'my-day'] });
          return;
        case 'refused':
          // Asks who is signed in; a refusal leads to the login page.
          void client.invalidateQueries({ queryKey: ['me'] });
          return;
        case 'incident':
          void client.invalidateQueries({ queryKey: ['incidents'] });
          void client.invalidateQueries({ queryKey: ['drum-state'] });
          return;
        case 'config':
          for (const key of [
            'types',
            'pipelines',
            'users',
            'departments',
            'drums',
            'lost-reasons',
            'portal',
            'me',
            'hours',
            'roles',
            'rights',
            'groups',
            'stand-ins',
          ])
            void client.invalidateQueries({ queryKey: [key] });
          return;
        case 'reset':
          void client.invalidateQueries();
          return;
      }
    });
    return () => {
      stop();
      clearTimeout(timer);
      clearTimeout(totals);
    };
  }, [client, me]);
}

/** Asks for the changed records once per board on the screen and puts them where they belong. */
async function refresh(client: QueryClient, type: string, ids: number[]): Promise<void> {
  for (const id of ids) void client.invalidateQueries({ queryKey: ['record', type, id] });
  const described = client.getQueryData(typesQuery.queryKey)?.find((each) => each.code === type);
  if (!described) return;
  const boards = client.getQueryCache().findAll({ queryKey: ['board', type], type: 'active' });
  client.removeQueries({ queryKey: ['board', type], type: 'inactive' });
  for (const query of boards) {
    const [, , pipeline, filter] = query.queryKey as [string, string, string | undefined, string];
    try {
      // A small board of just these records: its cards carry their offers.
      const part = await api.get<BoardData>(`/records/${type}/board`, {
        pipeline,
        filter: both(filter, `id in (${ids.join(', ')})`),
        fields: cardFields(described),
        limit: ids.length,
      });
      client.setQueryData<BoardData>(query.queryKey, (board) => {
        if (!board) return board;
        const found = new Map(
          part.stages.flatMap((stage) =>
            stage.items.map((item) => [item.id, { ...item, stage: stage.stage }] as const),
          ),
        );
        let next = board;
        for (const id of ids) {
          if (isPending(type, id)) continue;
          const card = found.get(id);
          next = card ? withCard(next, card) : withoutCard(next, id);
        }
        return next;
      });
    } catch {
      void client.invalidateQueries({ queryKey: query.queryKey });
    }
  }
  const lists = client.getQueryCache().findAll({ queryKey: ['list', type], type: 'active' });
  if (!lists.length) return;
  // A list keeps its order while it is read: known rows change in place, new ones come with the next question.
  try {
    const page = await api.get<Page<RecordData>>(`/records/${type}`, {
      filter: `id in (${ids.join(', ')})`,
      limit: ids.length,
    });
    for (const item of page.items) if (!isPending(type, item.id)) replaceInLists(client, item);
  } catch {
    void client.invalidateQueries({ queryKey: ['list', type] });
  }
}
