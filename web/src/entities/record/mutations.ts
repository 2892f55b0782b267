import type { QueryClient } from '@tanstack/react-query';
import { ApiError, api } from '~/api/client.ts';
import type { BulkResult, RecordData } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import { hold, patchEverywhere, removeEverywhere } from './cache.ts';
import { forget } from './queries.ts';

type Fields = Record<string, unknown>;

/** Two people changed the same field: both values by its code, and the version the server has now. */
export interface Conflict {
  version: number;
  fields: Record<string, { yours: unknown; theirs: unknown }>;
}

/** The conflict an error tells of, if it is one. */
export function conflictOf(error: unknown): Conflict | null {
  if (!(error instanceof ApiError) || error.status !== 409 || !error.problem.data?.fields) return null;
  return error.problem.data as unknown as Conflict;
}

/**
 * Changes fields of a record at once on the screen and then on the server; a refusal brings the old values back and is
 * thrown on. `base` is the version the person saw.
 */
export async function patchRecord(
  client: QueryClient,
  record: RecordData,
  fields: Fields,
  base = record.version,
): Promise<RecordData> {
  const before: Fields = {};
  for (const code of Object.keys(fields)) before[code] = record[code] ?? null;
  const release = hold(record.type, record.id);
  patchEverywhere(client, record.type, record.id, fields);
  try {
    const saved = await api.patch<RecordData>(`/records/${record.type}/${record.id}`, { version: base, ...fields });
    patchEverywhere(client, record.type, record.id, saved ?? {});
    forget(client, record.type);
    for (const key of ['timeline', 'visits'])
      void client.invalidateQueries({ queryKey: [key, record.type, record.id] });
    return saved;
  } catch (error) {
    patchEverywhere(client, record.type, record.id, before);
    throw error;
  } finally {
    release();
  }
}

/** Changes fields and offers the way back. A refusal says why; it is not thrown. */
export async function changeWithUndo(
  client: QueryClient,
  record: RecordData,
  fields: Fields,
  text: string,
): Promise<boolean> {
  const before: Fields = {};
  for (const code of Object.keys(fields)) before[code] = record[code] ?? null;
  try {
    const saved = await patchRecord(client, record, fields);
    toast({
      text,
      undo: () => {
        void patchRecord(client, { ...record, ...saved }, before).catch((error) =>
          toast({ kind: 'error', text: t('Не вернулось'), detail: errorText(error) }),
        );
      },
    });
    return true;
  } catch (error) {
    toast({ kind: 'error', text: t('Карточка вернулась'), detail: errorText(error) });
    return false;
  }
}

/** Makes a record. */
export async function createRecord(client: QueryClient, type: string, fields: Fields): Promise<RecordData> {
  const made = await api.post<RecordData>(`/records/${type}`, fields);
  void client.invalidateQueries({ queryKey: ['board', type] });
  void client.invalidateQueries({ queryKey: ['list', type] });
  forget(client, type);
  return made;
}

/** Puts records into the bin without a question and offers the way back. */
export async function deleteRecords(client: QueryClient, type: string, ids: readonly number[]): Promise<boolean> {
  const back = removeEverywhere(client, type, new Set(ids));
  const releases = ids.map((id) => hold(type, id));
  try {
    if (ids.length === 1) await api.delete(`/records/${type}/${ids[0]}`);
    else {
      const result = await bulk(type, ids, { delete: true });
      if (result.failed.length) tellFailed(result);
    }
  } catch (error) {
    back();
    toast({ kind: 'error', text: t('Не удалось удалить'), detail: errorText(error) });
    return false;
  } finally {
    for (const release of releases) release();
  }
  forget(client, type);
  toast({
    icon: 'trash',
    text: t(
      '{n, plural, one {# запись в корзине} few {# записи в корзине} many {# записей в корзине} other {# записи в корзине}}',
      { n: ids.length },
    ),
    undo: () => {
      void Promise.all(ids.map((id) => api.post(`/bin/${type}/${id}/restoration`)))
        .catch((error) => toast({ kind: 'error', text: t('Не вернулось'), detail: errorText(error) }))
        .finally(() => {
          void client.invalidateQueries({ queryKey: ['board', type] });
          void client.invalidateQueries({ queryKey: ['list', type] });
          forget(client, type);
        });
    },
  });
  return true;
}

/** The most records one bulk call takes. */
const SLICE = 500;

/** Applies one change to many records in slices; tells how far it has come. */
export async function bulk(
  type: string,
  ids: readonly number[],
  change: { set: Fields } | { delete: true },
  progress?: (done: number) => void,
): Promise<BulkResult> {
  const total: BulkResult = { done: 0, failed: [] };
  for (let at = 0; at < ids.length; at += SLICE) {
    const slice = ids.slice(at, at + SLICE);
    const result = await api.post<BulkResult>(`/records/${type}/bulk`, { ids: slice, ...change });
    total.done += result.done;
    total.failed.push(...(result.failed ?? []));
    progress?.(at + slice.length);
  }
  return total;
}

/** Says how many of a bulk change failed, and the first reason. */
export function tellFailed(result: BulkResult): void {
  const first = result.failed[0];
  toast({
    kind: 'error',
    text: t(
      '{n, plural, one {Не изменилась # запись} few {Не изменились # записи} many {Не изменились # записей} other {Не изменились # записи}}',
      { n: result.failed.length },
    ),
    detail: first?.problem.detail ?? first?.problem.title,
  });
}
