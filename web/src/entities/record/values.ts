/** An instant as the browser's field for date and time wants it. */
export function localMoment(value: unknown): string {
  if (!value) return '';
  const date = new Date(String(value));
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Reads a number the way people type it: thin groups, comma or point. */
export function parseNumber(text: string): number | null {
  const clean = text.replace(/[\s\u00A0\u202F]/g, '').replace(',', '.');
  if (!clean || !/^-?\d*\.?\d+$/.test(clean)) return null;
  return Number(clean);
}
