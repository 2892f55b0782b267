import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Me, Page, Session, User } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';

/** How one's own second step of signing in stands. */
export interface SecondFactor {
  on: boolean;
  since?: string | null;
  codes_left: number;
  needed: boolean;
  /** Changes are proved by the password; otherwise by a code. */
  password: boolean;
}

/** Somebody who was invited and hasn't come. The link is told once. */
export interface Invitation {
  id: number;
  email: string;
  role: Me['role'];
  department?: number | null;
  position?: string;
  invited_by: number;
  expires_at: string;
  times: number;
  link?: string;
  letter?: boolean;
}

/** The answer to signing in: the person, or a ticket for the second step. */
export interface Entered {
  id?: number;
  language?: Me['language'];
  second_factor?: boolean;
  ticket?: string;
}

export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => api.get<SecondFactor>('/me/second-factor', undefined, signal),
});

export const sessionsQuery = (user?: number) =>
  queryOptions({
    queryKey: ['sessions', user ?? 'mine'],
    queryFn: ({ signal }) =>
      api
        .get<Page<Session>>(user ? `/users/${user}/sessions` : '/sessions', undefined, signal)
        .then((page) => page.items),
  });

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal }) => api.get<Page<Invitation>>('/invitations', undefined, signal).then((page) => page.items),
});

export const servicesQuery = queryOptions({
  queryKey: ['service-accounts'],
  queryFn: ({ signal }) => api.get<Page<User>>('/service-accounts', undefined, signal).then((page) => page.items),
});

/** Browser and system of a session in words. */
export function deviceName(session: Pick<Session, 'browser' | 'os' | 'agent'>): string {
  return [session.browser, session.os].filter(Boolean).join(', ') || session.agent || t('Неизвестное устройство');
}

/** What a token is for, in words. */
export function usesTitle(use: string): string {
  return (
    {
      read: t('Читать записи'),
      write: t('Менять записи'),
      import: t('Загружать обращения'),
      settings: t('Менять настройки'),
      all: t('Всё, что можно владельцу'),
    }[use] ?? use
  );
}
