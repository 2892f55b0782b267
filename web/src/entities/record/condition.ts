import type { Field, FieldKind } from '~/api/types.ts';

/** The operators of the visual builder. */
export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'contains'
  | 'starts'
  | 'last'
  | 'next'
  | 'empty'
  | 'filled';

/** One line of a filter: a field, an operator, a value. All lines must hold. Kept in the address as it is. */
export interface Condition {
  f: string;
  o: Operator;
  v?: string | number | boolean | (string | number)[];
}

const TEXT: Operator[] = ['contains', '=', '!=', 'starts', 'empty', 'filled'];
const LONG: Operator[] = ['contains', 'starts', 'empty', 'filled'];
const NUMBER: Operator[] = ['>=', '<=', '=', '!=', '>', '<', 'empty', 'filled'];
const CHOICE: Operator[] = ['in', 'empty', 'filled'];
const DAY: Operator[] = ['last', 'next', '>=', '<=', '=', 'empty', 'filled'];

/** Which operators a kind of field offers, the usual one first. Mirrors the table of the manual. */
export function operatorsOf(kind: FieldKind | 'stage' | 'pipeline' | 'department' | 'users' | 'id'): Operator[] {
  switch (kind) {
    case 'text':
    case 'phone':
    case 'email':
    case 'url':
    case 'address':
      return TEXT;
    case 'longtext':
      return LONG;
    case 'integer':
    case 'decimal':
    case 'money':
      return NUMBER;
    case 'bool':
      return ['='];
    case 'date':
    case 'datetime':
      return DAY;
    case 'file':
      return ['empty', 'filled'];
    default:
      return CHOICE;
  }
}

const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** How a value of a field is written in the language: numbers bare, days as date("…"), everything else quoted. */
function literal(field: Field, value: unknown): string {
  if (value === 'me' && (field.kind === 'user' || field.code === 'observers')) return 'me';
  switch (field.kind) {
    case 'integer':
    case 'decimal':
    case 'money':
    case 'user':
    case 'link':
    case 'links':
      return String(Number(value));
    case 'bool':
      return value === true || value === 'true' ? 'true' : 'false';
    case 'date':
    case 'datetime':
      return `date(${quote(String(value))})`;
    default:
      return typeof value === 'number' ? String(value) : quote(String(value));
  }
}

/** One line as text of the condition language; an unfinished line is an empty string and asks for nothing. */
export function lineText({ f, o, v }: Condition, field: Field): string {
  if (o === 'empty') return `is empty(${f})`;
  if (o === 'filled') return `not (is empty(${f}))`;
  if (v === undefined || v === '' || (Array.isArray(v) && !v.length)) return '';
  switch (o) {
    case 'contains':
      return `contains(${f}, ${quote(String(v))})`;
    case 'starts':
      return `starts with(${f}, ${quote(String(v))})`;
    case 'last':
      return `${f} >= today() - ${Number(v)} days and ${f} <= now()`;
    case 'next':
      return `${f} >= today() and ${f} <= today() + ${Number(v)} days`;
    case 'in':
      return `${f} in (${(Array.isArray(v) ? v : [v]).map((each) => literal(field, each)).join(', ')})`;
    default:
      return `${f} ${o} ${literal(field, Array.isArray(v) ? v[0] : v)}`;
  }
}

/** All lines as one condition; lines about fields that are gone are left out. */
export function conditionText(conditions: readonly Condition[], find: (code: string) => Field | undefined): string {
  const lines = conditions.map((condition) => {
    const field = find(condition.f);
    return field ? lineText(condition, field) : '';
  });
  return lines
    .filter(Boolean)
    .map((line) => (line.includes(' and ') ? `(${line})` : line))
    .join(' and ');
}

/** Two condition texts that must both hold. */
export function both(first: string, second: string): string {
  if (!first || !second) return first || second;
  return `(${first}) and (${second})`;
}
