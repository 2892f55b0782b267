import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page } from '~/api/types.ts';
import { number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { DateText } from '~/ui/DateText.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import { ImportMapping } from './ImportMapping.tsx';
import { type BrokenRow, type Import, stateTitle } from './imports.ts';
import './import.css';

const importsKey = ['imports'];

/** Files of requests: a table is uploaded, its columns are named, its rows come in while one looks on. */
export function ImportPage() {
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: importsKey,
    queryFn: ({ signal }) => api.get<Page<Import>>('/imports', undefined, signal).then((page) => page.items),
    refetchInterval: ({ state }) => (state.data?.some((each) => each.state === 'running') ? 700 : false),
  });
  const [open, setOpen] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t('Импорт')} · Voronka`;
  }, []);
  const reload = () => client.invalidateQueries({ queryKey: importsKey });
  const upload = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    try {
      const body = new FormData();
      body.append('file', file);
      const made = await api.post<Import>('/imports', body);
      await reload();
      setOpen(made.id);
    } catch (reason) {
      toast({ kind: 'error', text: t('Файл не загрузился'), detail: errorText(reason) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Импорт')}</h1>
      </TopBar>
      <div className="body scroll page read">
        <Drop busy={busy} onFile={(file) => void upload(file)} />
        {isPending && <SkeletonRows rows={4} />}
        {error && <ErrorNote title={t('Список не загрузился')} error={error} retry={() => void refetch()} />}
        {data?.map((each) => (
          <ImportPanel
            key={each.id}
            item={each}
            open={open === each.id}
            onOpen={() => setOpen(open === each.id ? null : each.id)}
            onChange={reload}
          />
        ))}
      </div>
    </main>
  );
}

function Drop({ busy, onFile }: { busy: boolean; onFile: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <section
      className={`import-drop ${over ? 'over' : ''}`}
      aria-label={t('Новый файл')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      <b>{t('Перетащите сюда файл CSV или выберите его')}</b>
      <span className="f12 t3">
        {t(
          'UTF-8 или Windows-1251, до 50 МБ. Каждая строка пройдёт как обращение: клиент узнаётся, запись распределяется',
        )}
      </span>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv,text/plain"
        aria-label={t('Файл CSV')}
        hidden
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <Button look="pri" icon="plus" disabled={busy} onClick={() => input.current?.click()}>
        {busy ? t('Загружается…') : t('Выбрать файл')}
      </Button>
    </section>
  );
}

interface PanelProps {
  item: Import;
  open: boolean;
  onOpen: () => void;
  onChange: () => Promise<unknown>;
}

function ImportPanel({ item, open, onOpen, onChange }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  const [named] = useState(() => location.hash === `#import-${item.id}`);
  useEffect(() => {
    if (named) panel.current?.scrollIntoView({ block: 'center' });
  }, [named]);
  const act = async (verb: 'start' | 'stop') => {
    try {
      await api.post(`/imports/${item.id}/${verb}`);
      await onChange();
    } catch (reason) {
      toast({ kind: 'error', text: t('Не изменилось: {title}', { title: item.name }), detail: errorText(reason) });
    }
  };
  const done = item.added + item.repeated + item.broken;
  const draft = item.state === 'draft';
  return (
    <section
      ref={panel}
      id={`import-${item.id}`}
      className={`panel ${named ? 'import-at' : ''}`}
      aria-label={item.name}
    >
      <header>
        <h2 className="panel-title ell">{item.name}</h2>
        <Badge tone={item.state === 'done' ? 'k' : item.state === 'failed' ? 'd' : ''}>{stateTitle(item.state)}</Badge>
        <span className="push" />
        {draft && (
          <Button small aria-expanded={open} onClick={onOpen}>
            {open ? t('Свернуть') : t('Настроить')}
          </Button>
        )}
        {item.state === 'running' && (
          <Button small onClick={() => void act('stop')}>
            {t('Остановить')}
          </Button>
        )}
        {item.state === 'stopped' && (
          <Button small look="pri" onClick={() => void act('start')}>
            {t('Продолжить')}
          </Button>
        )}
      </header>
      <div className="in form">
        {!draft && (
          <progress
            className="import-bar"
            max={Math.max(item.total, 1)}
            value={item.state === 'done' ? Math.max(item.total, 1) : done}
            aria-label={t('{done} из {of}', { done: number(done), of: number(item.total) })}
          />
        )}
        <div className="import-facts f12 t2" aria-live="polite">
          <span>
            {draft
              ? t('{n, plural, one {# строка} few {# строки} many {# строк} other {# строки}}', { n: item.total })
              : t('{done} из {of}', { done: number(done), of: number(item.total) })}
          </span>
          {!draft && (
            <>
              <span>{t('новых: {n}', { n: number(item.added) })}</span>
              <span>{t('повторных: {n}', { n: number(item.repeated) })}</span>
              <span className={item.broken ? 'danger' : ''}>{t('не принято: {n}', { n: number(item.broken) })}</span>
            </>
          )}
          {item.key_title && <span>{item.key_title}</span>}
          <span className="push t3">
            <DateText at={Date.parse(item.created_at)} />
          </span>
        </div>
        {item.broken > 0 && <BrokenRows item={item} />}
        {draft && open && <ImportMapping id={item.id} onDone={onChange} />}
      </div>
    </section>
  );
}

/** The first rows that didn't come in, and all of them as a file. */
function BrokenRows({ item }: { item: Import }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({
    queryKey: [...importsKey, item.id, 'rows', item.broken],
    queryFn: ({ signal }) =>
      api.get<Page<BrokenRow>>(`/imports/${item.id}/rows`, { limit: 20 }, signal).then((page) => page.items),
    enabled: open,
  });
  return (
    <div className="col g6">
      <div className="row g6">
        <Button small look="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('Что не принято')}
        </Button>
        <a className="btn sm" href={`/api/imports/${item.id}/broken`} download>
          {t('Скачать с причинами')}
        </a>
      </div>
      {open && data && (
        <ul className="lines">
          {data.map((row) => (
            <li key={row.row}>
              <span className="t3 num nowrap">{t('Строка {n}', { n: row.row })}</span>
              <span className="grow">
                <span className="danger me-name">{row.reason}</span>
                <span className="f12 t3 ell me-name">{row.cells?.filter(Boolean).join(' · ')}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
