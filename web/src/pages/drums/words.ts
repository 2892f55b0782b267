import type { Drum } from '~/api/types.ts';
import { number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';

/** The order of a drum in words. */
export function orderText(order: string): string {
  if (order === 'weighted') return t('по кругу, с весом');
  return order === 'least' ? t('сначала тому, у кого меньше в работе') : t('по кругу');
}

/** Whom a drum deals to. */
export function whoText(drum: Pick<Drum, 'who'>, department: string): string {
  switch (drum.who) {
    case 'department':
      return t('все сотрудники отдела {department}', { department });
    case 'department_of_first':
      return t('отдел первого ответственного');
    case 'department_above':
      return t('отдел над первым ответственным');
    default:
      return t('названные люди');
  }
}

/** What becomes of the head after too many misses. */
export function headText(becomes: string): string {
  if (becomes === 'observer') return t('становится наблюдателем');
  return becomes === 'told' ? t('узнаёт об этом') : t('становится ответственным');
}

/** What counts as taking a record. */
export function takenText(drum: Pick<Drum, 'taken_by'>): string {
  const deeds = [t('кнопка «Взять»')];
  if (drum.taken_by.includes('stage')) deeds.push(t('смена стадии'));
  if (drum.taken_by.includes('own_stage')) deeds.push(t('переход на свою стадию'));
  if (drum.taken_by.includes('activity')) deeds.push(t('сделанное дело'));
  return deeds.join(', ');
}

/** The weekdays of hours by their codes, Monday first. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A weekday in two or three letters. */
export function weekdayText(code: string): string {
  const names: Record<string, string> = {
    mon: t('пн'),
    tue: t('вт'),
    wed: t('ср'),
    thu: t('чт'),
    fri: t('пт'),
    sat: t('сб'),
    sun: t('вс'),
  };
  return names[code] ?? code;
}

/** The hours of a drum's own: «пн–пт 09:00–18:00». Days alike stand together. */
export function hoursText(week: Record<string, string[]>): string {
  const parts: { from: string; to: string; hours: string }[] = [];
  for (const code of weekdays) {
    const hours = (week[code] ?? []).join(', ').replaceAll('-', '–');
    const last = parts[parts.length - 1];
    if (!hours) {
      parts.push({ from: code, to: code, hours: '' });
    } else if (last?.hours === hours) {
      last.to = code;
    } else {
      parts.push({ from: code, to: code, hours });
    }
  }
  return parts
    .filter((part) => part.hours)
    .map(
      ({ from, to, hours }) =>
        `${from === to ? weekdayText(from) : `${weekdayText(from)}–${weekdayText(to)}`} ${hours}`,
    )
    .join('; ');
}

/** A weight as people write it: «0,5». */
export function weightText(weight: number): string {
  return number(weight, 2);
}
