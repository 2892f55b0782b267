/** A line of the access journal. */
export interface Line {
  id: number;
  at: string;
  user: number | null;
  kind: string;
  ip: string;
  browser: string;
  os: string;
  agent: string;
  token: { id: number; title: string } | null;
  type: string;
  record: number;
  title: string;
  data: Record<string, unknown>;
}

/** What the address of the page keeps. */
export interface JournalSearch {
  user?: number;
  kind?: string;
  /** A record: its type and number. */
  type?: string;
  record?: number;
  q?: string;
  from?: string;
  to?: string;
}

const figure = (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined);
const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
const isoDay = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);

/** Reads the address; what it can't mean is left out. */
export function journalSearch(search: Record<string, unknown>): JournalSearch {
  return {
    user: figure(search.user),
    kind: text(search.kind),
    type: text(search.type),
    record: figure(search.record),
    q: typeof search.q === 'number' ? String(search.q) : text(search.q),
    from: isoDay(search.from),
    to: isoDay(search.to),
  };
}
