import { expect, it } from 'vitest';
import { announcement, urgency } from './Countdown.tsx';

const minutes = (n: number) => n * 60_000;

it.each([
  [20, 30, null],
  [15, 30, 'half'],
  [5, 30, 'five'],
  [1, 30, 'one'],
  [0, 30, null],
] as const)('%i of %i minutes: a screen reader hears %s', (left, total, said) => {
  expect(announcement(minutes(left), minutes(total))).toBe(said);
});

it.each([
  [20, false, ''],
  [7, false, 'w'],
  [2, false, 'w'],
  [2, true, 'd'],
  [7, true, 'w'],
] as const)('%i of 30 minutes, head %s: %s', (left, head, colour) => {
  expect(urgency(minutes(left), minutes(30), head)).toBe(colour);
});
