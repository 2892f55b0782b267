import type { Area, FieldRule, Grant, Holder, RoleText } from './role.ts';

/** What one change of a role took away and added. */
export interface RoleDiff {
  title?: { was: string; is: string };
  grants: { gone: Grant[]; come: Grant[] };
  fields: { gone: FieldRule[]; come: FieldRule[] };
  areas: { gone: Area[]; come: Area[] };
  holders: { gone: Holder[]; come: Holder[] };
}

/** A line as its meaning: lists in any order and empty ones left out are the same. */
export function meaning(thing: object): string {
  const entries = Object.entries(thing)
    .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([key, value]) => [key, Array.isArray(value) ? [...value].sort() : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}

/** A holder without the words for him, which may change while he is the same. */
function holderKey(holder: Holder): string {
  return holder.kind === 'position' ? `position:${holder.text}` : `${holder.kind}:${holder.id}`;
}

function lists<T>(was: readonly T[], is: readonly T[], key: (item: T) => string): { gone: T[]; come: T[] } {
  const left = new Map<string, number>();
  for (const item of is) left.set(key(item), (left.get(key(item)) ?? 0) + 1);
  const gone = was.filter((item) => {
    const count = left.get(key(item)) ?? 0;
    if (count) left.set(key(item), count - 1);
    return !count;
  });
  const before = new Map<string, number>();
  for (const item of was) before.set(key(item), (before.get(key(item)) ?? 0) + 1);
  const come = is.filter((item) => {
    const count = before.get(key(item)) ?? 0;
    if (count) before.set(key(item), count - 1);
    return !count;
  });
  return { gone, come };
}

/** What changed between two texts of a role. */
export function diffOf(was: RoleText | null | undefined, is: RoleText | null | undefined): RoleDiff {
  const from = was?.title ?? '';
  const to = is?.title ?? '';
  return {
    title: from !== to ? { was: from, is: to } : undefined,
    grants: lists(was?.grants ?? [], is?.grants ?? [], meaning),
    fields: lists(was?.fields ?? [], is?.fields ?? [], meaning),
    areas: lists(was?.areas ?? [], is?.areas ?? [], String),
    holders: lists(was?.holders ?? [], is?.holders ?? [], holderKey),
  };
}
