import { describe, expect, it } from 'vitest';
import type { RecordType } from '~/api/types.ts';
import { cells, guess, recordOf } from './table.ts';

const field = (code: string, kind: string, title_ru: string, more = {}) => ({
  code,
  kind,
  title_ru,
  title_en: code,
  ...more,
});
const company = {
  code: 'company',
  fields: [
    field('id', 'integer', '№', { system: true }),
    field('title', 'text', 'Название', { system: true }),
    field('phones', 'phone', 'Телефоны'),
    field('emails', 'email', 'Почта'),
    field('inn', 'text', 'ИНН'),
    field('amount', 'money', 'Оборот'),
    field('since', 'date', 'Клиент с'),
    field('source', 'list', 'Источник', { values: [{ code: 'site', title_ru: 'Сайт', title_en: 'Site' }] }),
  ],
} as unknown as RecordType;

describe('rows of a spreadsheet', () => {
  it('are cut as spreadsheets write them', () => {
    expect(cells('a\tb\r\n"c\t""d""\ne"\tf\r\n\t\n')).toEqual([
      ['a', 'b'],
      ['c\t"d"\ne', 'f'],
    ]);
    expect(cells('a;b\nc;d')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(cells('ООО "Рога"\t1\n"never closed\t2')).toEqual([['ООО "Рога"', '1'], ['"never closed\t2']]);
    expect(cells(' \n\n')).toEqual([]);
  });

  it('are told what their columns are by names and contents', () => {
    expect(guess(cells('Компания\tРабочий телефон\tинн\tКот\nРога\t12\t77\tМурзик'), company)).toEqual({
      columns: ['title', 'phones', 'inn', ''],
      header: true,
    });
    expect(guess(cells('Рога\t8 495 123-45-67\ta@b.ru\nХвосты\t8 495 123-45-68\tc@d.ru'), company)).toEqual({
      columns: ['title', 'phones', 'emails'],
      header: false,
    });
  });

  it('become records', () => {
    expect(
      recordOf(
        ['Рога', '8 495 1, 8 495 2', '12 500,50 ₽', '3.2.2026', 'сайт', ''],
        ['title', 'phones', 'amount', 'since', 'source', 'inn'],
        company,
      ),
    ).toEqual({
      title: 'Рога',
      phones: ['8 495 1', '8 495 2'],
      amount: '12500.50',
      since: '2026-02-03',
      source: 'site',
    });
    expect(recordOf(['', '8 495 1'], ['title', 'phones'], company)).toEqual({ title: '8 495 1', phones: ['8 495 1'] });
  });
});
