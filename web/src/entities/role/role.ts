import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Page } from '~/api/types.ts';

/** What somebody does with a record. */
export type Op = 'see' | 'create' | 'edit' | 'move' | 'delete' | 'assign' | 'export' | 'import' | 'settings';
export const ops: Op[] = ['see', 'create', 'edit', 'move', 'delete', 'assign', 'export', 'import', 'settings'];

/** Whose records, seen from the person; from the narrowest to the widest. */
export type Scope = 'own' | 'observed' | 'department' | 'below' | 'led' | 'all';
export const scopes: Scope[] = ['own', 'observed', 'department', 'below', 'led', 'all'];

/** A part of the portal somebody may run without being an administrator. */
export type Area = 'people' | 'types' | 'forms' | 'drums' | 'rules' | 'reports' | 'journal' | 'mail' | 'portal';
export const areas: Area[] = ['people', 'types', 'forms', 'drums', 'rules', 'reports', 'journal', 'mail', 'portal'];

/** One line of a role: operations on types, in some pipelines and stages, within scopes. */
export interface Grant {
  /** None: every type. */
  types?: string[] | null;
  /** None: any. */
  pipelines?: number[] | null;
  /** None: any. */
  stages?: number[] | null;
  ops: Op[];
  scopes: Scope[];
  /** An explicit no: it wins over what any role gives. */
  deny?: boolean;
}

/** A line about a field: hidden, or seen and not changed. */
export interface FieldRule {
  type: string;
  field: string;
  access: 'hidden' | 'read_only';
  /** It holds whatever other roles say. */
  deny?: boolean;
}

/** Who has a role; a position is named, everybody else has a number. */
export interface Holder {
  kind: 'user' | 'department' | 'group' | 'position';
  id: number;
  text?: string;
}

export interface Role {
  id: number;
  code?: string;
  title: string;
  /** One of the roles every portal begins with. */
  fixed?: 'admin' | 'head' | 'manager' | 'employee' | 'guest' | '';
  /** How many people who work here have it. */
  people: number;
  grants: Grant[];
  fields: FieldRule[];
  areas: Area[];
  holders: Holder[];
  version: number;
  changed_at?: string | null;
  changed_by?: number | null;
  /** A fixed role that says something else than at first. */
  changed?: boolean;
}

/** What a role says, as its history keeps it. */
export interface RoleText {
  title?: string;
  grants?: Grant[] | null;
  fields?: FieldRule[] | null;
  areas?: Area[] | null;
  holders?: Holder[] | null;
}

export interface RoleChange {
  id: number;
  at: string;
  by?: number | null;
  was?: RoleText | null;
  is?: RoleText | null;
}

/** A line of a role by the place it has among its grants or its lines about fields, from 1. */
export interface LineRef {
  role: number;
  line: number;
}

/** How far an operation reaches: the widest of all scopes that lines give. */
export type Reach = 'none' | Scope;

export interface MatrixCell {
  op: Op;
  scope: Reach;
  scopes?: Scope[] | null;
  /** Only in some pipelines or stages, or less something forbidden. */
  note?: boolean;
  lines?: LineRef[] | null;
}

export interface MatrixRow {
  type: string;
  cells: MatrixCell[];
}

export interface Matrix {
  rows: MatrixRow[];
  areas?: Area[] | null;
  fields?: FieldRight[] | null;
}

/** One line of a role looked at with one of its scopes. */
export interface Reason {
  /** None: the person is an administrator. */
  role?: { id: number; title: string; fixed?: string } | null;
  line: number;
  scope: Scope | '';
  deny: boolean;
  /** The line reaches the record. */
  holds: boolean;
  misses: '' | 'pipeline' | 'stage' | 'scope';
  /** The scope is empty for this person: no department of his own, or none he leads. */
  nobody?: boolean;
  /** Whose line it is when the person only stands in for him. */
  through?: number | null;
}

/** What of a record rights are decided by. */
export interface Facts {
  pipeline?: number | null;
  stage?: number | null;
  responsible?: number | null;
  department?: number | null;
  observers?: number[] | null;
}

export interface FieldRight {
  type: string;
  field: string;
  access: FieldRule['access'];
  lines?: LineRef[] | null;
}

export interface Seen {
  type: string;
  sees: number;
  /** All there are; told to administrators. */
  of?: number | null;
  exact?: boolean;
}

export interface Why {
  user: number;
  op: Op;
  allowed: boolean;
  reasons: Reason[];
  facts?: Facts | null;
  fields: FieldRight[];
  /** Whom to ask when it is no. */
  ask: number[];
  seen: Seen[];
}

export interface Group {
  id: number;
  title: string;
  members: number[];
}

/** Somebody who stands in for another: an assistant shares his sight, a deputy has his rights for a time. */
export interface StandIn {
  id: number;
  user: number;
  for: number;
  kind: 'assistant' | 'deputy';
  from?: string | null;
  until?: string | null;
}

/** All roles, the fixed ones first. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) =>
    api.get<Page<Role>>('/roles', undefined, signal).then((page) => page.items.map(whole).sort(byRank)),
  staleTime: 30_000,
});

/** Lists an answer may leave out are empty. */
export function whole(role: Role): Role {
  return {
    ...role,
    grants: role.grants ?? [],
    fields: role.fields ?? [],
    areas: role.areas ?? [],
    holders: role.holders ?? [],
  };
}

const rank = ['admin', 'head', 'manager', 'employee', 'guest'];
function byRank(a: Role, b: Role): number {
  const place = (role: Role) => (role.fixed ? rank.indexOf(role.fixed) : rank.length);
  return place(a) - place(b) || a.title.localeCompare(b.title);
}

/** What came out of all lines of a role, or of all roles of a person. */
export const matrixQuery = (of: { role: number } | { user: number }) =>
  queryOptions({
    queryKey: ['rights', 'matrix', of],
    queryFn: ({ signal }) => api.get<Matrix>('/rights/matrix', { ...of }, signal),
    staleTime: 10_000,
  });

export interface Question {
  /** Nobody: oneself. */
  user?: number;
  type: string;
  id: number;
  op: Op;
}

/** Whether somebody may do something with a record, and why. */
export const whyQuery = (question: Question) =>
  queryOptions({
    queryKey: ['rights', 'why', question],
    queryFn: ({ signal }) => api.get<Why>('/rights/why', { ...question }, signal),
    staleTime: 0,
    retry: false,
  });

/** How much of each type somebody sees. Any type does for asking. */
export const seenQuery = (user: number, type: string) =>
  queryOptions({
    queryKey: ['rights', 'seen', user],
    queryFn: ({ signal }) => api.get<Why>('/rights/why', { user, type, seen: true }, signal).then((why) => why.seen),
    staleTime: 0,
  });

/** Who may do what with a record. */
export const seenByQuery = (type: string, id: number) =>
  queryOptions({
    queryKey: ['rights', 'seen-by', type, id],
    queryFn: ({ signal }) =>
      api.get<Page<{ user: number; ops: Op[] }>>('/rights/seen-by', { type, id }, signal).then((page) => page.items),
    staleTime: 0,
    retry: false,
  });

/** What a role said at which time, the latest change first. */
export const roleHistoryQuery = (id: number) =>
  queryOptions({
    queryKey: ['roles', id, 'history'],
    queryFn: ({ signal }) =>
      api.get<Page<RoleChange>>(`/roles/${id}/history`, undefined, signal).then((page) => page.items),
    staleTime: 0,
  });

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: ({ signal }) => api.get<Page<Group>>('/groups', undefined, signal).then((page) => page.items),
  staleTime: 30_000,
});

export const standInsQuery = queryOptions({
  queryKey: ['stand-ins'],
  queryFn: ({ signal }) => api.get<Page<StandIn>>('/stand-ins', undefined, signal).then((page) => page.items),
  staleTime: 30_000,
});

/** Puts a role the server has answered with into the list. */
export function keepRole(client: QueryClient, role: Role): void {
  client.setQueryData(rolesQuery.queryKey, (old) => {
    const kept = whole(role);
    return old?.some((each) => each.id === role.id)
      ? old.map((each) => (each.id === role.id ? kept : each))
      : [...(old ?? []), kept].sort(byRank);
  });
}

/** Asks again for all that follows from roles. */
export function forgetRights(client: QueryClient): void {
  for (const key of ['rights', 'groups', 'stand-ins', 'roles']) void client.invalidateQueries({ queryKey: [key] });
}
