import { expect, test } from 'vitest';
import { instantIn, timeIn } from './zoneTime.ts';

test('a time of a day in another zone is one instant', () => {
  expect(instantIn('Asia/Vladivostok', '2026-11-23', '09:00')).toBe('2026-11-22T23:00:00.000Z');
  expect(instantIn('Europe/Moscow', '2026-11-23', '00:00')).toBe('2026-11-22T21:00:00.000Z');
  expect(instantIn('Europe/Berlin', '2026-03-29', '04:00')).toBe('2026-03-29T02:00:00.000Z');
  expect(instantIn('Europe/Berlin', '2026-10-25', '12:00')).toBe('2026-10-25T11:00:00.000Z');
});

test('an instant shows the time of its zone', () => {
  expect(timeIn('Asia/Vladivostok', '2026-11-22T23:40:00Z')).toBe('09:40');
  expect(timeIn('Europe/Moscow', '2026-11-22T21:00:00Z')).toBe('00:00');
});
