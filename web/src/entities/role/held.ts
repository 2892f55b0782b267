import type { Department, User } from '~/api/types.ts';
import type { Group, Role } from './role.ts';

const key = (text: string | undefined) => (text ?? '').trim().replace(/\s+/g, ' ').toLocaleLowerCase();

/** A role somebody has, and by what: himself, his department or one above it, a group, his position. */
export interface Held {
  role: Role;
  /** The title of the department, group or position; "" for the person himself. */
  by: string;
}

/** The roles a person has besides the fixed one, each once, the nearest cause first. */
export function heldBy(user: User, roles: Role[], departments: Department[], groups: Group[]): Held[] {
  const above = new Map<number, string>();
  for (let at = departments.find((each) => each.id === user.department); at && !above.has(at.id); ) {
    above.set(at.id, at.title);
    const parent: number | null | undefined = at.parent;
    at = departments.find((each) => each.id === parent);
  }
  const held: Held[] = [];
  for (const role of roles) {
    const causes = role.holders.flatMap((holder): { rank: number; by: string }[] => {
      if (holder.kind === 'user') return holder.id === user.id ? [{ rank: 0, by: '' }] : [];
      if (holder.kind === 'position')
        return user.position && key(holder.text) === key(user.position) ? [{ rank: 1, by: user.position }] : [];
      if (holder.kind === 'group') {
        const group = groups.find((each) => each.id === holder.id);
        return group?.members.includes(user.id) ? [{ rank: 2, by: group.title }] : [];
      }
      const title = above.get(holder.id);
      return title === undefined ? [] : [{ rank: 3, by: title }];
    });
    const [first] = causes.sort((a, b) => a.rank - b.rank);
    if (first) held.push({ role, by: first.by });
  }
  return held;
}
