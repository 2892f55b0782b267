import { describe, expect, it } from 'vitest';
import type { BoardData, RecordData } from '~/api/types.ts';
import { withCard, withoutCard } from './cache.ts';

const card = (id: number, stage: string, minor = 100, version = 1): RecordData => ({
  id,
  type: 'deal',
  version,
  title: `№ ${id}`,
  stage,
  amount: { minor, currency: 'RUB', base: minor },
});

const board = (): BoardData => ({
  pipeline: 'main',
  stages: [
    { stage: 'new', count: 30, sum: 3000, items: [card(1, 'new'), card(2, 'new')], next: 'x' },
    { stage: 'need', count: 1, sum: 100, items: [card(3, 'need')], next: null },
  ],
});

const column = (data: BoardData, code: string) => data.stages.find((stage) => stage.stage === code)!;

describe('withCard', () => {
  it('moves a card and keeps the heads counting all records, not the loaded ones', () => {
    const after = withCard(board(), card(1, 'need', 100, 2));
    expect(column(after, 'new')).toMatchObject({ count: 29, sum: 2900 });
    expect(column(after, 'need')).toMatchObject({ count: 2, sum: 200 });
    expect(column(after, 'need').items.map((item) => item.id)).toEqual([1, 3]);
  });

  it('changes a card in place and its column sum with it', () => {
    const after = withCard(board(), card(2, 'new', 500, 2));
    expect(column(after, 'new').items.map((item) => item.id)).toEqual([1, 2]);
    expect(column(after, 'new').sum).toBe(3400);
  });

  it('ignores news older than what is shown', () => {
    const newer = withCard(board(), card(2, 'new', 500, 5));
    expect(withCard(newer, card(2, 'new', 1, 4))).toBe(newer);
  });

  it('adds a new card on top', () => {
    const after = withCard(board(), card(9, 'new', 50));
    expect(column(after, 'new')).toMatchObject({ count: 31, sum: 3050 });
    expect(column(after, 'new').items[0]?.id).toBe(9);
  });

  it('leaves unknown totals unknown', () => {
    const blank = board();
    for (const stage of blank.stages) {
      stage.count = null;
      stage.sum = null;
    }
    expect(column(withCard(blank, card(9, 'new')), 'new').count).toBeNull();
  });
});

it('withoutCard takes a card and its sum away', () => {
  const after = withoutCard(board(), 3);
  expect(column(after, 'need')).toMatchObject({ count: 0, sum: 0, items: [] });
  expect(column(after, 'new').count).toBe(30);
});
