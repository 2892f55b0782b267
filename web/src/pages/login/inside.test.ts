import { expect, it } from 'vitest';
import { inside } from './LoginPage.tsx';

it.each([
  [undefined, '/'],
  ['/deals?view=list', '/deals?view=list'],
  ['https://example.com', '/'],
  ['//example.com', '/'],
  ['/\\\\example.com', '/'],
  ['javascript:alert(1)', '/'],
])('after signing in %s leads to %s', (back, page) => {
  expect(inside(back)).toBe(page);
});
