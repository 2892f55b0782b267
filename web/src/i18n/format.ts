import { language, t } from './index.ts';

/** No-break space, and its thin form between groups of digits. */
const NB = '\u00A0';
const THIN = '\u202F';

const numbers = new Map<string, Intl.NumberFormat>();
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const locale = language() === 'ru' ? 'ru-RU' : 'en-GB';
  const key = locale + JSON.stringify(options);
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    numbers.set(key, format);
  }
  return format;
}

/** 1284000 → «1 284 000» with thin groups in Russian, "1,284,000" in English. */
export function number(value: number, fraction = 0): string {
  const text = numberFormat({ maximumFractionDigits: fraction }).format(value);
  return language() === 'ru' ? text.replace(/[\u00A0\u202F]/g, THIN) : text;
}

const symbols: Record<string, string> = { RUB: '₽', USD: '$', EUR: '€', KZT: '₸', BYN: 'Br', CNY: '¥', GBP: '£' };

/** How many digits follow the point in a currency: roubles 2, yen 0. */
export function currencyDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

function withSymbol(text: string, currency: string): string {
  const symbol = symbols[currency] ?? currency;
  return language() === 'en' && symbol.length === 1 && currency !== 'RUB' ? symbol + text : text + NB + symbol;
}

/** Minor units → «1 284 000 ₽». Kopecks are shown only when there are any. */
export function money(minor: number | null | undefined, currency: string): string {
  if (minor === null || minor === undefined) return '—';
  const digits = currencyDigits(currency);
  const value = minor / 10 ** digits;
  const whole = Number.isInteger(value);
  const text = numberFormat({ minimumFractionDigits: whole ? 0 : digits, maximumFractionDigits: digits }).format(
    Math.abs(value),
  );
  const grouped = language() === 'ru' ? text.replace(/[\u00A0\u202F]/g, THIN) : text;
  return (value < 0 ? '−' : '') + withSymbol(grouped, currency);
}

/** The short form of boards and heads: «19,3 млн ₽» from a million, "$642k" from a thousand in English. */
export function moneyShort(minor: number | null | undefined, currency: string): string {
  if (minor === null || minor === undefined) return '—';
  const value = minor / 10 ** currencyDigits(currency);
  const from = language() === 'ru' ? 1e6 : 1e5;
  if (Math.abs(value) < from) return money(Math.round(value) * 10 ** currencyDigits(currency), currency);
  const steps: [number, string][] =
    language() === 'ru'
      ? [
          [1e9, `${NB}млрд`],
          [1e6, `${NB}млн`],
        ]
      : [
          [1e9, 'bn'],
          [1e6, 'm'],
          [1e3, 'k'],
        ];
  const [unit, name] = steps.find(([size]) => Math.abs(value) >= size) ?? steps[steps.length - 1]!;
  return withSymbol(number(value / unit, Math.abs(value / unit) < 100 && name !== 'k' ? 1 : 0) + name, currency);
}

let zone: string | undefined;
/** Sets the time zone of the person whose screen this is; without it the browser's own is used. */
export function setZone(name: string | undefined): void {
  zone = name;
  dates.clear();
}

const dates = new Map<string, Intl.DateTimeFormat>();
function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = language() === 'ru' ? 'ru-RU' : 'en-GB';
  const key = locale + JSON.stringify(options);
  let format = dates.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
    dates.set(key, format);
  }
  return format;
}

/** The calendar day of an instant in the reader's zone as YYYY-MM-DD. */
export function dayOf(ms: number): string {
  const parts = Object.fromEntries(
    dateFormat({ year: 'numeric', month: '2-digit', day: '2-digit' })
      .formatToParts(ms)
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}`;
}

const DAY = 86_400_000;
/** Days from the first calendar day to the second. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** 15:30 */
export function time(ms: number): string {
  return dateFormat({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
}

/** «25 нояб.», with the year when it isn't this one. A plain date is passed as YYYY-MM-DD and has no zone. */
export function day(value: number | string, now = Date.now()): string {
  const iso = typeof value === 'string' ? value : dayOf(value);
  const sameYear = iso.slice(0, 4) === dayOf(now).slice(0, 4);
  const format: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: 'UTC' };
  const text = dateFormat(sameYear ? format : { ...format, year: 'numeric' }).format(Date.parse(`${iso}T00:00:00Z`));
  return text.replace(/\s+г\.$/, '').replaceAll(' ', NB);
}

/** A long date for a card: «18 декабря», with the year when it isn't this one. */
export function dayLong(value: number | string, now = Date.now()): string {
  const iso = typeof value === 'string' ? value : dayOf(value);
  const sameYear = iso.slice(0, 4) === dayOf(now).slice(0, 4);
  const format: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', timeZone: 'UTC' };
  const text = dateFormat(sameYear ? format : { ...format, year: 'numeric' }).format(Date.parse(`${iso}T00:00:00Z`));
  return text.replace(/\s+г\.$/, '').replaceAll(' ', NB);
}

/** The way people say it: «15:30» today, «завтра», «пт, 10:00» within a week, «25 нояб.» beyond. */
export function when(ms: number, now = Date.now()): string {
  const distance = daysBetween(dayOf(now), dayOf(ms));
  if (distance === 0) return time(ms);
  if (distance === 1) return t('завтра {time}', { time: time(ms) });
  if (distance === -1) return t('вчера {time}', { time: time(ms) });
  if (distance > 1 && distance < 7) return `${dateFormat({ weekday: 'short' }).format(ms)},${NB}${time(ms)}`;
  return day(ms, now);
}

/** Whether an instant falls on the reader's today. */
export function isToday(ms: number, now = Date.now()): boolean {
  return dayOf(ms) === dayOf(now);
}

/** «четверг, 19 ноября» */
export function weekdayLong(iso: string): string {
  return dateFormat({ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    Date.parse(`${iso}T00:00:00Z`),
  );
}

/** «чт» */
export function weekdayShort(iso: string): string {
  return dateFormat({ weekday: 'short', timeZone: 'UTC' }).format(Date.parse(`${iso}T00:00:00Z`));
}

/** The day of the month. */
export function dayNumber(iso: string): string {
  return String(Number(iso.slice(8)));
}

/** Minutes since midnight of the reader's wall clock. */
export function minuteOf(ms: number): number {
  const [hours = '0', minutes = '0'] = time(ms).split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The instant at which the reader's wall clock shows a full hour of a day. */
export function instantAt(iso: string, hour: number): number {
  const guess = Date.parse(`${iso}T${String(hour).padStart(2, '0')}:00:00Z`);
  const shown = Date.parse(`${dayOf(guess)}T${time(guess)}:00Z`);
  return guess - (shown - guess);
}

/** The heading of a day in a timeline: «Сегодня», «Вчера», «18 ноября». */
export function dayHeading(ms: number, now = Date.now()): string {
  const distance = daysBetween(dayOf(ms), dayOf(now));
  if (distance === 0) return t('Сегодня');
  if (distance === 1) return t('Вчера');
  return dayLong(ms, now);
}

/** A full moment for tooltips and journals: «18 ноября 2026, 14:02». */
export function moment(ms: number): string {
  const text = dateFormat({ day: 'numeric', month: 'long', year: 'numeric' })
    .format(ms)
    .replace(/\s+г\.$/, '');
  return `${text}, ${time(ms)}`;
}

/** How long, in the two largest units: «3 дня», «3 ч 58 мин», «42 мин», «12 с». */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  if (days >= 2 || (days && seconds % 86_400 < 3600))
    return t('{days, plural, one {# день} few {# дня} many {# дней} other {# дня}}', { days });
  return workTime(ms);
}

/** How much working time: «24 ч», «3 ч 58 мин», «42 мин». Never in days, for nobody works twenty-four hours of one. */
export function workTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours)
    return minutes && hours < 24 ? t('{hours} ч {minutes} мин', { hours, minutes }) : t('{hours} ч', { hours });
  if (minutes) return t('{minutes} мин', { minutes });
  return t('{seconds} с', { seconds });
}

/** How late something is, in one unit: «3 дня», «30 мин». */
export function lateness(ms: number): string {
  const DAY_MS = 86_400_000;
  const HOUR_MS = 3_600_000;
  if (ms >= DAY_MS) return duration(Math.floor(ms / DAY_MS) * DAY_MS);
  if (ms >= HOUR_MS) return duration(Math.floor(ms / HOUR_MS) * HOUR_MS);
  return duration(Math.max(60_000, Math.floor(ms / 60_000) * 60_000));
}

/** A countdown: 12:41, or 3:08:15 beyond an hour. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const pad = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** +79215550142 → «+7 921 555-01-42»; other countries in groups of three. */
export function phone(value: string): string {
  const digits = value.replace(/[^\d+]/g, '');
  const russian = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits);
  if (russian) return `+7${NB}${russian[1]}${NB}${russian[2]}-${russian[3]}-${russian[4]}`;
  return value;
}

/** 1 200 000 bytes → «1,2 МБ». */
export function bytes(value: number): string {
  if (value < 1024) return t('{n} Б', { n: value });
  if (value < 1024 * 1024) return t('{n} КБ', { n: number(value / 1024, 0) });
  return t('{n} МБ', { n: number(value / 1024 / 1024, 1) });
}

/** The first letters of a name for an avatar: «Анна Смирнова» → АС. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '?') + (words[1]?.[0] ?? '')).toLocaleUpperCase();
}
