import { expect, test } from 'vitest';
import { readIntervals, showIntervals } from './intervals.ts';

test('intervals are read as people type them', () => {
  expect(readIntervals('9-18')).toEqual(['09:00-18:00']);
  expect(readIntervals(' 9:00–13:00, 14.30 — 18 ')).toEqual(['09:00-13:00', '14:30-18:00']);
  expect(readIntervals('0-24')).toEqual(['00:00-24:00']);
  expect(readIntervals('')).toEqual([]);
});

test('what makes no sense is refused', () => {
  for (const bad of ['9', '18-9', '9-13, 12-18', '9-25', '9:60-10', 'утром'])
    expect(readIntervals(bad), bad).toBeNull();
});

test('intervals are shown with a dash', () => {
  expect(showIntervals(['09:00-13:00', '14:00-18:00'])).toBe('09:00–13:00, 14:00–18:00');
  expect(showIntervals(undefined)).toBe('');
});
