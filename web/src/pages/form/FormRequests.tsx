import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '~/api/client.ts';
import type { Page } from '~/api/types.ts';
import { hrefOf, titleOf, useTypes } from '~/entities/catalog/catalog.ts';
import type { FormKey } from '~/entities/form/form.ts';
import { type CameIn, touchText } from '~/entities/request/RequestOrigin.tsx';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { DateText } from '~/ui/DateText.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';

interface Came extends CameIn {
  at: string;
  type: string;
  record: number;
  repeat_of?: number | null;
}

/** What has come through a form and what each became. */
export function FormRequests({ form }: { form: FormKey }) {
  const types = useTypes();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['requests-of', form.id],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Came>>('/requests', { key: form.id, after: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page read">
      {isPending && <SkeletonRows rows={5} />}
      {error && <ErrorNote title={t('Обращения не загрузились')} error={error} retry={() => void refetch()} />}
      {data && !items.length && (
        <EmptyState
          icon="inbox"
          title={t('Обращений ещё не было')}
          why={t('Здесь будет видно, что пришло через форму и во что превратилось')}
        />
      )}
      {items.length > 0 && (
        <section className="panel" aria-label={t('Обращения')}>
          <ul className="lines">
            {items.map((item) => (
              <li key={item.id}>
                <DateText at={item.at} />
                <span className="grow ell">
                  {String(item.payload.name ?? item.payload.phone ?? item.payload.email ?? '')}
                  {item.attribution?.last && <span className="t3"> {touchText(item.attribution.last)}</span>}
                </span>
                {item.repeat_of ? <Badge>{t('повторное')}</Badge> : null}
                {item.record ? (
                  <Link to={hrefOf(item.type, item.record)} className="link">
                    {titleOf(types.find((type) => type.code === item.type))} {item.record}
                  </Link>
                ) : null}
              </li>
            ))}
          </ul>
          {hasNextPage && (
            <div className="in">
              <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t('Показать ещё')}
              </Button>
            </div>
          )}
        </section>
      )}
    </div>
  );
}
