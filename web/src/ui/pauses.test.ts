import { expect, it } from 'vitest';
import { pausedUntil, workLeft } from './pauses.ts';

const at = (time: string) => Date.parse(`2026-11-19T${time}:00Z`);
const lunch = [{ from: '2026-11-19T13:00:00Z', to: '2026-11-19T14:00:00Z' }];

it.each([
  ['12:40', 30, undefined],
  ['12:50', 20, undefined],
  ['13:00', 10, '14:00'],
  ['13:30', 10, '14:00'],
  ['14:00', 10, undefined],
  ['14:10', 0, undefined],
  ['15:00', 0, undefined],
])('at %s %i minutes are left, paused until %s', (time, minutes, until) => {
  expect(workLeft(at(time), at('14:10'), lunch)).toBe(minutes * 60_000);
  expect(pausedUntil(at(time), lunch)).toBe(until && at(until));
});
