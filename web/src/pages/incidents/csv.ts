/** A cell: what a table program would take for a formula is made a text, separators and quotes are put in quotes. */
export function cell(value: unknown, separator: string): string {
  let text = value === null || value === undefined ? '' : String(value);
  if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return text.includes(separator) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV the way table programs of a language read it: with a byte order mark, semicolons in Russian. */
export function csv(rows: readonly (readonly unknown[])[], language: 'ru' | 'en'): string {
  const separator = language === 'ru' ? ';' : ',';
  return `\uFEFF${rows.map((row) => row.map((value) => cell(value, separator)).join(separator)).join('\r\n')}\r\n`;
}

/** Gives the text to the browser as a file. */
export function download(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
