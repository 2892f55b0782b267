import { expect, it } from 'vitest';
import { otherLayout } from '~/i18n/layout.ts';
import { fits, readings } from './Palette.tsx';

it.each([
  ['ghbdtn', 'привет'],
  ['ctdth', 'север'],
  ['руддщ', 'hello'],
  ['Vjcrdf', 'Москва'],
  ['123', null],
])('%s on the other layout is %s', (typed, meant) => {
  expect(otherLayout(typed)).toBe(meant);
});

it('finds by either reading, without regard to case and ё', () => {
  expect(fits('Воронки и стадии', readings('djhjyr'))).toBe(true);
  expect(fits('Всё в работе', readings('все'))).toBe(true);
  expect(fits('People and departments', readings('зущзду'))).toBe(true);
  expect(fits('Корзина', readings('люди'))).toBe(false);
});
