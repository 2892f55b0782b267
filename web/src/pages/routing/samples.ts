import { t } from '~/i18n/index.ts';

/** A request to try the rules on. */
export const sampleRequest = () =>
  JSON.stringify(
    {
      name: t('Павел Дорохов'),
      phone: '+7 921 555-01-42',
      comment: t('Нужен расчёт'),
      amount: 1500000,
      city: t('Тверь'),
    },
    null,
    2,
  );

/** What a written request says, nothing when it can't be read. */
export function readRequest(text: string): Record<string, unknown> | null {
  try {
    const said: unknown = JSON.parse(text);
    return said && typeof said === 'object' && !Array.isArray(said) ? (said as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The request with one of its fields said anew; an empty one is left out. */
export function sayIn(text: string, name: string, value: string): string {
  const { [name]: _, ...rest } = readRequest(text) ?? {};
  return JSON.stringify(value ? { ...readRequest(text), [name]: value } : rest, null, 2);
}

/** A condition as people write it. */
export const sampleCondition = 'record.amount > 1000000 or contains(request.text, "тендер")';
