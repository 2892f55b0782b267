import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { canDo, fieldOf, pluralOf, titleOf } from '~/entities/catalog/catalog.ts';
import { both } from '~/entities/record/condition.ts';
import { countQuery, totalsQuery } from '~/entities/record/queries.ts';
import { TABS, type Tab, tabCondition } from '~/entities/record/view.ts';
import { usePortal } from '~/entities/session/session.ts';
import { FilterBar } from '~/features/filter/FilterBar.tsx';
import { QuickAdd } from '~/features/quickadd/LazyQuickAdd.tsx';
import { newTitle } from '~/features/quickadd/titles.ts';
import { moneyShort, number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { MenuButton } from '~/ui/MenuButton.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { RecordsBoard } from './RecordsBoard.tsx';
import { inWork, sortsOf, useView } from './useView.ts';

const RecordsList = lazy(() => import('./RecordsList.tsx').then((room) => ({ default: room.RecordsList })));

export type View = ReturnType<typeof useView>;

/** The quick views in words. */
function tabTitle(tab: Tab): string {
  return { all: t('Все в работе'), mine: t('Мои'), nostep: t('Без следующего шага'), late: t('Просроченные') }[tab];
}

/** The board or list of one record type. */
export function RecordsPage() {
  const view = useView();
  const [adding, setAdding] = useState<Record<string, unknown> | null>(null);
  const { type, pipeline, pipelines, change } = view;
  const canAdd = canDo(type, 'create');
  const add = () => setAdding(pipeline ? { pipeline: pipeline.code } : {});
  useAction(
    canAdd && type
      ? {
          id: 'add',
          title: newTitle(type.code, titleOf(type)),
          group: t('Список и доска'),
          icon: 'plus',
          key: 'KeyC',
          run: add,
        }
      : null,
  );
  useAction(
    type?.staged
      ? {
          id: 'as-board',
          title: t('Показать доской'),
          group: t('Список и доска'),
          icon: 'kanban',
          key: 'KeyB',
          run: () => change({ view: 'board' }),
        }
      : null,
  );
  useAction(
    type?.staged
      ? {
          id: 'as-list',
          title: t('Показать списком'),
          group: t('Список и доска'),
          icon: 'list',
          key: 'KeyL',
          run: () => change({ view: 'list' }),
        }
      : null,
  );
  useEffect(() => {
    if (type) document.title = `${pluralOf(type)} · Voronka`;
  }, [type]);

  if (!type) return <UnknownType loading={!view.type && !pipelines} />;
  return (
    <main className="sheet">
      <TopBar
        end={
          canAdd && (
            <Button look="pri" icon="plus" className="only-d" hotkey="KeyC" onClick={add}>
              {titleOf(type)}
            </Button>
          )
        }
      >
        <h1>{pluralOf(type)}</h1>
        {pipelines.length > 1 && pipeline && (
          <MenuButton
            target={
              <button type="button" className="btn ghost sm">
                {titleOf(pipeline)}
                <Icon name="cd" small />
              </button>
            }
            label={t('Воронка')}
            entries={pipelines.map((each) => ({
              title: titleOf(each),
              on: each.id === pipeline.id,
              run: () => change({ pipeline: each.code, stage: undefined }, false),
            }))}
          />
        )}
      </TopBar>
      {type.staged && <ViewTabs view={view} />}
      <div className="bar lined filters">
        {type.staged && <PhoneTabs view={view} />}
        <FilterBar
          type={type}
          fields={view.fields}
          conditions={view.conditions}
          onChange={(where) => change({ where: where.length ? where : undefined }, false)}
        />
        <MenuButton
          label={t('Сортировка')}
          target={
            <button type="button" className="chip only-d">
              {t('Сортировка:')}{' '}
              <b>{sortsOf(type).find((each) => each.code === view.sort)?.title ?? view.sort.replace('-', '')}</b>
              <Icon name="cd" small />
            </button>
          }
          entries={sortsOf(type).map((each) => ({
            title: each.title,
            on: each.code === view.sort,
            run: () => change({ sort: each.code }),
          }))}
        />
        <div className="grow" />
        {type.staged && <Summary view={view} />}
        {view.view === 'list' && canDo(type, 'export') && (
          <a className="btn ghost sm only-d" href={exportHref(view)} download title={t('Выгрузить список в CSV')}>
            <Icon name="down" small />
            {t('Выгрузить')}
          </a>
        )}
      </div>
      {view.view === 'board' && pipeline ? (
        <RecordsBoard
          view={view}
          onAdd={canAdd ? (stage) => setAdding({ pipeline: pipeline.code, stage }) : undefined}
        />
      ) : (
        <Suspense fallback={<SkeletonRows rows={16} />}>
          <RecordsList view={view} onAdd={canAdd ? add : undefined} />
        </Suspense>
      )}
      {canAdd && (
        <button type="button" className="fab only-m" aria-label={newTitle(type.code, titleOf(type))} onClick={add}>
          <Icon name="plus" />
        </button>
      )}
      {adding && <QuickAdd type={type.code} preset={adding} onClose={() => setAdding(null)} />}
    </main>
  );
}

/** Where the list as it is shown lies as a file, with all the fields the reader knows. */
function exportHref(view: View): string {
  const query = new URLSearchParams({ filter: view.listFilter, sort: view.sort, pipeline: view.pipeline?.code ?? '' });
  return `/api/records/${view.code}/export?${query}`;
}

function UnknownType({ loading }: { loading: boolean }) {
  return (
    <main className="sheet" aria-busy={loading}>
      <TopBar>
        <h1>{loading ? '' : t('Нет такого раздела')}</h1>
      </TopBar>
      {loading ? (
        <SkeletonRows />
      ) : (
        <EmptyState icon="search" title={t('Нет такого раздела')} why={t('Адрес устарел или раздел вам не открыт')} />
      )}
    </main>
  );
}

function ViewTabs({ view }: { view: View }) {
  return (
    <div className="bar only-d lined">
      <nav className="tabs" aria-label={t('Представления')}>
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            className={tab === view.tab ? 'on' : ''}
            aria-current={tab === view.tab || undefined}
            onClick={() => view.change({ tab: tab === 'all' ? undefined : tab }, false)}
          >
            {tabTitle(tab)}
            <TabCount view={view} tab={tab} />
          </button>
        ))}
      </nav>
      <div className="grow" />
      <div className="seg" role="group" aria-label={t('Вид')}>
        {(['board', 'list'] as const).map((each) => (
          <button
            key={each}
            type="button"
            className={view.view === each ? 'on' : ''}
            aria-pressed={view.view === each}
            onClick={() => view.change({ view: each === 'board' ? undefined : each }, false)}
          >
            <Icon name={each === 'board' ? 'kanban' : 'list'} small />
            {each === 'board' ? t('Канбан') : t('Список')}
          </button>
        ))}
      </div>
    </div>
  );
}

function TabCount({ view, tab }: { view: View; tab: Tab }) {
  const { data } = useQuery(countQuery(view.code, both(tabCondition(tab), inWork(view.pipeline)), view.pipeline?.code));
  return data === undefined ? null : (
    <span className="n">{number(data.count) + (data.exact === false ? '+' : '')}</span>
  );
}

function PhoneTabs({ view }: { view: View }) {
  return (
    <MenuButton
      label={t('Представления')}
      target={
        <button type="button" className="chip on only-m">
          {tabTitle(view.tab)}
          <Icon name="cd" small />
        </button>
      }
      entries={[
        ...TABS.map((tab) => ({
          title: tabTitle(tab),
          on: tab === view.tab,
          run: () => view.change({ tab: tab === 'all' ? undefined : tab }),
        })),
        null,
        {
          title: t('Канбан'),
          icon: 'kanban' as const,
          on: view.view === 'board',
          run: () => view.change({ view: undefined }),
        },
        {
          title: t('Список'),
          icon: 'list' as const,
          on: view.view === 'list',
          run: () => view.change({ view: 'list' }),
        },
      ]}
    />
  );
}

/** How many records in work and for how much, over all of them. */
function Summary({ view }: { view: View }) {
  const portal = usePortal();
  const sums = !!fieldOf(view.type, 'amount');
  const { data } = useQuery({
    ...totalsQuery({ type: view.code, pipeline: view.pipeline?.code, filter: view.filter }),
    enabled: !!view.pipeline,
  });
  if (!data || !view.pipeline) return null;
  const kind = new Map(view.pipeline.stages.map((stage) => [stage.code, stage.kind]));
  const open = data.stages.filter((total) => kind.get(total.stage) === 'open' || kind.get(total.stage) === 'waiting');
  const won = data.stages.filter((total) => kind.get(total.stage) === 'won');
  const sum = (list: typeof open, key: 'count' | 'sum') =>
    key === 'sum' && !sums ? 0 : list.reduce((total, each) => total + (each[key] ?? 0), 0);
  return (
    <>
      <span className="f12 t2 only-d nowrap">
        {t('{n, plural, one {# в работе} few {# в работе} many {# в работе} other {# в работе}}', {
          n: sum(open, 'count'),
        })}{' '}
        {sum(open, 'sum') > 0 && (
          <>
            · <b className="num">{moneyShort(sum(open, 'sum'), portal.currency)}</b>
          </>
        )}
      </span>
      {sum(won, 'count') > 0 && (
        <span className="f12 t3 only-d nowrap">
          {t('выиграно')} <b className="num">{number(sum(won, 'count'))}</b>
          {sum(won, 'sum') > 0 && (
            <>
              {' '}
              · <b className="num">{moneyShort(sum(won, 'sum'), portal.currency)}</b>
            </>
          )}
        </span>
      )}
    </>
  );
}
