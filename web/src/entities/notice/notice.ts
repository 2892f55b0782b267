import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';

/** Something the person was told. */
export interface Notice {
  id: number;
  kind: string;
  at: string;
  title: string;
  body: string;
  type?: string;
  record: number | null;
  read: boolean;
  action: { kind: 'take'; offer: number; until: string | null; open: boolean } | null;
}

/** A page of them, with how many are unread (100: a hundred and more). */
export interface NoticePage {
  items: Notice[];
  next?: string;
  unread: number;
}

/** How the person is told of one kind of things. */
export interface NoticeChoice {
  kind: string;
  title: string;
  toast: boolean;
  browser: boolean;
  push: boolean;
  email: boolean;
  quiet: boolean;
  no_email?: boolean;
}

/** All choices, and whether the portal sends letters at all. */
export interface NoticeSettings {
  items: NoticeChoice[];
  email: boolean;
}

/** A browser that is pushed to. */
export interface PushDevice {
  id: number;
  agent: string;
  endpoint: string;
  created_at: string;
  used_at: string | null;
}

/** How many notices are unread. */
export const unreadQuery = queryOptions({
  queryKey: ['notices', 'unread'],
  queryFn: ({ signal }) => api.get<NoticePage>('/notifications', { limit: 1 }, signal).then((page) => page.unread),
  staleTime: 300_000,
});

/** The notices, the newest first. */
export const noticesQuery = infiniteQueryOptions({
  queryKey: ['notices', 'list'],
  queryFn: ({ pageParam, signal }) =>
    api.get<NoticePage>('/notifications', { limit: 20, after: pageParam || undefined }, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  staleTime: 0,
});

export const noticeSettingsQuery = queryOptions({
  queryKey: ['notices', 'settings'],
  queryFn: ({ signal }) => api.get<NoticeSettings>('/notification-settings', undefined, signal),
});

export const devicesQuery = queryOptions({
  queryKey: ['notices', 'devices'],
  queryFn: ({ signal }) =>
    api.get<{ items: PushDevice[] }>('/push/subscriptions', undefined, signal).then((page) => page.items),
});

/** Marks notices as read, all without a list. */
export async function readNotices(client: QueryClient, ids?: number[]): Promise<void> {
  const { unread } = await api.post<{ unread: number }>('/notifications/read', ids ? { ids } : { all: true });
  client.setQueryData(unreadQuery.queryKey, unread);
  await client.invalidateQueries({ queryKey: noticesQuery.queryKey });
}
