import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page } from '~/api/types.ts';
import { hrefOf, useDepartments, useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { drumsQuery } from '~/entities/drum/drum.ts';
import { monthLong, percent, reportQuery } from '~/entities/figures/figures.ts';
import type { Heat, Taken } from '~/entities/figures/types.ts';
import { dayOf, number, time } from '~/i18n/format.ts';
import { language, t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import { CostPanel } from './CostPanel.tsx';
import { csv, download } from './csv.ts';
import { type IncidentSearch, journalFilter, periodOf, reportFilter } from './filter.ts';
import { HeatTable } from './HeatTable.tsx';
import { type Breach, IncidentList, useRule } from './IncidentList.tsx';
import { SpeedPanel } from './SpeedPanel.tsx';
import { GOAL, TakenChart } from './TakenChart.tsx';
import '~/entities/figures/figures.css';

/** Who missed what and when: by person and month, with what it cost, and the journal below. */
export function IncidentsPage() {
  const search: IncidentSearch = useSearch({ from: '/inside/incidents' });
  const navigate = useNavigate();
  const nameOf = useNames();
  const change = (next: Partial<IncidentSearch>) =>
    void navigate({ to: '/incidents', search: { ...search, ...next }, replace: true, resetScroll: false });
  const filter = reportFilter(search);
  const journal = journalFilter(search);
  const { data: heat, error: failed } = useQuery(reportQuery<Heat>('incidents', filter));
  const { data: taken } = useQuery(reportQuery<Taken>('taken', { ...filter, kind: undefined }));
  const list = useInfiniteQuery({
    queryKey: ['incidents', journal],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Breach>>('/incidents', { ...journal, after: pageParam, limit: 50 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useEffect(() => {
    document.title = `${t('Инциденты')} · Voronka`;
  }, []);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const all = heat?.kinds.reduce((sum, kind) => sum + kind.count, 0) ?? 0;
  const [user, month] = (search.cell ?? '').split(':');
  const picked = [Number(user) ? nameOf(Number(user)) : '', month ? monthLong(month) : ''].filter(Boolean).join(', ');
  const last = taken?.months.at(-1);
  const took = taken?.months.some((month) => month.taken > 0) ?? false;
  const narrow = Object.values(search).some(Boolean);
  return (
    <main className="sheet">
      <TopBar end={<CsvButton filter={journal} />}>
        <h1>{t('Инциденты')}</h1>
      </TopBar>
      <div className="bar filters">
        <nav className="tabs" aria-label={t('Виды инцидентов')}>
          <Tab on={!search.kind} count={all} onClick={() => change({ kind: undefined, cell: undefined })}>
            {t('Все')}
          </Tab>
          {heat?.kinds.map((kind) => (
            <Tab
              key={kind.kind}
              on={search.kind === kind.kind}
              count={kind.count}
              onClick={() => change({ kind: kind.kind, cell: undefined })}
            >
              {kind.title}
            </Tab>
          ))}
        </nav>
      </div>
      <Filters search={search} onChange={change}>
        {last && last.taken + last.missed > 0 && (
          <span className="f12 t2 only-d">
            {monthLong(last.from.slice(0, 7))}: {t('взято в срок')}{' '}
            <b className={`num ${last.in_time >= GOAL ? 'ok' : 'danger'}`}>{percent(last.in_time)}</b>
          </span>
        )}
      </Filters>
      <div className="body scroll">
        <div className="fig">
          {failed && <ErrorNote title={t('Показатели не загрузились')} error={failed} />}
          {heat ? (
            <HeatTable heat={heat} cell={search.cell} onPick={(cell) => change({ cell })} />
          ) : (
            <section className="panel" style={{ minHeight: 260 }} />
          )}
          {heat && taken ? (
            <TakenChart months={heat.months} shares={taken.months} />
          ) : (
            <section className="panel" style={{ minHeight: 260 }} />
          )}
          <section className="panel wide" aria-labelledby="journal-title">
            <header>
              <h2 id="journal-title">{picked || t('Журнал')}</h2>
              {search.cell && (
                <Button small icon="x" onClick={() => change({ cell: undefined })}>
                  {t('снять выбор')}
                </Button>
              )}
            </header>
            {list.isPending && <SkeletonRows rows={5} />}
            {list.error && (
              <ErrorNote title={t('Инциденты не загрузились')} error={list.error} retry={() => void list.refetch()} />
            )}
            {list.data && !items.length && (
              <EmptyState
                icon={narrow ? 'filter' : 'check'}
                title={narrow ? t('Под фильтр ничего не подходит') : t('Пропусков нет')}
                why={
                  narrow
                    ? t('Выберите другие дни или всех сотрудников')
                    : took
                      ? t('Все обращения взяты в срок')
                      : t('За это время ничего не взяли')
                }
              />
            )}
            {items.length > 0 && <IncidentList items={items} />}
            {list.hasNextPage && (
              <div className="in">
                <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                  {t('Показать раньше')}
                </Button>
              </div>
            )}
          </section>
        </div>
        <div className="fig even">
          <SpeedPanel filter={filter} />
          <CostPanel filter={filter} />
        </div>
      </div>
    </main>
  );
}

function Tab({
  on,
  count,
  onClick,
  children,
}: {
  on: boolean;
  count: number;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button type="button" className={on ? 'on' : ''} aria-current={on || undefined} onClick={onClick}>
      {children}
      <span className="n">{number(count)}</span>
    </button>
  );
}

interface FiltersProps {
  search: IncidentSearch;
  onChange: (next: Partial<IncidentSearch>) => void;
  children: React.ReactNode;
}

function Filters({ search, onChange, children }: FiltersProps) {
  const users = useUsers();
  const departments = useDepartments();
  const { data: drums } = useQuery(drumsQuery);
  const period = periodOf(search);
  const pick = (name: 'user' | 'drum' | 'department', label: string, any: string, list: [number, string][]) => (
    <select
      className="input fit"
      aria-label={label}
      value={search[name] ?? ''}
      onChange={(event) => onChange({ [name]: Number(event.target.value) || undefined, cell: undefined })}
    >
      <option value="">{any}</option>
      {list.map(([id, title]) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </select>
  );
  const date = (name: 'from' | 'to', label: string) => (
    <input
      className="input fit"
      type="date"
      aria-label={label}
      value={period[name]}
      onChange={(event) => onChange({ [name]: event.target.value || undefined, cell: undefined })}
    />
  );
  return (
    <div className="bar lined filters">
      {date('from', t('С какого дня'))}
      {date('to', t('По какой день'))}
      {departments.length > 1 &&
        pick(
          'department',
          t('Отдел'),
          t('все отделы'),
          departments.map((each) => [each.id, each.title]),
        )}
      {pick(
        'user',
        t('Сотрудник'),
        t('все сотрудники'),
        users.map((each) => [each.id, each.name]),
      )}
      {!!drums?.length &&
        pick(
          'drum',
          t('Барабан'),
          t('все барабаны'),
          drums.map((each) => [each.id, each.title]),
        )}
      {(search.user || search.drum || search.department || search.from || search.to) && (
        <Button
          look="ghost"
          small
          icon="x"
          onClick={() =>
            onChange({
              user: undefined,
              drum: undefined,
              department: undefined,
              from: undefined,
              to: undefined,
              cell: undefined,
            })
          }
        >
          {t('Сбросить')}
        </Button>
      )}
      <div className="grow" />
      {children}
    </div>
  );
}

const MOST = 50_000;

/** Writes exactly the journal below into a file. */
function CsvButton({ filter }: { filter: ReturnType<typeof journalFilter> }) {
  const nameOf = useNames();
  const rule = useRule();
  const departments = useDepartments();
  const [busy, setBusy] = useState(false);
  const write = async () => {
    setBusy(true);
    try {
      const items: Breach[] = [];
      let after: string | undefined;
      do {
        const page: Page<Breach> = await api.get('/incidents', { ...filter, after, limit: 500 });
        items.push(...page.items);
        after = page.next ?? undefined;
      } while (after && items.length < MOST);
      const head = [
        t('Когда'),
        t('Что случилось'),
        t('Кто'),
        t('Отдел'),
        t('Запись'),
        t('Адрес'),
        t('Правило'),
        t('Оправдан'),
        t('Кто оправдал'),
      ];
      const rows = items.map((incident) => [
        `${dayOf(Date.parse(incident.at))} ${time(Date.parse(incident.at))}`,
        incident.kind_title,
        nameOf(incident.user),
        departments.find((each) => each.id === incident.department)?.title,
        incident.title,
        incident.type && incident.record ? location.origin + hrefOf(incident.type, incident.record) : '',
        rule(incident),
        incident.excuse?.comment,
        nameOf(incident.excuse?.by),
      ]);
      await api.post('/access-journal/exports', {
        what: 'incidents',
        rows: items.length,
        filter: JSON.stringify(filter).slice(0, 1000),
      });
      download(`${t('инциденты')} ${filter.from}.csv`, csv([head, ...rows], language()));
    } catch (error) {
      toast({ kind: 'error', text: t('Файл не собрался'), detail: errorText(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon="down" busy={busy} onClick={() => void write()}>
      CSV
    </Button>
  );
}
