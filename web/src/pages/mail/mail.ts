import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';

/** By which server letters leave. The password is never shown. */
export interface MailSettings {
  active: boolean;
  host: string;
  port: number;
  security: 'starttls' | 'tls' | 'none';
  user: string;
  has_password: boolean;
  from: string;
  from_name: string;
  address: string;
  queue: { waiting: number; failed: number; problem?: string };
}

/** The letter to clients of a form or key. */
export interface ClientLetter {
  active: boolean;
  subject_ru: string;
  body_ru: string;
  subject_en: string;
  body_en: string;
}

export const mailQuery = queryOptions({
  queryKey: ['mail-settings'],
  queryFn: ({ signal }) => api.get<MailSettings>('/mail-settings', undefined, signal),
});

export const letterQuery = (key: number) =>
  queryOptions({
    queryKey: ['client-letter', key],
    queryFn: ({ signal }) =>
      api.get<ClientLetter & { placeholders: string[] }>(`/intake-keys/${key}/letter`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
