import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';
import { hold } from '~/entities/record/cache.ts';
import { askAgain } from './askAgain.ts';

/** A question on the screen whose answers are counted and come when they are let. */
function shown(client: QueryClient, key: string, staleTime = 60_000) {
  const answers: (() => void)[] = [];
  const queryFn = vi.fn(() => new Promise<number>((answer) => answers.push(() => answer(answers.length))));
  const observer = new QueryObserver(client, { queryKey: [key], queryFn, staleTime });
  return { queryFn, answers, end: observer.subscribe(() => {}) };
}

it('asks again for what was answered before the stream opened, but not for what lasts', async () => {
  const client = new QueryClient();
  const board = shown(client, 'board');
  const types = shown(client, 'types');
  board.answers[0]!();
  types.answers[0]!();
  await vi.waitFor(() => expect(client.getQueryData(['board'])).toBe(1));
  await askAgain(client);
  expect(board.queryFn).toHaveBeenCalledTimes(2);
  expect(types.queryFn).toHaveBeenCalledTimes(1);
  board.answers[1]!();
  await vi.waitFor(() => expect(client.getQueryData(['board'])).toBe(2));
  for (const each of [board, types]) each.end();
});

it('shows an answer that is on its way before it asks again', async () => {
  const client = new QueryClient();
  const board = shown(client, 'board');
  const again = askAgain(client);
  expect(board.queryFn).toHaveBeenCalledTimes(1);
  board.answers[0]!();
  await again;
  expect(client.getQueryData(['board'])).toBe(1);
  expect(board.queryFn).toHaveBeenCalledTimes(2);
  board.end();
});

it('leaves a record alone that is being deleted here', async () => {
  const client = new QueryClient();
  const queryFn = vi.fn(() => Promise.resolve(1));
  const end = new QueryObserver(client, { queryKey: ['record', 'deal', 3], queryFn, staleTime: 60_000 }).subscribe(
    () => {},
  );
  await vi.waitFor(() => expect(client.getQueryData(['record', 'deal', 3])).toBe(1));
  const release = hold('deal', 3);
  await askAgain(client);
  expect(queryFn).toHaveBeenCalledTimes(1);
  release();
  await askAgain(client);
  expect(queryFn).toHaveBeenCalledTimes(2);
  end();
});
