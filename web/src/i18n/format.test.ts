import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clock,
  day,
  duration,
  initials,
  isToday,
  lateness,
  money,
  moneyShort,
  number,
  phone,
  setZone,
  when,
  workTime,
} from './format.ts';
import { setLanguage } from './index.ts';

const plain = (text: string) => text.replace(/[\u00A0\u202F]/g, ' ');
const now = Date.parse('2026-11-19T12:00:00Z');

beforeAll(() => setZone('Europe/Moscow'));
afterAll(() => setLanguage('ru'));

describe('in Russian', () => {
  beforeAll(() => setLanguage('ru'));

  it.each([
    [128400000, 'RUB', '1 284 000 ₽'],
    [12345, 'RUB', '123,45 ₽'],
    [-5000, 'RUB', '−50 ₽'],
    [0, 'RUB', '0 ₽'],
    [500, 'JPY', '500 JPY'],
    [null, 'RUB', '—'],
  ])('money %s %s', (minor, currency, text) => {
    expect(plain(money(minor, currency))).toBe(text);
  });

  it('groups digits by a thin space that does not break', () => {
    expect(number(1284000)).toBe('1\u202F284\u202F000');
    expect(money(128400000, 'RUB')).toBe('1\u202F284\u202F000\u00A0₽');
  });

  it.each([
    [1930000000, '19,3 млн ₽'],
    [45300000000, '453 млн ₽'],
    [168000000000, '1,7 млрд ₽'],
    [16800000, '168 000 ₽'],
  ])('short money %s', (minor, text) => {
    expect(plain(moneyShort(minor, 'RUB'))).toBe(text);
  });

  it.each([
    ['2026-11-19T12:30:00Z', '15:30'],
    ['2026-11-20T07:00:00Z', 'завтра 10:00'],
    ['2026-11-18T07:00:00Z', 'вчера 10:00'],
    ['2026-11-22T07:00:00Z', 'вс, 10:00'],
    ['2026-11-29T07:00:00Z', '29 нояб.'],
    ['2027-01-05T07:00:00Z', '5 янв. 2027'],
    // The year's «г.» is dropped, the end of «авг.» is not.
    ['2026-08-12T07:00:00Z', '12 авг.'],
    ['2025-08-12T07:00:00Z', '12 авг. 2025'],
  ])('when %s', (at, text) => {
    expect(plain(when(Date.parse(at), now))).toBe(text);
  });

  it.each([
    [42 * 60_000, '42 мин'],
    [4 * 3_600_000, '4 ч'],
    [3 * 3_600_000 + 58 * 60_000, '3 ч 58 мин'],
    [3 * 86_400_000 + 5_000_000, '3 дня'],
    [5 * 86_400_000, '5 дней'],
    [12_000, '12 с'],
  ])('duration %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [24 * 3_600_000, '24 ч'],
    [72 * 3_600_000, '72 ч'],
    [3 * 3_600_000 + 58 * 60_000, '3 ч 58 мин'],
    [13 * 60_000, '13 мин'],
  ])('working time %s', (ms, text) => {
    expect(workTime(ms)).toBe(text);
  });

  it.each([
    [30 * 3_600_000, '1 день'],
    [100 * 60_000, '1 ч'],
    [5_000, '1 мин'],
  ])('lateness %s', (ms, text) => {
    expect(lateness(ms)).toBe(text);
  });
});

describe('in English', () => {
  beforeAll(() => setLanguage('en'));

  it.each([
    [1284000, 'USD', '$12,840'],
    [64200000, 'USD', '$642k'],
    [193000000000, 'USD', '$1.9bn'],
  ])('short money %s', (minor, currency, text) => {
    expect(moneyShort(minor, currency)).toBe(text);
  });

  it('says days the English way', () => {
    expect(plain(when(Date.parse('2026-11-29T07:00:00Z'), now))).toBe('29 Nov');
    expect(duration(86_400_000)).toBe('1 day');
  });
});

it('a plain date has no zone', () => {
  setZone('America/New_York');
  expect(plain(day('2026-12-18', now))).toMatch(/18/);
  setZone('Europe/Moscow');
});

it('today is the reader\u2019s today', () => {
  expect(isToday(Date.parse('2026-11-19T21:30:00Z'), now)).toBe(false);
  expect(isToday(Date.parse('2026-11-18T21:30:00Z'), now)).toBe(true);
});

it('clock', () => {
  expect(clock(761_000)).toBe('12:41');
  expect(clock(3_700_000)).toBe('1:01:40');
  expect(clock(-5)).toBe('00:00');
});

it('phone and initials', () => {
  expect(plain(phone('+79215550142'))).toBe('+7 921 555-01-42');
  expect(phone('доб. 12')).toBe('доб. 12');
  expect(initials('Анна Смирнова')).toBe('АС');
});
