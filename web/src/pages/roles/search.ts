import { type Op, ops } from '~/entities/role/role.ts';

/** What the address of the page of rights says: the role shown, a line of it, and the question asked. */
export interface RightsSearch {
  role?: number;
  line?: number;
  user?: number;
  type?: string;
  id?: number;
  op?: Op;
}

const figure = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;

/** Reads the address; what it can't mean is left out. */
export function rightsSearch(search: Record<string, unknown>): RightsSearch {
  return {
    role: figure(search.role),
    line: figure(search.line),
    user: figure(search.user),
    type: typeof search.type === 'string' && search.type ? search.type : undefined,
    id: figure(search.id),
    op: ops.find((op) => op === search.op),
  };
}
