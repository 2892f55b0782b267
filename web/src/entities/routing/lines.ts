import type { Field } from '~/api/types.ts';
import { type Condition, lineText, type Operator } from '~/entities/record/condition.ts';
import { fieldAt, type Tree } from './routing.ts';

/** A line of a rule's condition: as a filter's, and "contains one of" for texts. */
export type RuleOperator = Operator | 'any';
export interface RuleLine {
  f: string;
  o: RuleOperator;
  v?: Condition['v'];
}

const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The words of "contains one of", as they are typed. */
export function wordsOf(value: unknown): string[] {
  return String(value ?? '')
    .split(/[,;\n]/)
    .map((word) => word.trim())
    .filter(Boolean);
}

function textOf(line: RuleLine, field: Field): string {
  if (line.o === 'any') {
    const words = wordsOf(line.v).map((word) => `contains(${line.f}, ${quote(word)})`);
    return words.length > 1 ? `(${words.join(' or ')})` : (words[0] ?? '');
  }
  const text = lineText(line as Condition, field);
  return text.includes(' and ') ? `(${text})` : text;
}

/** All lines as the text of a condition; none is "true". */
export function ruleText(lines: readonly RuleLine[], fields: readonly Field[]): string {
  const texts = lines.map((line) => {
    const field = fieldAt(line.f, fields);
    return field ? textOf(line, field) : '';
  });
  return texts.filter(Boolean).join(' and ') || 'true';
}

/** The lines a condition was built of, or nothing when it says more than lines can. */
export function linesOf(tree: Tree | null): RuleLine[] | null {
  if (!tree || tree.op === 'true') return [];
  const parts = tree.op === 'and' && !days(tree) ? (tree.args ?? []) : [tree];
  const lines = parts.map(lineOf);
  return lines.every((line) => line !== null) ? lines : null;
}

const code = (tree: Tree) => (tree.path ?? []).join('.');

function lineOf(tree: Tree): RuleLine | null {
  const f = code(tree);
  switch (tree.op) {
    case 'is_empty':
      return { f, o: 'empty' };
    case 'not': {
      const inner = tree.args?.[0];
      return inner?.op === 'is_empty' ? { f: code(inner), o: 'filled' } : null;
    }
    case 'contains':
      return { f, o: 'contains', v: String(tree.value) };
    case 'starts_with':
      return { f, o: 'starts', v: String(tree.value) };
    case 'in': {
      const values = (tree.values ?? []).map(plain);
      return values.every((value) => value !== undefined) ? { f, o: 'in', v: values as (string | number)[] } : null;
    }
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (tree.value === null)
        return tree.op === '=' ? { f, o: 'empty' } : tree.op === '!=' ? { f, o: 'filled' } : null;
      const v = plain(tree.value);
      return v === undefined ? null : { f, o: tree.op, v };
    }
    case 'and':
      return days(tree);
    case 'or':
      return words(tree);
    default:
      return null;
  }
}

/** A literal as the builder keeps it, or nothing when it has no form there. */
function plain(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value && typeof value === 'object') {
    const { date, me } = value as { date?: string; me?: boolean };
    if (date) return date;
    if (me) return 'me';
  }
  return undefined;
}

/** "In the last days" and "in the next days" as they are written. */
function days(tree: Tree): RuleLine | null {
  const [from, to] = tree.args ?? [];
  if (tree.args?.length !== 2 || !from || !to || code(from) !== code(to) || from.op !== '>=' || to.op !== '<=')
    return null;
  const shift = (value: unknown, name: string) => (value as Record<string, { days?: number }> | null)?.[name];
  const begin = shift(from.value, 'today');
  if (begin?.days && begin.days < 0 && shift(to.value, 'now')) return { f: code(from), o: 'last', v: -begin.days };
  const end = shift(to.value, 'today');
  if (begin && !begin.days && end?.days && end.days > 0) return { f: code(from), o: 'next', v: end.days };
  return null;
}

/** "Contains one of". */
function words(tree: Tree): RuleLine | null {
  const args = tree.args ?? [];
  const first = args[0];
  if (!first || !args.every((arg) => arg.op === 'contains' && code(arg) === code(first))) return null;
  return { f: code(first), o: 'any', v: args.map((arg) => String(arg.value)).join(', ') };
}
