import type { RecordData } from '~/api/types.ts';
import type { Activity } from '~/entities/activity/activity.ts';
import { hrefOf } from '~/entities/catalog/catalog.ts';

/** Records behind the rows by `type/id`. */
export type Known = ReadonlyMap<string, RecordData>;

/** One row of the day: an activity, or a record that has none. */
export interface Line {
  key: string;
  title: string;
  activity?: Activity;
  /** The lead or deal it is about, as far as the reader sees it. */
  record?: RecordData;
  about?: string;
  client: string;
  phone?: string;
  href?: string;
  /** How long a record without a step has been silent, ms. */
  silent?: number;
  who?: number | null;
}

/** How many days the strip shows, from Monday. */
export const DAYS_SHOWN = 10;

const DAY = 86_400_000;

/** A calendar day some days on. */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * DAY).toISOString().slice(0, 10);
}

/** How many days have passed since Monday. */
export function daysFromMonday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

type Linked = { id: number; title: string } | null | undefined;

/** The client of a record as people call him; nothing when its title says it already. */
export function clientOf(record: RecordData | undefined): string {
  if (!record) return '';
  const named = (record.company as Linked)?.title ?? record.company_name ?? (record.contact as Linked)?.title;
  const client = String(named ?? record.person_name ?? '');
  return client === record.title ? '' : client;
}

function phoneOf(record: RecordData | undefined, known: Known): string | undefined {
  const contact = (record?.contact as Linked)?.id;
  for (const from of [record, contact ? known.get(`contact/${contact}`) : undefined]) {
    const phone = (from?.phones as { value: string; normalised?: string }[] | null | undefined)?.[0];
    if (phone) return (phone.normalised ?? phone.value).replace(/[^\d+]/g, '');
  }
  return undefined;
}

/** The row of an activity. */
export function lineOf(activity: Activity, known: Known): Line {
  const about = activity.about?.find((each) => each.type === 'deal' || each.type === 'lead') ?? activity.about?.[0];
  const record = about ? known.get(`${about.type}/${about.id}`) : undefined;
  const sale = record?.type === 'deal' || record?.type === 'lead' ? record : undefined;
  return {
    key: `activity/${activity.id}`,
    title: activity.title,
    activity,
    record: sale,
    about: about?.title,
    client: clientOf(sale),
    phone: phoneOf(record, known),
    href: about ? hrefOf(about.type, about.id) : hrefOf('activity', activity.id),
    who: activity.responsible,
  };
}

/** The rows of records nobody has planned anything for, those silent longest first. */
export function linesOf(records: RecordData[], now: number): Line[] {
  return records
    .map((record) => ({
      key: `${record.type}/${record.id}`,
      title: '',
      record,
      about: record.title,
      client: clientOf(record),
      href: hrefOf(record.type, record.id),
      silent: now - Date.parse(String(record.updated_at ?? '')),
      who: record.responsible as number | null,
    }))
    .sort((a, b) => b.silent - a.silent);
}
