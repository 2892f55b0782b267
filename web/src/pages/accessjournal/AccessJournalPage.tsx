import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page } from '~/api/types.ts';
import { hrefOf, pluralOf, titleOf, useNames, useType, useTypes, useUsers } from '~/entities/catalog/catalog.ts';
import { plusDays } from '~/entities/figures/figures.ts';
import { isAdmin, useMe } from '~/entities/session/session.ts';
import { dayHeading, dayOf, time } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { KeepDialog } from './KeepDialog.tsx';
import type { JournalSearch, Line } from './line.ts';
import { kinds, origin, sentence } from './sentence.ts';
import './accessjournal.css';

/** Who entered, whom he looked at, what he carried out, which rights and settings he changed. */
export function AccessJournalPage() {
  const search: JournalSearch = useSearch({ from: '/inside/settings/access-journal' });
  const navigate = useNavigate();
  const me = useMe();
  const [keeping, setKeeping] = useState(false);
  const change = (next: Partial<JournalSearch>) =>
    void navigate({
      to: '/settings/access-journal',
      search: { ...search, ...next },
      replace: true,
      resetScroll: false,
    });
  const filter = { ...search, to: search.to && plusDays(search.to, 1) };
  const list = useInfiniteQuery({
    queryKey: ['access-journal', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Line>>('/access-journal', { ...filter, after: pageParam, limit: 100 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  useEffect(() => {
    document.title = `${t('Журнал доступа')} · Voronka`;
  }, []);
  const lines = list.data?.pages.flatMap((page) => page.items) ?? [];
  const narrow = Object.values(search).some(Boolean);
  const file = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])),
  );
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            {isAdmin(me) && (
              <Button look="ghost" icon="clock" className="only-d" onClick={() => setKeeping(true)}>
                {t('Срок хранения')}
              </Button>
            )}
            <a className="btn" href={`/api/access-journal/export?${file}`} download>
              CSV
            </a>
          </>
        }
      >
        <h1>{t('Журнал доступа')}</h1>
      </TopBar>
      <Filters search={search} onChange={change} />
      <div className="body scroll page">
        <section className="panel aj" aria-label={t('Журнал доступа')}>
          {list.isPending && <SkeletonRows rows={10} />}
          {list.error && (
            <ErrorNote title={t('Журнал не загрузился')} error={list.error} retry={() => void list.refetch()} />
          )}
          {list.data && !lines.length && (
            <EmptyState
              icon={narrow ? 'filter' : 'history'}
              title={narrow ? t('Под фильтр ничего не подходит') : t('Журнал пуст')}
              why={narrow ? t('Выберите другие дни или всех сотрудников') : undefined}
            />
          )}
          {lines.length > 0 && <Lines lines={lines} />}
          {list.hasNextPage && <Further busy={list.isFetchingNextPage} onSeen={() => void list.fetchNextPage()} />}
        </section>
      </div>
      {keeping && <KeepDialog onClose={() => setKeeping(false)} />}
    </main>
  );
}

/** The end of what is loaded: the next page comes when it is seen. */
function Further({ busy, onSeen }: { busy: boolean; onSeen: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    const node = end.current;
    if (!node || busy) return;
    const watch = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && seen.current(),
      {
        rootMargin: '400px',
      },
    );
    watch.observe(node);
    return () => watch.disconnect();
  }, [busy]);
  return (
    <div className="in" ref={end}>
      <Button busy={busy} onClick={onSeen}>
        {t('Показать раньше')}
      </Button>
    </div>
  );
}

function Lines({ lines }: { lines: readonly Line[] }) {
  const nameOf = useNames();
  const types = useTypes();
  const names = { user: nameOf, type: (code: string) => pluralOf(types.find((each) => each.code === code)) };
  let shown = '';
  return (
    <ol className="aj-list">
      {lines.map((line) => {
        const at = Date.parse(line.at);
        const heading = dayOf(at) === shown ? '' : dayHeading(at);
        shown = dayOf(at);
        return [
          heading && (
            <li key={`day ${line.id}`} className="aj-day label">
              {heading}
            </li>
          ),
          <li key={line.id} className="aj-line" data-kind={line.kind}>
            <time className="num t3" dateTime={line.at}>
              {time(at)}
            </time>
            {line.user ? <Avatar id={line.user} name={nameOf(line.user)} silent /> : <span className="aj-nobody" />}
            <span className="grow aj-text">
              <span>
                <b className="m">{line.user ? nameOf(line.user) : nobody(line)}</b> {sentence(line, names)}{' '}
                <About line={line} />
              </span>
              <span className="f12 t3" title={line.agent}>
                {origin(line)}
              </span>
            </span>
          </li>,
        ];
      })}
    </ol>
  );
}

/** Who it was when no person is known. */
function nobody(line: Line): string {
  return line.kind.startsWith('login') ? t('Кто-то') : t('Сама программа');
}

function About({ line }: { line: Line }) {
  const type = useType(line.type);
  if (!line.type) return null;
  if (!line.record) return <span className="t3">{t('вам не видно')}</span>;
  return (
    <Link to={hrefOf(line.type, line.record)} className="m" title={type && titleOf(type)}>
      {line.title || t('Запись {id}', { id: line.record })}
    </Link>
  );
}

function Filters({ search, onChange }: { search: JournalSearch; onChange: (next: Partial<JournalSearch>) => void }) {
  const users = useUsers();
  const [text, setText] = useState(search.q ?? '');
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => setText(search.q ?? ''), [search.q]);
  useEffect(() => {
    if (text.trim() === (search.q ?? '')) return;
    const timer = setTimeout(() => changed.current({ q: text.trim() || undefined }), 350);
    return () => clearTimeout(timer);
  }, [text, search.q]);
  const date = (name: 'from' | 'to', label: string) => (
    <input
      className="input fit"
      type="date"
      aria-label={label}
      value={search[name] ?? ''}
      onChange={(event) => onChange({ [name]: event.target.value || undefined })}
    />
  );
  return (
    <div className="bar lined filters aj-filters">
      <input
        className="input fit"
        type="search"
        aria-label={t('Имя, почта или адрес в сети')}
        placeholder={t('Имя, почта или адрес в сети')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <select
        className="input fit"
        aria-label={t('Что')}
        value={search.kind ?? ''}
        onChange={(event) => onChange({ kind: event.target.value || undefined })}
      >
        <option value="">{t('всё')}</option>
        {kinds().map(([kind, title]) => (
          <option key={kind} value={kind}>
            {title}
          </option>
        ))}
      </select>
      <select
        className="input fit"
        aria-label={t('Сотрудник')}
        value={search.user ?? ''}
        onChange={(event) => onChange({ user: Number(event.target.value) || undefined })}
      >
        <option value="">{t('все сотрудники')}</option>
        {users.map((user) => (
          <option key={user.id} value={user.id}>
            {user.name}
          </option>
        ))}
      </select>
      {date('from', t('С какого дня'))}
      {date('to', t('По какой день'))}
      {search.record && search.type && <Chosen type={search.type} record={search.record} onChange={onChange} />}
      {Object.values(search).some(Boolean) && (
        <Button
          look="ghost"
          small
          icon="x"
          onClick={() =>
            onChange({
              user: undefined,
              kind: undefined,
              q: undefined,
              from: undefined,
              to: undefined,
              type: undefined,
              record: undefined,
            })
          }
        >
          {t('Сбросить')}
        </Button>
      )}
    </div>
  );
}

/** The one record the lines are about. */
function Chosen({
  type,
  record,
  onChange,
}: {
  type: string;
  record: number;
  onChange: (next: Partial<JournalSearch>) => void;
}) {
  const kind = useType(type);
  return (
    <button type="button" className="chip" onClick={() => onChange({ type: undefined, record: undefined })}>
      {kind ? titleOf(kind) : type} № {record} ×
    </button>
  );
}
