import type { Field, RecordType } from '~/api/types.ts';

/** The most rows one paste takes. */
export const MOST = 500;

/** Cuts what a spreadsheet puts on the clipboard into cells; text of a CSV file is understood too. */
export function cells(text: string): string[][] {
  const source = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
  const head = source.split('\n', 1)[0] ?? '';
  const sep = ['\t', ';', ','].find((each) => head.includes(each)) ?? '\t';
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at <= source.length; at++) {
    let cell = '';
    if (source[at] === '"') {
      let from = at + 1;
      for (;;) {
        const end = source.indexOf('"', from);
        if (end < 0) {
          cell = source.slice(at); // a quote that is never closed is a sign like any other
          at = source.length;
          break;
        }
        cell += source.slice(from, end);
        if (source[end + 1] !== '"') {
          at = end + 1;
          break;
        }
        cell += '"';
        from = end + 2;
      }
    }
    const start = at;
    while (at < source.length && source[at] !== sep && source[at] !== '\n') at++;
    row.push((cell + source.slice(start, at)).trim());
    if (at >= source.length || source[at] === '\n') {
      if (row.some(Boolean)) rows.push(row);
      row = [];
    }
  }
  return rows;
}

const fit = new Set([
  'text',
  'longtext',
  'phone',
  'email',
  'url',
  'integer',
  'decimal',
  'money',
  'date',
  'list',
  'bool',
]);

/** The fields a pasted column can be. */
export function fieldsFor(type: RecordType): Field[] {
  return type.fields.filter(
    (field) => (field.code === 'title' || !field.system) && !field.read_only && fit.has(field.kind),
  );
}

const words: Record<string, string> = {
  phones: 'телефон тел мобильный номер phone tel mobile',
  emails: 'почта email e-mail mail имейл емейл',
  person_name: 'имя фио контакт name person клиент',
  company_name: 'компания организация фирма company organization account',
  amount: 'сумма бюджет стоимость amount budget price sum',
  comment: 'комментарий примечание заметка comment note notes description',
  inn: 'инн inn',
  position: 'должность position',
  title: 'название имя фио компания организация name title company',
};

const plain = (text: string) => text.toLowerCase().replaceAll('ё', 'е').replace(/[:*.]/g, '').trim();

/** Guesses which field each column is; the first row is the heading when it names at least one. */
export function guess(rows: readonly string[][], type: RecordType): { columns: string[]; header: boolean } {
  const fields = fieldsFor(type);
  const used = new Set<string>();
  const take = (code: string | undefined) => {
    if (!code || used.has(code)) return '';
    used.add(code);
    return code;
  };
  const wide = Math.max(0, ...rows.map((row) => row.length));
  const named = Array.from({ length: wide }, (_, at) => {
    const name = plain(rows[0]?.[at] ?? '');
    if (!name) return '';
    const exact = fields.find((each) =>
      [each.code, each.title_ru, each.title_en].some((own) => plain(own ?? '') === name),
    );
    return take(
      (
        exact ??
        fields.find(
          (each) =>
            !used.has(each.code) && words[each.code]?.split(' ').some((word) => name.split(/\s+/).includes(word)),
        )
      )?.code,
    );
  });
  const header = named.some(Boolean);
  const body = rows.slice(header ? 1 : 0, 30);
  const columns = named.map((code, at) => {
    if (code) return code;
    const filled = body.map((row) => row[at] ?? '').filter(Boolean);
    const all = (test: (cell: string) => boolean) =>
      filled.length > 0 && filled.filter(test).length >= filled.length * 0.7;
    const own = (kind: string) => fields.find((each) => each.kind === kind && !used.has(each.code))?.code;
    if (all((cell) => /^[^@\s]+@[^@\s]+\.\S{2,}$/.test(cell))) return take(own('email'));
    if (all((cell) => /^\+?[\d\s()./-]{10,25}$/.test(cell) && cell.replace(/\D/g, '').length >= 10))
      return take(own('phone'));
    return '';
  });
  if (!columns.includes('title') && !header) {
    const at = columns.findIndex((code, place) => !code && body.some((row) => /\p{L}/u.test(row[place] ?? '')));
    if (at >= 0) columns[at] = 'title';
  }
  return { columns, header };
}

/** A cell as the API takes it, nothing when it can't be that. */
function value(cell: string, field: Field): unknown {
  switch (field.kind) {
    case 'phone':
    case 'email':
      return cell
        .split(/[,;\n]+/)
        .map((each) => each.trim())
        .filter(Boolean);
    case 'money':
    case 'integer':
    case 'decimal': {
      const bare = cell.replace(/[\s₽$€']|руб\.?|р\.$/gi, '');
      return /,\d{1,2}$/.test(bare) ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', '');
    }
    case 'date': {
      const parts = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(cell);
      return parts ? `${parts[3]}-${parts[2]?.padStart(2, '0')}-${parts[1]?.padStart(2, '0')}` : cell;
    }
    case 'list':
      return (
        field.values?.find((each) =>
          [each.code, each.title_ru, each.title_en].some((own) => plain(own ?? '') === plain(cell)),
        )?.code ?? cell
      );
    case 'bool':
      return /^(да|yes|true|1|\+)$/i.test(cell);
    default:
      return cell;
  }
}

/** The record a row stands for; columns of one text field are joined. */
export function recordOf(
  row: readonly string[],
  columns: readonly string[],
  type: RecordType,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  columns.forEach((code, at) => {
    const cell = row[at]?.trim();
    const field = type.fields.find((each) => each.code === code);
    if (!cell || !field) return;
    const next = value(cell, field);
    const had = made[code];
    made[code] =
      Array.isArray(had) && Array.isArray(next)
        ? [...had, ...next]
        : typeof had === 'string' && typeof next === 'string'
          ? `${had} ${next}`
          : next;
  });
  if (!made.title) {
    const first = (code: string) => (Array.isArray(made[code]) ? (made[code] as string[])[0] : made[code]);
    made.title = first('company_name') || first('person_name') || first('phones') || first('emails') || '';
  }
  return made;
}
