import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Department, Field, LostReason, Page, Pipeline, RecordType, Stage, User } from '~/api/types.ts';
import { language, t } from '~/i18n/index.ts';

const LONG = 300_000;

/** The record types with their fields. */
export const typesQuery = queryOptions({
  queryKey: ['types'],
  queryFn: () => api.get<Page<RecordType>>('/types').then((page) => page.items),
  staleTime: LONG,
});

/** All pipelines with their stages. */
export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  queryFn: () => api.get<Page<Pipeline>>('/pipelines').then((page) => page.items),
  staleTime: LONG,
});

/** Everybody, with those who left. */
export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => all<User>('/users'), staleTime: LONG });

/** The tree of departments as a list. */
export const departmentsQuery = queryOptions({
  queryKey: ['departments'],
  queryFn: () => all<Department>('/departments'),
  staleTime: LONG,
});

/** Why records of a type are lost. */
export const lostReasonsQuery = (type: string) =>
  queryOptions({
    queryKey: ['lost-reasons', type],
    queryFn: () => api.get<Page<LostReason>>('/lost-reasons', { type }).then((page) => page.items),
    staleTime: LONG,
  });

/** Follows `next` to the end: for lists a person chooses from. */
export async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page: Page<T> = await api.get(path, { limit: 200, after });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after && items.length < 5000);
  return items;
}

/** The title in the reader's language, or the other one when it is empty. */
export function titleOf(
  thing: { title_ru?: string; title_en?: string; title?: string; code?: string } | undefined | null,
): string {
  if (!thing) return '';
  const [first, second] = language() === 'ru' ? [thing.title_ru, thing.title_en] : [thing.title_en, thing.title_ru];
  return first || second || thing.title || thing.code || '';
}

/** The plural title of a type: «Сделки». */
export function pluralOf(type: RecordType | undefined): string {
  if (!type) return '';
  const [first, second] = language() === 'ru' ? [type.plural_ru, type.plural_en] : [type.plural_en, type.plural_ru];
  return first || second || titleOf(type);
}

const EMPTY: never[] = [];

/** The record types, an empty list until they are here. */
export function useTypes(): RecordType[] {
  return useQuery(typesQuery).data ?? EMPTY;
}

/** One record type. */
export function useType(code: string): RecordType | undefined {
  return useTypes().find((type) => type.code === code);
}

/** Whether the reader may do something with at least some records of a type: see, create, edit, move, delete, assign, export, import. */
export function canDo(type: RecordType | undefined, op: string): boolean {
  return !!type && (type.can?.includes(op) ?? true);
}

/** Those of some fields the reader knows of: one that is hidden from him can't be asked for. */
export function knownOf(type: RecordType | undefined, codes: string): string {
  const own = new Set(type?.fields.map((field) => field.code));
  return codes
    .split(',')
    .filter((code) => own.has(code))
    .join(',');
}

/** knownOf for a query that goes out before anybody has asked for the types; a type that isn't the reader's has no fields but its id. */
export async function knownFields(client: QueryClient, type: string, codes: string): Promise<string> {
  const types = await client.ensureQueryData(typesQuery);
  return (
    knownOf(
      types.find((each) => each.code === type),
      codes,
    ) || 'id'
  );
}

/** The pipelines of a type. */
export function usePipelines(type?: string): Pipeline[] {
  const pipelines = useQuery(pipelinesQuery).data ?? EMPTY;
  return type ? pipelines.filter((pipeline) => pipeline.type === type) : pipelines;
}

/** A stage by its code within a pipeline, with its place for the ring. */
export interface PlacedStage extends Stage {
  pipeline: Pipeline;
  share: number;
}

/** The stages of a pipeline with their places. */
export function placed(pipeline: Pipeline | undefined): PlacedStage[] {
  if (!pipeline) return [];
  const open = pipeline.stages.filter((stage) => stage.kind === 'open');
  return pipeline.stages.map((stage) => ({ ...stage, pipeline, share: (open.indexOf(stage) + 1) / (open.length + 1) }));
}

/** The stage a record stands at. */
export function stageOf(
  pipelines: Pipeline[],
  record: { type: string; pipeline?: string | null; stage?: string | null },
): PlacedStage | undefined {
  const own = pipelines.filter((pipeline) => pipeline.type === record.type);
  const pipeline =
    own.find((each) => each.code === record.pipeline) ??
    own.find((each) => each.stages.some((stage) => stage.code === record.stage));
  return placed(pipeline).find((stage) => stage.code === record.stage);
}

/** Everybody by id. */
export function useUsers(): User[] {
  return useQuery(usersQuery).data ?? EMPTY;
}

/** A person's name by id. */
export function useNames(): (id: number | null | undefined) => string {
  const users = useUsers();
  const byId = new Map(users.map((user) => [user.id, user.name]));
  return (id) => (id ? (byId.get(id) ?? t('Сотрудник {id}', { id })) : '');
}

/** The departments. */
export function useDepartments(): Department[] {
  return useQuery(departmentsQuery).data ?? EMPTY;
}

/** The reasons of a type. */
export function useLostReasons(type: string, enabled = true): LostReason[] {
  return useQuery({ ...lostReasonsQuery(type), enabled }).data ?? EMPTY;
}

/** A field of a type by its code. */
export function fieldOf(type: RecordType | undefined, code: string): Field | undefined {
  return type?.fields.find((field) => field.code === code);
}

/** Addresses of the built-in types; a custom type lives under its code. */
const slugs: Record<string, string> = {
  lead: 'leads',
  deal: 'deals',
  contact: 'contacts',
  company: 'companies',
  activity: 'activities',
};

/** The page of a type's records. */
export function slugOf(type: string): string {
  return slugs[type] ?? type;
}

/** The type a page shows. */
export function typeOfSlug(slug: string): string {
  return Object.entries(slugs).find(([, each]) => each === slug)?.[0] ?? slug;
}

/** The address of a record's card. */
export function hrefOf(type: string, id: number): string {
  return `/${slugOf(type)}/${id}`;
}
