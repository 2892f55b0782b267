import { expect, it } from 'vitest';
import { readRequest, sampleRequest, sayIn } from './samples.ts';

it('keeps the rest of a request when one field is said anew', () => {
  expect(readRequest(sampleRequest())?.comment).toBe('Нужен расчёт');
  const said = readRequest(sayIn(sampleRequest(), 'name', 'Анна'));
  expect(said).toMatchObject({ name: 'Анна', amount: 1500000 });
  expect(readRequest(sayIn('{"name": "Анна", "city": "Тверь"}', 'name', ''))).toEqual({ city: 'Тверь' });
});

it('reads nothing but one object', () => {
  expect(readRequest('{"name": ')).toBeNull();
  expect(readRequest('[1]')).toBeNull();
});
