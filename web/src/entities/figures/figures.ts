import { queryOptions } from '@tanstack/react-query';
import { api, type Query } from '~/api/client.ts';
import { titleOf, useType } from '~/entities/catalog/catalog.ts';
import { dayOf, number } from '~/i18n/format.ts';
import { language, t } from '~/i18n/index.ts';

/** A report of the server: incidents, taken, speed, cost, stages, cohort, yesterday. */
export const reportQuery = <T>(name: string, query: Query) =>
  queryOptions({
    queryKey: ['figures', name, query],
    queryFn: ({ signal }) => api.get<T>(`/reports/${name}`, query, signal),
    staleTime: 30_000,
  });

/** What leads cost by code of the source, in minor units. */
export const pricesQuery = queryOptions({
  queryKey: ['lead-prices'],
  queryFn: () => api.get<{ prices: Record<string, number> }>('/lead-prices').then((answer) => answer.prices),
  staleTime: 60_000,
});

/** A calendar day moved by days. */
export function plusDays(iso: string, days: number): string {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The last day of a month given as YYYY-MM. */
export function monthEnd(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** The reader's today. */
export function today(): string {
  return dayOf(Date.now());
}

/** The first day of the month so many months ago. */
export function monthsAgo(months: number): string {
  const [year = 0, month = 0] = today().split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

function monthName(month: string, style: 'long' | 'short'): string {
  const locale = language() === 'ru' ? 'ru-RU' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { month: style, timeZone: 'UTC' }).format(Date.parse(`${month}-01T00:00:00Z`));
}

/** «ноя» */
export function monthShort(month: string): string {
  return monthName(month, 'short').slice(0, 3);
}

/** «ноябрь 2026» */
export function monthLong(month: string): string {
  return `${monthName(month, 'long')} ${month.slice(0, 4)}`;
}

/** 0.914 → «91 %» */
export function percent(share: number): string {
  return language() === 'ru' ? `${number(share * 100)}\u00A0%` : `${number(share * 100)}%`;
}

/** Working minutes: «11 мин», «3,5 ч». */
export function minutes(value: number): string {
  if (value < 120) return t('{minutes} мин', { minutes: number(value, value < 10 ? 1 : 0) });
  return t('{hours} ч', { hours: number(value / 60, 1) });
}

/** How a source is called; an empty code is none. */
export function useSourceTitle(): (code: string) => string {
  const lead = useType('lead');
  const deal = useType('deal');
  const values = [lead, deal].flatMap((type) => type?.fields.find((field) => field.code === 'source')?.values ?? []);
  return (code) => (code ? titleOf(values.find((value) => value.code === code)) || code : t('без источника'));
}
