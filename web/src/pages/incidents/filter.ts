import { monthEnd, monthsAgo, plusDays, today } from '~/entities/figures/figures.ts';

/** What the address of the page keeps. */
export interface IncidentSearch {
  kind?: string;
  user?: number;
  drum?: number;
  department?: number;
  from?: string;
  to?: string;
  /** A chosen cell of the table: a person, 0 for all, and a month, empty for all. */
  cell?: string;
}

/** The period, twelve months when the address doesn't say. */
export function periodOf(search: IncidentSearch): { from: string; to: string } {
  return { from: search.from || monthsAgo(11), to: search.to || today() };
}

/** What reports are asked: both days are inside. */
export function reportFilter(search: IncidentSearch) {
  const { kind, user, drum, department } = search;
  return { kind, user, drum, department, ...periodOf(search) };
}

/** What the journal below the table is asked; its `to` is the first day that is out. */
export function journalFilter(search: IncidentSearch) {
  const filter = reportFilter(search);
  const [user, month] = (search.cell ?? '').split(':');
  if (Number(user)) filter.user = Number(user);
  if (month) {
    if (`${month}-01` > filter.from) filter.from = `${month}-01`;
    if (monthEnd(month) < filter.to) filter.to = monthEnd(month);
  }
  return { ...filter, to: plusDays(filter.to, 1) };
}
