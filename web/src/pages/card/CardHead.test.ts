import { expect, it } from 'vitest';
import type { Visit } from '~/api/types.ts';
import type { PlacedStage } from '~/entities/catalog/catalog.ts';
import { barOf, workOf } from './CardHead.tsx';

const at = Date.parse('2026-11-20T14:00:00Z');
const minute = 60_000;
const stage = (id: number, code: string, limit = 0) =>
  ({ id, code, title_ru: code, kind: 'open', color: 1, limit_seconds: limit }) as unknown as PlacedStage;

it('stands still while the person does not work, and runs to the end of his hours while he does', () => {
  const visit: Visit = { stage: 'new', entered_at: '', work_seconds: 780, wall_seconds: 90_000 };
  expect(workOf(visit, at, at + 600 * minute)).toBe(13 * minute);
  const running = { ...visit, runs_until: new Date(at + 30 * minute).toISOString() };
  expect(workOf(running, at, at)).toBe(13 * minute);
  expect(workOf(running, at, at + 2 * minute)).toBe(15 * minute);
  expect(workOf(running, at, at + 600 * minute)).toBe(43 * minute);
});

it('says working time in hours: none at all is none, not the time by the wall', () => {
  const stages = [stage(1, 'first'), stage(2, 'now', 86_400), stage(3, 'next', 90 * 60)];
  const visits: Visit[] = [
    { stage: 'first', entered_at: '', left_at: '', work_seconds: 0, wall_seconds: 50_000 },
    { stage: 'now', entered_at: '', work_seconds: 780, wall_seconds: 50_000 },
  ];
  const bar = barOf(stages, stages[1] as PlacedStage, visits, at, at);
  expect(bar.map((each) => each.note)).toEqual(['', '13 мин / 24 ч', 'лимит 1 ч 30 мин']);
  expect(barOf(stages, stages[1] as PlacedStage, [], at, at)[1]?.note).toBe('лимит 24 ч');
});
