import { describe, expect, it } from 'vitest';
import type { Field } from '~/api/types.ts';
import { linesOf, ruleText } from './lines.ts';

const field = (code: string, kind: Field['kind']): Field => ({ code, kind, title_ru: code, title_en: code });
const fields = [
  field('request.text', 'longtext'),
  field('request.channel', 'list'),
  field('record.amount', 'money'),
  field('record.created_at', 'datetime'),
  field('client.known', 'bool'),
];

describe('lines of a rule', () => {
  it('are written in the language of conditions', () => {
    expect(
      ruleText(
        [
          { f: 'request.text', o: 'any', v: 'монтаж, смета' },
          { f: 'request.channel', o: 'in', v: ['form', 'site'] },
          { f: 'record.amount', o: '>', v: 1000000 },
          { f: 'client.known', o: '=', v: true },
          { f: 'request.number.area', o: '>=', v: 300 },
          { f: 'record.gone', o: '=', v: 1 },
        ],
        fields,
      ),
    ).toBe(
      '(contains(request.text, "монтаж") or contains(request.text, "смета")) and request.channel in ("form", "site") and record.amount > 1000000 and client.known = true and request.number.area >= 300',
    );
    expect(ruleText([], fields)).toBe('true');
  });

  it('are found again in the tree of the condition', () => {
    const path = ['request', 'text'];
    expect(
      linesOf({
        op: 'and',
        args: [
          {
            op: 'or',
            args: [
              { op: 'contains', path, value: 'монтаж' },
              { op: 'contains', path, value: 'смета' },
            ],
          },
          { op: 'in', path: ['request', 'channel'], values: ['form'] },
          { op: '>', path: ['record', 'amount'], value: 5 },
          { op: 'not', args: [{ op: 'is_empty', path: ['record', 'source'] }] },
          {
            op: 'and',
            args: [
              { op: '>=', path: ['record', 'created_at'], value: { today: { days: -7 } } },
              { op: '<=', path: ['record', 'created_at'], value: { now: {} } },
            ],
          },
        ],
      }),
    ).toEqual([
      { f: 'request.text', o: 'any', v: 'монтаж, смета' },
      { f: 'request.channel', o: 'in', v: ['form'] },
      { f: 'record.amount', o: '>', v: 5 },
      { f: 'record.source', o: 'filled' },
      { f: 'record.created_at', o: 'last', v: 7 },
    ]);
    expect(linesOf({ op: 'true' })).toEqual([]);
    expect(linesOf({ op: 'not', args: [{ op: '=', path, value: 'x' }] })).toBeNull();
    expect(
      linesOf({
        op: 'or',
        args: [
          { op: '=', path, value: 'x' },
          { op: '=', path, value: 'y' },
        ],
      }),
    ).toBeNull();
  });
});
