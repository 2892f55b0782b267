import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ApiError, api } from '~/api/client.ts';
import { type Role, rolesQuery } from '~/entities/role/role.ts';
import { dismiss, undoLatest, useToasts } from '~/ui/toasts.ts';
import { useRoleSaver } from './useRoleSaver.ts';

const role = (version: number, title: string): Role => ({
  id: 6,
  title,
  people: 0,
  grants: [],
  fields: [],
  areas: [],
  holders: [],
  version,
});

function start() {
  const client = new QueryClient();
  client.setQueryData(rolesQuery.queryKey, [role(3, 'Estimator')]);
  const wrapper = ({ children }: { children: React.ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => ({ save: useRoleSaver(), toasts: useToasts() }), { wrapper });
  return { client, result };
}

afterEach(() => vi.restoreAllMocks());

it('saves with the version on the screen, and undoes with the one that followed', async () => {
  const patch = vi.spyOn(api, 'patch');
  patch.mockResolvedValueOnce(role(4, 'Chief estimator')).mockResolvedValueOnce(role(5, 'Estimator'));
  const { client, result } = start();
  expect(await result.current.save(role(3, 'Estimator'), { title: 'Chief estimator' }, 'saved')).toBe(true);
  expect(patch).toHaveBeenLastCalledWith('/roles/6', { title: 'Chief estimator', version: 3 });
  expect(undoLatest()).toBe(true);
  await vi.waitFor(() => expect(patch).toHaveBeenLastCalledWith('/roles/6', { title: 'Estimator', version: 4 }));
  await vi.waitFor(() => expect(client.getQueryData(rolesQuery.queryKey)?.[0]?.version).toBe(5));
});

it('does not throw away by an undo what was changed since', async () => {
  const patch = vi.spyOn(api, 'patch').mockResolvedValueOnce(role(4, 'Chief estimator'));
  const { client, result } = start();
  await result.current.save(role(3, 'Estimator'), { title: 'Chief estimator' }, 'saved');
  client.setQueryData(rolesQuery.queryKey, [role(5, 'Third title')]);
  expect(undoLatest()).toBe(true);
  expect(patch).toHaveBeenCalledTimes(1);
  await vi.waitFor(() => expect(result.current.toasts.at(-1)?.kind).toBe('error'));
});

it('overwrites nothing that somebody else has changed, and asks for what is there now', async () => {
  vi.spyOn(api, 'patch').mockRejectedValue(new ApiError({ status: 409, detail: 'changed meanwhile' }));
  const { client, result } = start();
  const asked = vi.spyOn(client, 'invalidateQueries');
  expect(await result.current.save(role(3, 'Estimator'), { title: 'Mine' }, 'saved')).toBe(false);
  expect(asked).toHaveBeenCalledWith({ queryKey: ['roles'] });
  expect(client.getQueryData(rolesQuery.queryKey)?.[0]?.title).toBe('Estimator');
  await vi.waitFor(() => expect(result.current.toasts.at(-1)?.kind).toBe('error'));
  for (const entry of result.current.toasts) dismiss(entry.id);
});
