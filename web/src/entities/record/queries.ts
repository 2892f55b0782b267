import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { BoardData, Page, RecordData, RecordType, StageTotal, TimelinePage, Visit } from '~/api/types.ts';
import { knownFields, knownOf } from '~/entities/catalog/catalog.ts';

/** What a board or list shows: the part of the address that the server answers to. */
export interface ViewQuery {
  type: string;
  pipeline?: string;
  /** A condition text. */
  filter: string;
  sort: string;
}

/** The fields of a board card that a type has. */
export function cardFields(type: RecordType): string {
  const wanted = [
    'title',
    'stage',
    'pipeline',
    'responsible',
    'next_at',
    'next_title',
    'amount',
    'company',
    'contact',
    'person_name',
    'company_name',
    'stage_entered_at',
  ];
  return knownOf(type, wanted.join(','));
}

/** The columns of a pipeline with their first cards. */
export const boardQuery = (view: ViewQuery, fields: string) =>
  queryOptions({
    queryKey: ['board', view.type, view.pipeline, view.filter, view.sort],
    queryFn: ({ signal }) =>
      api.get<BoardData>(
        `/records/${view.type}/board`,
        { pipeline: view.pipeline, filter: view.filter, sort: view.sort, fields, limit: 20 },
        signal,
      ),
    staleTime: 30_000,
  });

/** Counts and sums of all visible records by stage. */
export const totalsQuery = (view: Pick<ViewQuery, 'type' | 'pipeline' | 'filter'>) =>
  queryOptions({
    queryKey: ['totals', view.type, view.pipeline, view.filter],
    queryFn: ({ signal }) =>
      api.get<{ stages: StageTotal[]; exact?: boolean }>(
        `/records/${view.type}/totals`,
        { pipeline: view.pipeline, filter: view.filter },
        signal,
      ),
    staleTime: 30_000,
  });

/** A number of records; without `exact` there are more. */
export interface Counted {
  count: number;
  exact?: boolean;
}

/** How many records a condition finds. */
export const countQuery = (type: string, filter: string, pipeline?: string) =>
  queryOptions({
    queryKey: ['count', type, pipeline, filter],
    queryFn: ({ signal }) => api.get<Counted>(`/records/${type}/count`, { filter, pipeline }, signal),
    staleTime: 30_000,
  });

/** A list page by page. */
export const listQuery = (view: ViewQuery, fields: string) =>
  infiniteQueryOptions({
    queryKey: ['list', view.type, view.pipeline, view.filter, view.sort, fields],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<RecordData>>(
        `/records/${view.type}`,
        { pipeline: view.pipeline, filter: view.filter, sort: view.sort, fields, limit: 60, after: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 30_000,
  });

/** One record with all its fields. */
export const recordQuery = (type: string, id: number) =>
  queryOptions({
    queryKey: ['record', type, id],
    queryFn: ({ signal }) => api.get<RecordData>(`/records/${type}/${id}`, undefined, signal),
    staleTime: 10_000,
    retry: false,
  });

/** What happened to a record, latest first. */
export const timelineQuery = (type: string, id: number) =>
  infiniteQueryOptions({
    queryKey: ['timeline', type, id],
    queryFn: ({ pageParam, signal }) =>
      api.get<TimelinePage>(`/records/${type}/${id}/timeline`, { after: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 10_000,
  });

/** How long a record stood at which stage. */
export const visitsQuery = (type: string, id: number) =>
  queryOptions({
    queryKey: ['visits', type, id],
    queryFn: ({ signal }) =>
      api.get<Page<Visit>>(`/records/${type}/${id}/visits`, undefined, signal).then((page) => page.items),
    staleTime: 10_000,
  });

/** The newest records that link to one by a field. */
export const relatedQuery = (type: string, field: string, id: number) =>
  queryOptions({
    queryKey: ['list-related', type, field, id],
    queryFn: async ({ client, signal }) => {
      const fields = await knownFields(client, type, 'title,amount,pipeline,stage');
      const filter = `${field} in (${id})`;
      return (await api.get<Page<RecordData>>(`/records/${type}`, { filter, sort: '-id', fields, limit: 10 }, signal))
        .items;
    },
    staleTime: 10_000,
  });

/** Records whose title begins or contains a text, for choosing a link. */
export const findQuery = (type: string, text: string) =>
  queryOptions({
    queryKey: ['find', type, text],
    queryFn: ({ signal }) =>
      api
        .get<Page<RecordData>>(
          `/records/${type}`,
          { fields: 'title', limit: 20, filter: text ? `contains(title, "${text.replace(/[\\"]/g, '\\$&')}")` : '' },
          signal,
        )
        .then((page) => page.items),
    staleTime: 30_000,
  });

/** Forgets what the screens hold about a record and the sums it is part of, so that they ask again. */
export function forget(client: QueryClient, type: string, id?: number): void {
  for (const key of ['totals', 'count']) void client.invalidateQueries({ queryKey: [key, type] });
  if (id !== undefined) {
    for (const key of ['record', 'timeline', 'visits']) void client.invalidateQueries({ queryKey: [key, type, id] });
  }
}
