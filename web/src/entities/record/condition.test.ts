import { describe, expect, it } from 'vitest';
import type { Field, FieldKind } from '~/api/types.ts';
import { both, type Condition, conditionText, lineText, operatorsOf } from './condition.ts';

const field = (code: string, kind: FieldKind): Field => ({ code, kind, title_ru: code, title_en: code });

describe('lineText', () => {
  const table: [Condition, FieldKind, string][] = [
    [{ f: 'amount', o: '>=', v: 1000 }, 'money', 'amount >= 1000'],
    [{ f: 'amount', o: '<', v: '12.5' }, 'decimal', 'amount < 12.5'],
    [{ f: 'title', o: 'contains', v: 'труба "ПП"' }, 'text', 'contains(title, "труба \\"ПП\\"")'],
    [{ f: 'title', o: 'starts', v: 'а' }, 'text', 'starts with(title, "а")'],
    [{ f: 'title', o: 'empty' }, 'text', 'is empty(title)'],
    [{ f: 'title', o: 'filled' }, 'text', 'not (is empty(title))'],
    [{ f: 'source', o: 'in', v: ['site', 'call'] }, 'list', 'source in ("site", "call")'],
    [{ f: 'responsible', o: 'in', v: ['me', 4] }, 'user', 'responsible in (me, 4)'],
    [{ f: 'company', o: 'in', v: [7] }, 'link', 'company in (7)'],
    [{ f: 'created_at', o: 'last', v: 90 }, 'datetime', 'created_at >= today() - 90 days and created_at <= now()'],
    [{ f: 'closes_on', o: '<=', v: '2026-12-18' }, 'date', 'closes_on <= date("2026-12-18")'],
    [{ f: 'mount', o: '=', v: true }, 'bool', 'mount = true'],
    [{ f: 'title', o: '=', v: '' }, 'text', ''],
    [{ f: 'source', o: 'in', v: [] }, 'list', ''],
  ];
  it.each(table)('%o of kind %s', (condition, kind, text) => {
    expect(lineText(condition, field(condition.f, kind))).toBe(text);
  });
});

it('joins lines, brackets those that hold "and" and leaves out unknown fields and unfinished lines', () => {
  const fields = { created_at: field('created_at', 'datetime'), title: field('title', 'text') } as Record<
    string,
    Field
  >;
  const conditions: Condition[] = [
    { f: 'created_at', o: 'last', v: 7 },
    { f: 'gone', o: 'empty' },
    { f: 'title', o: '=' },
    { f: 'title', o: '=', v: 'x' },
  ];
  expect(conditionText(conditions, (code) => fields[code])).toBe(
    '(created_at >= today() - 7 days and created_at <= now()) and title = "x"',
  );
});

it('adds conditions only where there are two', () => {
  expect(both('', 'a = 1')).toBe('a = 1');
  expect(both('a = 1', '')).toBe('a = 1');
  expect(both('a = 1', 'b = 2')).toBe('(a = 1) and (b = 2)');
});

it('offers every kind of field at least one operator', () => {
  for (const kind of [
    'text',
    'longtext',
    'integer',
    'money',
    'bool',
    'date',
    'list',
    'user',
    'link',
    'file',
  ] as FieldKind[]) {
    expect(operatorsOf(kind).length).toBeGreaterThan(0);
  }
});
