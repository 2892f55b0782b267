import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ApiError, api } from '~/api/client.ts';
import type { RecordData, RecordType } from '~/api/types.ts';
import { titleOf } from '~/entities/catalog/catalog.ts';
import { bulk } from '~/entities/record/mutations.ts';
import { forget } from '~/entities/record/queries.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { toast } from '~/ui/toasts.ts';
import { cells, fieldsFor, guess, MOST, recordOf } from './table.ts';
import './paste.css';

interface Props {
  type: RecordType;
  /** What was on the clipboard; empty: it is pasted here. */
  text: string;
  /** What every record begins with: the pipeline on the screen. */
  preset?: Record<string, unknown>;
  onClose: () => void;
}

/** Rows of a spreadsheet become records: one looks at what each column is, and can take it all back. */
export function PasteRows({ type, text: given, preset, onClose }: Props) {
  const [text, setText] = useState(given);
  const rows = useMemo(() => cells(text), [text]);
  return (
    <Dialog title={t('Вставить из таблицы')} size={880} onClose={onClose}>
      {rows.length ? (
        <Preview key={text} type={type} rows={rows} preset={preset} onClose={onClose} />
      ) : (
        <FormField
          label={t('Скопируйте строки в Excel или Google Таблицах и вставьте сюда')}
          hint={t('Колонки угадаются сами, до {n} строк', { n: MOST })}
        >
          <textarea
            className="input area mono"
            rows={8}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </FormField>
      )}
    </Dialog>
  );
}

function Preview({ type, rows, preset, onClose }: Omit<Props, 'text'> & { rows: string[][] }) {
  const client = useQueryClient();
  const first = useMemo(() => guess(rows, type), [rows, type]);
  const [columns, setColumns] = useState(first.columns);
  const [header, setHeader] = useState(first.header);
  const [done, setDone] = useState<number | null>(null);
  const [errors, setErrors] = useState<{ row: number; text: string }[]>([]);
  const body = rows.slice(header ? 1 : 0);
  const many = body.length > MOST;
  const add = async () => {
    setDone(0);
    const made: number[] = [];
    const failed: typeof errors = [];
    const waiting = body.map((row, at) => ({ row, at: at + (header ? 2 : 1) }));
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        try {
          made.push(await create(type.code, { ...preset, ...recordOf(next.row, columns, type) }));
        } catch (reason) {
          const fields = reason instanceof ApiError ? Object.values(reason.fields) : [];
          failed.push({ row: next.at, text: fields[0] || errorText(reason) });
        }
        setDone(made.length + failed.length);
      }
    };
    await Promise.all([work(), work(), work()]);
    const reload = () => {
      for (const key of ['list', 'board']) void client.invalidateQueries({ queryKey: [key, type.code] });
      forget(client, type.code);
    };
    reload();
    if (made.length) {
      toast({
        text: t(
          '{n, plural, one {Добавлена # запись} few {Добавлены # записи} many {Добавлено # записей} other {Добавлено # записи}}',
          { n: made.length },
        ),
        undo: () => {
          bulk(type.code, made, { delete: true })
            .catch((reason) => toast({ kind: 'error', text: t('Не вернулось'), detail: errorText(reason) }))
            .finally(reload);
        },
      });
    }
    if (failed.length) setErrors(failed.sort((a, b) => a.row - b.row));
    else onClose();
  };
  if (errors.length) {
    return (
      <>
        <p className="m danger" role="alert">
          {t(
            '{n, plural, one {Не добавлена # строка} few {Не добавлены # строки} many {Не добавлено # строк} other {Не добавлено # строки}}',
            {
              n: errors.length,
            },
          )}
        </p>
        <ul className="lines paste-errors">
          {errors.map((each) => (
            <li key={each.row}>
              <span className="t3 num nowrap">{t('Строка {n}', { n: each.row })}</span>
              <span className="grow">{each.text}</span>
            </li>
          ))}
        </ul>
        <DialogFoot>
          <Button look="pri" onClick={onClose}>
            {t('Понятно')}
          </Button>
        </DialogFoot>
      </>
    );
  }
  const fields = fieldsFor(type);
  return (
    <div className="col g12">
      <label className="row g6">
        <input type="checkbox" checked={header} onChange={(event) => setHeader(event.target.checked)} />
        {t('Первая строка — названия колонок')}
      </label>
      <div className="t-wrap">
        <table className="paste-table">
          <thead>
            <tr>
              {columns.map((code, at) => (
                <th key={at}>
                  <select
                    className="input"
                    aria-label={t('Что в колонке «{title}»', { title: (header && rows[0]?.[at]) || String(at + 1) })}
                    value={code}
                    onChange={(event) => setColumns(columns.map((each, n) => (n === at ? event.target.value : each)))}
                  >
                    <option value="">{t('не брать')}</option>
                    {fields.map((field) => (
                      <option key={field.code} value={field.code}>
                        {titleOf(field)}
                      </option>
                    ))}
                  </select>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.slice(0, 8).map((row, n) => (
              <tr key={n}>
                {columns.map((code, at) => (
                  <td key={at} className={code ? '' : 't3'}>
                    {row[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {body.length > 8 && (
        <p className="f12 t3">
          {t('{n, plural, one {и ещё # строка} few {и ещё # строки} many {и ещё # строк} other {и ещё # строки}}', {
            n: body.length - 8,
          })}
        </p>
      )}
      {many && (
        <p className="danger" role="alert">
          {t('За раз вставляется до {n} строк. Большую таблицу загрузите в настройках, раздел «Импорт»', { n: MOST })}
        </p>
      )}
      <DialogFoot>
        <Button onClick={onClose}>{t('Отмена')}</Button>
        <Button
          look="pri"
          data-autofocus
          disabled={done !== null || many || !body.length || !columns.some(Boolean)}
          onClick={() => void add()}
        >
          {done !== null
            ? t('{done} из {of}', { done, of: body.length })
            : t(
                '{n, plural, one {Добавить # запись} few {Добавить # записи} many {Добавить # записей} other {Добавить # записи}}',
                {
                  n: body.length,
                },
              )}
        </Button>
      </DialogFoot>
    </div>
  );
}

/** Makes a record, waiting when the server asks to slow down. */
async function create(type: string, fields: Record<string, unknown>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await api.post<RecordData>(`/records/${type}`, fields)).id;
    } catch (reason) {
      if (!(reason instanceof ApiError) || reason.status !== 429 || attempt === 8) throw reason;
      await new Promise((go) => setTimeout(go, attempt * 500));
    }
  }
}
