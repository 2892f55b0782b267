import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Page, RecordData } from '~/api/types.ts';
import { knownFields } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** A call, meeting, to-do … as the day shows it. */
export interface Activity extends RecordData {
  kind?: string | null;
  due_at?: string | null;
  done_at?: string | null;
  responsible?: number | null;
  about?: { type: string; id: number; title: string }[] | null;
}

const FIELDS = 'title,kind,due_at,done_at,responsible,about,result';
/** How many a page of the day ever shows; whoever has more late activities has another problem. */
const MOST = 400;

async function some<T>(path: string, params: Record<string, string | number>, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page: Page<T> = await api.get(path, { ...params, limit: 200, after }, signal);
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after && items.length < MOST);
  return items;
}

/** Whose work the day shows: one's own, or that of everybody whose work one sees. */
export type Whose = 'me' | 'team';
const own = (whose: Whose) => (whose === 'me' ? 'responsible = me and ' : '');

/** The activities of some days around today, done ones too. Days count from today in the reader's zone. */
export const daysQuery = (whose: Whose, from: number, to: number) =>
  queryOptions({
    queryKey: ['day', 'window', whose, from, to],
    queryFn: async ({ client, signal }) =>
      some<Activity>(
        '/records/activity',
        {
          filter: `${own(whose)}due_at >= ${relative(from)} and due_at < ${relative(to)}`,
          sort: 'due_at',
          fields: await knownFields(client, 'activity', FIELDS),
        },
        signal,
      ),
    staleTime: 20_000,
  });

/** What should have been done before today and isn't. */
export const overdueQuery = (whose: Whose) =>
  queryOptions({
    queryKey: ['day', 'overdue', whose],
    queryFn: async ({ client, signal }) =>
      some<Activity>(
        '/records/activity',
        {
          filter: `${own(whose)}is empty(done_at) and due_at < today()`,
          sort: 'due_at',
          fields: await knownFields(client, 'activity', FIELDS),
        },
        signal,
      ),
    staleTime: 20_000,
  });

/** Open records of a type nobody has planned anything for, those that have been silent longest first. */
export const steplessQuery = (type: string, whose: Whose) =>
  queryOptions({
    queryKey: ['day', 'stepless', type, whose],
    queryFn: async ({ client, signal }) => {
      const filter = `${own(whose)}is empty(next_at) and is empty(closed_at)`;
      const fields = await knownFields(client, type, saleFields(type));
      return (
        await api.get<Page<RecordData>>(`/records/${type}`, { filter, sort: 'updated_at', fields, limit: 30 }, signal)
      ).items;
    },
    staleTime: 20_000,
  });

/** The records that activities are about, by `type/id`, as far as the reader sees them. */
export const aboutQuery = (type: string, ids: number[], fields: string) =>
  queryOptions({
    queryKey: ['day', 'about', type, ids.join(','), fields],
    queryFn: async ({ client, signal }) => {
      const found: RecordData[] = [];
      const known = await knownFields(client, type, fields);
      for (let at = 0; at < ids.length; at += 200) {
        const part = ids.slice(at, at + 200);
        const page = await api.get<Page<RecordData>>(
          `/records/${type}`,
          { filter: `id in (${part.join(', ')})`, fields: known, limit: part.length },
          signal,
        );
        found.push(...page.items);
      }
      return found;
    },
    enabled: ids.length > 0,
    staleTime: 30_000,
  });

/** What the day shows of a lead or deal. */
export function saleFields(type: string): string {
  const both = 'title,amount,stage,pipeline,company,contact,responsible,next_at,updated_at';
  return type === 'lead' ? `${both},company_name,person_name,phones` : both;
}

function relative(days: number): string {
  if (days === 0) return 'today()';
  return days > 0 ? `today() + ${days} days` : `today() - ${-days} days`;
}

/** Forgets what the day shows, so that it asks again. */
export function forgetDay(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ['day'] });
}

/** Ticks an activity off, or moves it, and offers the way back. A refusal says why. */
export async function changeActivity(
  client: QueryClient,
  activity: Activity,
  fields: { done_at?: string | null; due_at?: string },
  text: string,
): Promise<boolean> {
  const path = `/records/activity/${activity.id}`;
  const before = { done_at: activity.done_at ?? null, due_at: activity.due_at ?? null };
  const told = () => {
    forgetDay(client);
    for (const about of activity.about ?? []) {
      for (const key of ['record', 'timeline'])
        void client.invalidateQueries({ queryKey: [key, about.type, about.id] });
      for (const key of ['board', 'list']) void client.invalidateQueries({ queryKey: [key, about.type] });
    }
  };
  try {
    await api.patch(path, { version: activity.version, ...fields });
    told();
    const back = Object.fromEntries(Object.keys(fields).map((code) => [code, before[code as keyof typeof before]]));
    toast({ text, undo: () => void api.patch(path, back).then(told) });
    return true;
  } catch (error) {
    toast({ kind: 'error', text: t('Не записано'), detail: errorText(error) });
    return false;
  }
}
