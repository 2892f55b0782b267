import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError, api } from '~/api/client.ts';
import type { IntakeKey, Page } from '~/api/types.ts';
import { fieldOf, titleOf, useType, useTypes, useUsers } from '~/entities/catalog/catalog.ts';
import { drumsQuery } from '~/entities/drum/drum.ts';
import { rulesQuery } from '~/entities/routing/routing.ts';
import { may, useMe, usePortal } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { type Import, targetsOf } from './imports.ts';

const NEW = 'new';

/** A key with whom it gives to when it has no drum. */
type Door = IntakeKey & { responsible?: number | null };

/** What the columns of a file are, how it is read, and by which door its rows come in. */
export function ImportMapping({ id, onDone }: { id: number; onDone: () => Promise<unknown> }) {
  const [reading, setReading] = useState<{ separator?: string; encoding?: string }>({});
  const { data, error } = useQuery({
    queryKey: ['import', id, reading],
    queryFn: ({ signal }) => api.get<Import>(`/imports/${id}`, reading, signal),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <ErrorNote title={t('Файл не открылся')} error={error} />;
  if (!data) return <SkeletonRows rows={4} />;
  return <Mapping key={`${data.separator}${data.encoding}`} item={data} onRead={setReading} onDone={onDone} />;
}

/** Whom a new key gives to, as the server is told: "drum/5" or "responsible/7". */
export function aimOf(target: string): { drum?: number; responsible?: number } {
  const [kind, id] = target.split('/');
  return kind && id ? { [kind]: Number(id) } : {};
}

interface Props {
  item: Import;
  onRead: (how: { separator: string; encoding: string }) => void;
  onDone: () => Promise<unknown>;
}

function Mapping({ item, onRead, onDone }: Props) {
  const [header, setHeader] = useState(item.header);
  const [key, setKey] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [source, setSource] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  // Who doesn't run the forms has no choice of doors.
  const runs = may(useMe(), 'keys');
  const { data: keys } = useQuery({
    enabled: runs,
    queryKey: ['intake-keys'],
    queryFn: ({ signal }) => api.get<Page<Door>>('/intake-keys', undefined, signal).then((page) => page.items),
  });
  const { data: drums } = useQuery(drumsQuery);
  const { data: rules } = useQuery(rulesQuery);
  const people = useUsers().filter((user) => user.active);
  const door = keys?.find((each) => String(each.id) === key);
  // A key for imports that gives to nobody is told here whom to give to; a form of the site keeps its ways.
  const asks = runs && (key === NEW || (door?.channel === 'import' && !door.drum && !door.responsible));
  const first = drums?.find((drum) => !drum.stopped) ?? drums?.[0];
  const target = chosen ?? (first ? `drum/${first.id}` : '');
  const goesTo = aimOf(target);
  const ruled = rules?.some((rule) => rule.active && rule.target.kind !== 'door');
  const nobody = keys && drums && rules && !ruled && (asks ? !target : !door?.drum && !door?.responsible);
  const lead = useType('lead');
  const main = usePortal().simple ? 'deal' : 'lead';
  const groups = targetsOf(useTypes(), main);
  // A guess at what isn't the reader's to fill in is none.
  const [columns, setColumns] = useState(() => {
    const known = new Set(groups.flatMap((group) => group.targets.map((each) => each.code)));
    return item.columns.map((code) => (code === 'keep' || known.has(code) ? code : ''));
  });
  useEffect(() => {
    if (keys && !key) setKey(String(keys.find((each) => each.title === t('Импорт'))?.id ?? NEW));
  }, [keys, key]);
  const rows = item.sample ?? [];
  const body = rows.slice(header ? 1 : 0, 4);
  const start = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      let by = Number(key);
      if (runs && key === NEW) {
        const made = await api.post<IntakeKey>('/intake-keys', {
          title: t('Импорт'),
          channel: 'import',
          ...goesTo,
        });
        by = made.id;
        setKey(String(by));
      } else if (asks && target) await api.patch(`/intake-keys/${by}`, goesTo);
      await api.post(`/imports/${item.id}/start`, {
        key: by || undefined,
        source,
        columns,
        header,
        separator: item.separator,
        encoding: item.encoding,
      });
      await onDone();
    } catch (reason) {
      const first = reason instanceof ApiError ? Object.values(reason.fields)[0] : '';
      setError(first || errorText(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="col g12" onSubmit={start}>
      <div className="import-how">
        <FormField label={t('Разделитель')}>
          <select
            className="input"
            value={item.separator}
            onChange={(event) => onRead({ separator: event.target.value, encoding: item.encoding })}
          >
            <option value=";">{t('точка с запятой')}</option>
            <option value=",">{t('запятая')}</option>
            <option value={'\t'}>{t('табуляция')}</option>
          </select>
        </FormField>
        <FormField label={t('Кодировка')}>
          <select
            className="input"
            value={item.encoding}
            onChange={(event) => onRead({ separator: item.separator, encoding: event.target.value })}
          >
            <option value="utf-8">UTF-8</option>
            <option value="windows-1251">Windows-1251</option>
          </select>
        </FormField>
        <label className="row g6">
          <input type="checkbox" checked={header} onChange={(event) => setHeader(event.target.checked)} />
          {t('Первая строка — названия колонок')}
        </label>
      </div>
      <table className="import-map">
        <thead>
          <tr>
            <th scope="col">{t('Колонка')}</th>
            <th scope="col">{t('Например')}</th>
            <th scope="col">{t('Что это')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((target, at) => {
            const title = (header && rows[0]?.[at]) || t('Колонка {n}', { n: at + 1 });
            return (
              <tr key={at}>
                <td>{title}</td>
                <td className="import-seen">
                  {body
                    .map((row) => row[at])
                    .filter(Boolean)
                    .join(' · ')
                    .slice(0, 120)}
                </td>
                <td>
                  <select
                    className="input"
                    aria-label={t('Что в колонке «{title}»', { title })}
                    value={target}
                    onChange={(event) =>
                      setColumns(columns.map((each, place) => (place === at ? event.target.value : each)))
                    }
                  >
                    <option value="">{t('не брать')}</option>
                    <option value="keep">{t('сохранить в обращении')}</option>
                    {groups.map((group) => (
                      <optgroup key={group.title} label={group.title}>
                        {group.targets.map((each) => (
                          <option key={each.code} value={each.code}>
                            {each.title}
                          </option>
                        ))}
                      </optgroup>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="import-how">
        {runs && (
          <FormField label={t('Через что принять')} hint={t('От этого зависит, кому достанутся записи')}>
            <select className="input" value={key} onChange={(event) => setKey(event.target.value)}>
              <option value={NEW}>{t('Новый ключ «Импорт»')}</option>
              {keys?.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.title}
                </option>
              ))}
            </select>
          </FormField>
        )}
        {asks && (
          <FormField
            label={t('Кому отдавать обращения')}
            hint={t('Барабан может раздавать базу порциями: порция задаётся по источнику')}
          >
            <select className="input" value={target} onChange={(event) => setChosen(event.target.value)}>
              <option value="">{t('как настроено по умолчанию')}</option>
              {drums?.map((each) => (
                <option key={each.id} value={`drum/${each.id}`}>
                  {t('барабан «{title}»', { title: each.title })}
                </option>
              ))}
              {people.map((each) => (
                <option key={each.id} value={`responsible/${each.id}`}>
                  {each.name}
                </option>
              ))}
            </select>
          </FormField>
        )}
        <FormField label={t('Источник')}>
          <select className="input" value={source} onChange={(event) => setSource(event.target.value)}>
            <option value="">{t('не указан')}</option>
            {(lead && fieldOf(lead, 'source')?.values)?.map((value) => (
              <option key={value.code} value={value.code}>
                {titleOf(value)}
              </option>
            ))}
          </select>
        </FormField>
      </div>
      {nobody && (
        <div className="hint warn" role="status">
          {t('Их никто не получит: выберите барабан или ответственного')}
        </div>
      )}
      {error && (
        <div className="hint danger" role="alert">
          {error}
        </div>
      )}
      <div>
        <Button look="pri" type="submit" disabled={busy}>
          {t(
            '{n, plural, one {Принять # строку} few {Принять # строки} many {Принять # строк} other {Принять # строки}}',
            {
              n: item.total,
            },
          )}
        </Button>
      </div>
    </form>
  );
}
