import { isToday, lateness, when } from '~/i18n/format.ts';

/** The four forms of the line that says what comes next on a card. */
export type NextStep = { form: 'none' } | { form: 'planned' | 'today' | 'late'; title: string; when: string };

/** What a record's next step looks like now. Late ones say how long, not when. */
export function nextStep(record: { next_at?: string | null; next_title?: string | null }, now: number): NextStep {
  if (!record.next_at) return { form: 'none' };
  const at = Date.parse(record.next_at);
  const title = record.next_title ?? '';
  if (at < now) return { form: 'late', title, when: lateness(now - at) };
  return { form: isToday(at, now) ? 'today' : 'planned', title, when: when(at, now) };
}
