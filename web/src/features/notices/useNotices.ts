import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { onLive } from '~/api/live.ts';
import type { LiveEvent } from '~/api/types.ts';
import { slugOf } from '~/entities/catalog/catalog.ts';
import { noticesQuery, readNotices, unreadQuery } from '~/entities/notice/notice.ts';
import { takeOffer } from '~/entities/offer/offer.ts';
import { t } from '~/i18n/index.ts';
import { dismiss, toast } from '~/ui/toasts.ts';
import { ring } from './sound.ts';
import { startWorker } from './worker.ts';

type Told = Extract<LiveEvent, { kind: 'notice' }>;

/** Keeps the bell up to date and shows what the person wants to be shown: a message on the page, one of the browser. */
export function useNotices(): void {
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    // It is of no use before the page has come to rest.
    const timer = setTimeout(() => void startWorker(), 2000);
    const calls = new Map<number, number>();

    const show = (notice: Told) => {
      const { type, record, subject } = notice;
      const open =
        type && record
          ? () => {
              if (notice.id) void readNotices(client, [notice.id]).catch(() => {});
              void navigate({ to: '/$slug/$id', params: { slug: slugOf(type), id: String(record) } });
            }
          : undefined;
      const take = notice.action === 'take' && subject && type && record;
      const shown = toast({
        icon: take ? 'hour' : 'bell',
        text: notice.title ?? '',
        detail: notice.body,
        action: take
          ? { title: t('Взять'), run: () => void takeOffer(client, { id: subject, type, record }) }
          : open && { title: t('Открыть'), run: open },
      });
      if (take) calls.set(subject, shown);
    };

    const stop = onLive((event: LiveEvent) => {
      if (event.kind === 'offer') {
        // Decided by now, here or elsewhere: nothing is left to press.
        const { id, event: what } = event as { id?: number; event?: string };
        const call = id && what !== 'made' ? calls.get(id) : undefined;
        if (id && call !== undefined) {
          dismiss(call);
          calls.delete(id);
        }
        return;
      }
      if (event.kind !== 'notice') return;
      const { unread } = event;
      if (unread !== undefined) {
        // An answer that is still on its way was given before this was told: it must not have the last word.
        void client
          .cancelQueries({ queryKey: unreadQuery.queryKey })
          .then(() => client.setQueryData(unreadQuery.queryKey, unread));
      }
      void client.invalidateQueries({ queryKey: noticesQuery.queryKey });
      if (event.event !== 'told') return;
      if (event.toast) show(event);
      if (event.action === 'take') ring();
      if (event.browser) void tellBrowser(event);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, navigate]);
}

/** Shows a notice by the browser when the person looks elsewhere; the same notice from several tabs is shown once. */
async function tellBrowser(notice: Told): Promise<void> {
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const url = notice.type && notice.record ? `/${slugOf(notice.type)}/${notice.record}` : '/';
  const options = {
    body: notice.body,
    tag: notice.subject ? `offer-${notice.subject}` : `notice-${notice.id}`,
    icon: '/icon-192.png',
    data: { url },
  };
  const registration = await startWorker();
  if (registration?.active) await registration.showNotification(notice.title ?? 'Voronka', options);
}
