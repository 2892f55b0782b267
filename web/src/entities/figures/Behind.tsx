import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Query } from '~/api/client.ts';
import { hrefOf, useNames } from '~/entities/catalog/catalog.ts';
import { number, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { minutes } from './figures.ts';
import type { Named, Turn } from './types.ts';

interface Props {
  /** What the number counts, for the head of the list and those who can't see the table. */
  title: string;
  count: number;
  /** Where the records are asked, unless they are here already. */
  path?: string;
  query?: Query;
  records?: Named[];
  /** What is shown instead of the count. */
  children?: string;
  className?: string;
}

/** A number that opens its records. Zero has none and is plain. */
export function Behind({ title, count, path, query, records, children, className = '' }: Props) {
  const [open, setOpen] = useState(false);
  const shown = children ?? number(count);
  if (!count) return <span className={`num t3 ${className}`}>{shown}</span>;
  return (
    <>
      <button
        type="button"
        className={`num link-quiet behind ${className}`}
        aria-label={`${title}: ${shown}`}
        onClick={() => setOpen(true)}
      >
        {shown}
      </button>
      {open && (
        <Dialog title={`${title} · ${number(count)}`} size={620} onClose={() => setOpen(false)}>
          {records ? <List items={records} count={count} /> : <Asked path={path ?? ''} query={query} count={count} />}
        </Dialog>
      )}
    </>
  );
}

function Asked({ path, query, count }: { path: string; query?: Query; count: number }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['figures', path, query],
    queryFn: ({ signal }) => api.get<{ items: (Named | Turn)[] }>(`/reports/${path}`, query, signal),
  });
  if (error) return <ErrorNote title={t('Записи не загрузились')} error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} />;
  return <List items={data.items} count={count} />;
}

function List({ items, count }: { items: (Named | Turn)[]; count: number }) {
  const nameOf = useNames();
  return (
    <>
      <ul className="lines behind-list">
        {items.map((item, at) => {
          const record = 'record' in item ? item.record : item;
          const title = record.title || t('Запись {id}', { id: record.id });
          return (
            <li key={at}>
              {record.id ? (
                <Link to={hrefOf(record.type, record.id)} className="link grow ell">
                  {title}
                </Link>
              ) : (
                <span className="t3 grow ell">{t('вам не видно')}</span>
              )}
              {'record' in item && (
                <span className="f12 t3 num">
                  {nameOf(item.user)}, {when(Date.parse(item.decided_at))} ·{' '}
                  {item.taken ? minutes(item.minutes ?? 0) : item.excused ? t('оправдан') : t('пропуск')}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {count > items.length && (
        <p className="hint">{t('Показаны последние {n} из {all}', { n: items.length, all: number(count) })}</p>
      )}
    </>
  );
}
