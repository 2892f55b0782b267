import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import type { BinItem, Page } from '~/api/types.ts';
import { pluralOf, titleOf, useNames, useTypes } from '~/entities/catalog/catalog.ts';
import { typeIcon } from '~/features/places/place.ts';
import { moment } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';

/** What was deleted in the last thirty days, to be brought back. */
export function BinPage() {
  const client = useQueryClient();
  const types = useTypes();
  const nameOf = useNames();
  const [type, setType] = useState('');
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['bin', type],
    queryFn: ({ pageParam, signal }) => api.get<Page<BinItem>>('/bin', { type, after: pageParam, limit: 100 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useEffect(() => {
    document.title = `${t('Корзина')} · Voronka`;
  }, []);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const restore = async (item: BinItem) => {
    try {
      await api.post(`/bin/${item.type}/${item.id}/restoration`);
      toast({ text: t('Снова на месте: {title}', { title: item.title }) });
      for (const key of ['bin', 'board', 'list', 'totals', 'count']) void client.invalidateQueries({ queryKey: [key] });
    } catch (reason) {
      toast({ kind: 'error', text: t('Не вернулось'), detail: errorText(reason) });
    }
  };
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Корзина')}</h1>
        <span className="t3 only-d">{t('удалённое хранится 30 дней')}</span>
      </TopBar>
      <div className="bar lined filters">
        <select
          className="input fit"
          aria-label={t('Вид')}
          value={type}
          onChange={(event) => setType(event.target.value)}
        >
          <option value="">{t('всё')}</option>
          {types.map((each) => (
            <option key={each.code} value={each.code}>
              {pluralOf(each)}
            </option>
          ))}
        </select>
      </div>
      {isPending && <SkeletonRows />}
      {error && (
        <div className="body centre">
          <ErrorNote title={t('Корзина не загрузилась')} error={error} retry={() => void refetch()} />
        </div>
      )}
      {data && !items.length && (
        <div className="body centre">
          <EmptyState
            icon="trash"
            title={t('В корзине пусто')}
            why={t('Сюда попадает всё, что удаляют; отсюда можно вернуть')}
          />
        </div>
      )}
      {items.length > 0 && (
        <div className="body scroll page read">
          <section className="panel" aria-label={t('Корзина')}>
            <ul className="lines">
              {items.map((item) => (
                <li key={`${item.type}/${item.id}`}>
                  <Icon name={typeIcon(item.type)} small />
                  <span className="grow">
                    <span className="m ell me-name">{item.title}</span>
                    <span className="f12 t3 ell me-name">
                      {[
                        titleOf(types.find((each) => each.code === item.type)),
                        item.deleted_by ? nameOf(item.deleted_by) : '',
                        moment(Date.parse(item.deleted_at)),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </span>
                  <Button small icon="undo" onClick={() => void restore(item)}>
                    {t('Вернуть')}
                  </Button>
                </li>
              ))}
            </ul>
          </section>
          {hasNextPage && (
            <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('Показать раньше')}
            </Button>
          )}
        </div>
      )}
    </main>
  );
}
