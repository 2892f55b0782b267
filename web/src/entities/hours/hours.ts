import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Page } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Intervals like 09:00-18:00 by day of the week. */
export type Week = Partial<Record<Weekday, string[]>>;

export interface Hours {
  zone?: string;
  country?: string;
  week?: Week;
  dates?: Record<string, string[]>;
}

export type Owner = 'portal' | 'department' | 'person';

export interface Schedule {
  owner: Owner;
  id: number;
  own: Hours;
  effective: { zone?: string; week: Week; dates?: Record<string, string[]> };
  country: string;
  editable: boolean;
}

export interface Calendar {
  country: string;
  first_year: number;
  last_year: number;
  shipped: number;
  portal: boolean;
}

export type DayKind = 'off' | 'short' | 'work' | 'plain';

export interface CalendarDay {
  date: string;
  kind: DayKind;
  title: string;
  moved_from: string | null;
  edited: boolean;
}

export type AbsenceKind = 'vacation' | 'sick' | 'trip' | 'day_off' | 'other';

export interface Absence {
  id: number;
  user: number;
  kind: AbsenceKind | '';
  first: string;
  last: string;
  from: string;
  to: string;
  substitute: number | null;
  note: string;
  away_until: string | null;
  editable: boolean;
}

export interface WorkingSpan {
  kind: 'work' | 'pause';
  from: string;
  to: string | null;
}

export interface WorkingDay {
  user: number;
  day: string;
  state: 'not_started' | 'started' | 'paused' | 'finished';
  spans: WorkingSpan[];
  worked_seconds: number;
  paused_seconds: number;
  planned_seconds: number;
  zone: string;
  now: string;
  works: boolean;
  next: string | null;
  corrections: { at: string; by: number | null; reason: string; before: WorkingSpan[]; after: WorkingSpan[] }[];
  editable: boolean;
}

const items = <T>(path: string, query?: Record<string, string | number | undefined>) => ({
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Page<T>>(path, query, signal).then((page) => page.items),
});

/** The working time of the portal and of all who have one of their own. */
export const schedulesQuery = queryOptions({
  queryKey: ['hours', 'schedules'],
  ...items<Schedule>('/schedules'),
  staleTime: 60_000,
});

/** The calendars of countries. */
export const calendarsQuery = queryOptions({
  queryKey: ['hours', 'calendars'],
  ...items<Calendar>('/calendars'),
  staleTime: 60_000,
});

/** The days of a country's calendar in a year. */
export const calendarDaysQuery = (country: string, year: number) =>
  queryOptions({
    queryKey: ['hours', 'days', country, year],
    ...items<CalendarDay>('/calendar-days', { country, year }),
    staleTime: 60_000,
  });

/** Who is away between two dates. */
export const absencesQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['hours', 'absences', from, to],
    ...items<Absence>('/absences', { from, to }),
    staleTime: 60_000,
  });

/** One's own working day. */
export const workingDayQuery = queryOptions({
  queryKey: ['hours', 'my-day'],
  queryFn: ({ signal }) => api.get<WorkingDay>('/working-day', undefined, signal),
  staleTime: 60_000,
});

/** The working days of one's people between two dates. */
export const workingDaysQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['hours', 'working-days', from, to],
    ...items<WorkingDay>('/working-days', { from, to }),
    staleTime: 30_000,
  });

/** A country by its code. */
export function countryTitle(code: string): string {
  switch (code) {
    case 'RU':
      return t('Россия');
    case 'BY':
      return t('Беларусь');
    case 'KZ':
      return t('Казахстан');
    case 'UZ':
      return t('Узбекистан');
    default:
      return t('без праздников');
  }
}

export const countries = ['RU', 'BY', 'KZ', 'UZ', 'none'];

/** A kind of absence in words. */
export function absenceTitle(kind: string): string {
  switch (kind) {
    case 'vacation':
      return t('Отпуск');
    case 'sick':
      return t('Больничный');
    case 'trip':
      return t('Командировка');
    case 'day_off':
      return t('Отгул');
    case 'other':
      return t('Другое');
    default:
      return t('Нет на месте');
  }
}

export const absenceKinds: AbsenceKind[] = ['vacation', 'sick', 'trip', 'day_off', 'other'];

/** What a calendar says of a date, in words. */
export function dayKindTitle(kind: string): string {
  switch (kind) {
    case 'off':
      return t('выходной');
    case 'short':
      return t('на час короче');
    case 'work':
      return t('рабочий');
    default:
      return t('обычный');
  }
}

/** Days are counted in UTC so that no clock change moves them. */
export const dayMs = 86_400_000;
export const isoOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
export const msOf = (iso: string) => Date.parse(`${iso}T00:00:00Z`);
export const plusDays = (iso: string, days: number) => isoOf(msOf(iso) + days * dayMs);
/** 0 is Monday. */
export const weekdayOf = (iso: string) => (new Date(msOf(iso)).getUTCDay() + 6) % 7;
