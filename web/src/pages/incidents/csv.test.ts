import { describe, expect, it } from 'vitest';
import { cell, csv } from './csv.ts';

describe('CSV', () => {
  it('makes no formula out of a title', () => {
    for (const text of ['=HYPERLINK("http://x")', '+7 912', '-1+1', '@SUM(A1)', '\t=1', '\r=1'])
      expect(cell(text, ';').replace(/^"/, '')).toMatch(/^'/);
    expect(cell('Иван=Пётр', ';')).toBe('Иван=Пётр');
  });
  it('quotes what would end a cell', () => {
    expect(cell('ООО «Вектор»; "Юг"', ';')).toBe('"ООО «Вектор»; ""Юг"""');
    expect(cell('a, b', ';')).toBe('a, b');
    expect(cell('a, b', ',')).toBe('"a, b"');
    expect(cell('a\nb', ';')).toBe('"a\nb"');
    expect(cell(null, ';')).toBe('');
  });
  it('begins with a byte order mark and separates by the language', () => {
    expect(
      csv(
        [
          ['а', 'б'],
          [1, 2],
        ],
        'ru',
      ),
    ).toBe('\uFEFFа;б\r\n1;2\r\n');
    expect(csv([['a', 'b']], 'en')).toBe('\uFEFFa,b\r\n');
  });
});
