import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { slugOf } from '~/entities/catalog/catalog.ts';
import { type Notice, noticesQuery, readNotices } from '~/entities/notice/notice.ts';
import { takeOffer } from '~/entities/offer/offer.ts';
import { when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { toast } from '~/ui/toasts.ts';
import './notices.css';

/** The notices under the bell, the newest first. */
export function BellPanel({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const { data, error, isPending, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(noticesQuery);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const read = (ids?: number[]) =>
    void readNotices(client, ids).catch((reason) =>
      toast({ kind: 'error', text: t('Не отмечено'), detail: errorText(reason) }),
    );
  return (
    <div className="bell-panel">
      <header>
        <h2 className="f14 b">{t('Уведомления')}</h2>
        <span className="grow" />
        <Button look="ghost" small icon="check" disabled={!items.some((item) => !item.read)} onClick={() => read()}>
          {t('Прочитано всё')}
        </Button>
        <Link
          className="btn ghost ico sm"
          to="/profile"
          hash="notifications"
          aria-label={t('Настроить уведомления')}
          title={t('Настроить уведомления')}
          onClick={onClose}
        >
          <Icon name="gear" small />
        </Link>
      </header>
      <div className="bell-scroll">
        {isPending && <SkeletonRows rows={4} />}
        {error && <ErrorNote title={t('Уведомления не загрузились')} error={error} retry={() => void refetch()} />}
        {data && !items.length && (
          <EmptyState icon="bell" title={t('Уведомлений нет')} why={t('Здесь появится то, что касается вас')} />
        )}
        <ul>
          {items.map((item) => (
            <NoticeRow key={item.id} item={item} onRead={() => !item.read && read([item.id])} onClose={onClose} />
          ))}
        </ul>
        {hasNextPage && (
          <div className="bell-more">
            <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('Показать ещё')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function NoticeRow({ item, onRead, onClose }: { item: Notice; onRead: () => void; onClose: () => void }) {
  const client = useQueryClient();
  const { type, record, action } = item;
  const text = (
    <>
      <span className="bell-title">
        {!item.read && (
          <>
            <i className="bell-dot" aria-hidden="true" />
            <span className="sr">{t('Новое')}: </span>
          </>
        )}
        <span className="m">{item.title}</span>
      </span>
      {item.body && <span className="f12 t2 bell-body">{item.body}</span>}
      <time className="f12 t3" dateTime={item.at}>
        {when(Date.parse(item.at))}
      </time>
    </>
  );
  return (
    <li className={item.read ? '' : 'new'}>
      {type && record ? (
        <Link
          className="bell-text"
          to="/$slug/$id"
          params={{ slug: slugOf(type), id: String(record) }}
          onClick={() => {
            onRead();
            onClose();
          }}
        >
          {text}
        </Link>
      ) : (
        <button type="button" className="bell-text" onClick={onRead}>
          {text}
        </button>
      )}
      {action?.open && type && record && (
        <Button
          look="pri"
          small
          onClick={() => {
            void takeOffer(client, { id: action.offer, type, record });
            onClose();
          }}
        >
          {t('Взять')}
        </Button>
      )}
    </li>
  );
}
