import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Incident, Page } from '~/api/types.ts';
import { hrefOf, useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { dayHeading, dayOf, time } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';

/** An incident in words. */
function kindText(kind: string): string {
  switch (kind.replace('.', '_')) {
    case 'offer_missed':
    case 'missed_offer':
    case 'miss':
      return t('Пропуск предложения');
    case 'stage_overdue':
    case 'stage':
      return t('Стадия просрочена');
    case 'routing_loop':
      return t('Правила отдают запись по кругу');
    case 'head':
    case 'drum_head':
    case 'escalated':
      return t('Передано руководителю');
    default:
      return kind;
  }
}

/** The journal of breaches: who missed what and when. */
export function IncidentsPage() {
  const nameOf = useNames();
  const users = useUsers().filter((user) => user.active);
  const [user, setUser] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['incidents', user, from, to],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Incident>>('/incidents', { user, from, to, after: pageParam, limit: 100 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useEffect(() => {
    document.title = `${t('Инциденты')} · Voronka`;
  }, []);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = !!(user || from || to);
  let day = '';
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Инциденты')}</h1>
      </TopBar>
      <div className="bar lined filters">
        <select
          className="input fit"
          aria-label={t('Сотрудник')}
          value={user}
          onChange={(event) => setUser(event.target.value)}
        >
          <option value="">{t('все сотрудники')}</option>
          {users.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
        <input
          className="input fit"
          type="date"
          aria-label={t('С какого дня')}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <input
          className="input fit"
          type="date"
          aria-label={t('По какой день')}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
        {filtered && (
          <Button
            look="ghost"
            small
            icon="x"
            onClick={() => {
              setUser('');
              setFrom('');
              setTo('');
            }}
          >
            {t('Сбросить')}
          </Button>
        )}
      </div>
      {isPending && <SkeletonRows />}
      {error && (
        <div className="body centre">
          <ErrorNote title={t('Инциденты не загрузились')} error={error} retry={() => void refetch()} />
        </div>
      )}
      {data && !items.length && (
        <div className="body centre">
          <EmptyState
            icon={filtered ? 'filter' : 'check'}
            title={filtered ? t('Под фильтр ничего не подходит') : t('Пропусков нет')}
            why={filtered ? t('Выберите другие дни или всех сотрудников') : t('Все обращения взяты в срок')}
          />
        </div>
      )}
      {items.length > 0 && (
        <div className="body scroll page read">
          <section className="panel" aria-label={t('Журнал')}>
            <ul className="lines">
              {items.map((incident) => {
                const ms = Date.parse(incident.at);
                const next = dayOf(ms);
                const head = next !== day;
                day = next;
                return [
                  head && (
                    <li key={`day ${next}`} className="day-line">
                      <h2 className="f12 b">{dayHeading(ms)}</h2>
                    </li>
                  ),
                  <li key={incident.id}>
                    <span className="danger">
                      <Icon name="alert" small />
                    </span>
                    <time className="num t3 f12">{time(ms)}</time>
                    {incident.user ? <Avatar id={incident.user} name={nameOf(incident.user)} silent /> : null}
                    <span className="grow">
                      <span className="m ell me-name">
                        {incident.user ? nameOf(incident.user) : kindText(incident.kind)}
                      </span>
                      <span className="f12 t3 ell me-name">{kindText(incident.kind)}</span>
                    </span>
                    {incident.type && incident.record ? (
                      <Link to={hrefOf(incident.type, incident.record)} className="link f12 ell">
                        {incident.title || t('Запись {id}', { id: incident.record })}
                      </Link>
                    ) : null}
                  </li>,
                ];
              })}
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
