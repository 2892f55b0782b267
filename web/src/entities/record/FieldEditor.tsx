import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Field, FileValue, LinkValue, MoneyValue } from '~/api/types.ts';
import { titleOf, useType, useUsers } from '~/entities/catalog/catalog.ts';
import { currencyDigits } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Icon } from '~/ui/Icon.tsx';
import type { EditorInput } from '~/ui/InlineField.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { contacts } from './FieldView.tsx';
import { createRecord } from './mutations.ts';
import { findQuery } from './queries.ts';
import { localMoment, parseNumber } from './values.ts';

export interface FieldEditorProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Saves at once, for editors in which the choice is the answer; without it the choice is only a change. */
  commit?: (value: unknown) => void;
  inputProps?: Partial<EditorInput> & { id?: string };
  currency: string;
  /** Opened in place of the value. */
  inline?: boolean;
}

/** The editor of a field by its kind. Values go in and out in the shape of the API. */
export function FieldEditor(props: FieldEditorProps): ReactNode {
  const { field, value, onChange, inputProps } = props;
  const choose = props.commit ?? onChange;
  switch (field.kind) {
    case 'longtext':
      return (
        <textarea
          {...inputProps}
          className="area"
          rows={4}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.target.value || null)}
        />
      );
    case 'integer':
    case 'decimal':
      return <NumberEditor {...props} />;
    case 'money':
      return <MoneyEditor {...props} />;
    case 'bool':
      return (
        <select
          {...inputProps}
          className="input"
          value={value === true ? '1' : value === false ? '0' : ''}
          onChange={(event) => choose(event.target.value === '' ? null : event.target.value === '1')}
        >
          <option value="">{t('не указано')}</option>
          <option value="1">{t('да')}</option>
          <option value="0">{t('нет')}</option>
        </select>
      );
    case 'date':
      return (
        <input
          {...inputProps}
          type="date"
          className="input"
          value={String(value ?? '')}
          onChange={(event) => onChange(event.target.value || null)}
        />
      );
    case 'datetime':
      return (
        <input
          {...inputProps}
          type="datetime-local"
          className="input"
          value={localMoment(value)}
          onChange={(event) => onChange(event.target.value ? new Date(event.target.value).toISOString() : null)}
        />
      );
    case 'list':
      return (
        <Picker
          options={(field.values ?? [])
            .filter((each) => !each.archived)
            .map((each) => ({ value: each.code, title: titleOf(each) }))}
          value={(value as string | null) ?? null}
          onPick={choose}
          clearable={!field.required}
          inputProps={inputProps}
          open={props.inline}
        />
      );
    case 'multilist':
      return <ManyEditor {...props} />;
    case 'user':
      return <UserEditor {...props} />;
    case 'link':
      return <LinkEditor {...props} />;
    case 'links':
      return <LinksEditor {...props} />;
    case 'phone':
    case 'email':
      return <ContactsEditor {...props} />;
    case 'file':
      return <FileEditor {...props} />;
    default:
      return (
        <input
          {...inputProps}
          className="input"
          type={field.kind === 'url' ? 'url' : 'text'}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.target.value || null)}
        />
      );
  }
}

function NumberEditor({ field, value, onChange, inputProps }: FieldEditorProps) {
  const [text, setText] = useState(value === null || value === undefined ? '' : String(value));
  return (
    <input
      {...inputProps}
      className="input num"
      inputMode="decimal"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const parsed = parseNumber(event.target.value);
        onChange(parsed === null ? null : field.kind === 'decimal' ? String(parsed) : Math.round(parsed));
      }}
    />
  );
}

function MoneyEditor({ value, onChange, inputProps, currency }: FieldEditorProps) {
  const current = value as MoneyValue | null;
  const own = current?.currency ?? currency;
  const unit = 10 ** currencyDigits(own);
  const [text, setText] = useState(current ? String(current.minor / unit) : '');
  return (
    <span className="input num">
      <input
        {...inputProps}
        className="bare"
        inputMode="decimal"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const parsed = parseNumber(event.target.value);
          onChange(parsed === null ? null : { minor: Math.round(parsed * unit), currency: own });
        }}
      />
      <span className="t3">{own === 'RUB' ? '₽' : own}</span>
    </span>
  );
}

function ManyEditor({ field, value, onChange, inputProps }: FieldEditorProps) {
  const chosen = new Set((value as string[] | null) ?? []);
  return (
    <fieldset className="many" aria-label={inputProps?.['aria-label']}>
      {(field.values ?? []).map((each, at) => (
        <label key={each.code} className="row g6">
          <input
            type="checkbox"
            autoFocus={at === 0 && inputProps?.autoFocus}
            checked={chosen.has(each.code)}
            onChange={(event) => {
              const next = new Set(chosen);
              if (event.target.checked) next.add(each.code);
              else next.delete(each.code);
              onChange((field.values ?? []).map((one) => one.code).filter((code) => next.has(code)));
            }}
          />
          {titleOf(each)}
        </label>
      ))}
    </fieldset>
  );
}

function UserEditor({ field, value, onChange, commit, inputProps, inline }: FieldEditorProps) {
  const users = useUsers().filter((user) => user.active || user.id === value);
  return (
    <Picker
      options={users.map((user) => ({
        value: String(user.id),
        title: user.name,
        hint: user.position,
        sign: <Avatar id={user.id} name={user.name} silent />,
      }))}
      value={value ? String(value) : null}
      onPick={(picked) => (commit ?? onChange)(picked ? Number(picked) : null)}
      clearable={!field.required && field.code !== 'responsible'}
      inputProps={inputProps}
      open={inline}
    />
  );
}

function useLinkOptions(type: string | undefined, text: string) {
  const { data } = useQuery({ ...findQuery(type ?? '', text), enabled: !!type });
  return (data ?? []).map((record) => ({ value: String(record.id), title: record.title }));
}

function LinkEditor({ field, value, onChange, commit, inputProps, inline }: FieldEditorProps) {
  const [text, setText] = useState('');
  const client = useQueryClient();
  const current = value as LinkValue | null;
  const found = useLinkOptions(field.link_type, text);
  const linked = useType(field.link_type ?? '');
  const options =
    current && !found.some((option) => option.value === String(current.id))
      ? [{ value: String(current.id), title: current.title ?? t('№ {id}', { id: current.id }) }, ...found]
      : found;
  const choose = commit ?? onChange;
  return (
    <Picker
      options={options}
      value={current ? String(current.id) : null}
      onSearch={setText}
      onPick={(picked) =>
        choose(picked ? { id: Number(picked), title: options.find((option) => option.value === picked)?.title } : null)
      }
      onCreate={
        field.link_type
          ? {
              title: (typed) => t('Добавить «{title}»', { title: typed }),
              run: (typed) => {
                void createRecord(client, linked?.code ?? field.link_type!, { title: typed }).then((made) =>
                  choose({ id: made.id, title: made.title }),
                );
              },
            }
          : undefined
      }
      clearable
      inputProps={inputProps}
      open={inline}
    />
  );
}

function LinksEditor({ field, value, onChange, inputProps, inline }: FieldEditorProps) {
  const [text, setText] = useState('');
  const chosen = (value as LinkValue[] | null) ?? [];
  const options = useLinkOptions(field.link_type, text).filter(
    (option) => !chosen.some((link) => String(link.id) === option.value),
  );
  return (
    <div className="col g4">
      {chosen.map((link) => (
        <span key={link.id} className="chip">
          <span className="ell">{link.title ?? t('№ {id}', { id: link.id })}</span>
          <button
            type="button"
            aria-label={t('Убрать: {title}', { title: link.title ?? link.id })}
            onClick={() => onChange(chosen.filter((each) => each.id !== link.id))}
          >
            <Icon name="x" small />
          </button>
        </span>
      ))}
      <Picker
        options={options}
        value={null}
        onSearch={setText}
        onPick={(picked) =>
          picked &&
          onChange([...chosen, { id: Number(picked), title: options.find((option) => option.value === picked)?.title }])
        }
        inputProps={inputProps}
        open={inline}
      />
    </div>
  );
}

/** Several phones or e-mails, one a line; an empty line at the end takes the next. */
function ContactsEditor({ field, value, onChange, inputProps }: FieldEditorProps) {
  const list = contacts(value);
  const rows = [...list.map((each) => each.value), ''];
  const put = (at: number, text: string) => {
    const next = rows.map((row, index) => (index === at ? text : row)).filter((row) => row.trim());
    onChange(next.map((row) => ({ ...(list.find((each) => each.value === row) ?? {}), value: row })));
  };
  return (
    <div className="col g4">
      {rows.map((row, at) => (
        <input
          key={at}
          {...(at === 0 ? inputProps : { 'aria-label': inputProps?.['aria-label'] })}
          className="input"
          type={field.kind === 'phone' ? 'tel' : 'email'}
          placeholder={at === rows.length - 1 ? (field.kind === 'phone' ? t('+7…') : 'name@company.ru') : undefined}
          value={row}
          onChange={(event) => put(at, event.target.value)}
        />
      ))}
    </div>
  );
}

function FileEditor({ value, onChange, inputProps }: FieldEditorProps) {
  const files = Array.isArray(value) ? (value as FileValue[]) : value ? [value as FileValue] : [];
  const [busy, setBusy] = useState(false);
  const upload = async (picked: FileList | null) => {
    if (!picked?.length) return;
    setBusy(true);
    try {
      const added: FileValue[] = [];
      for (const file of picked) {
        const body = new FormData();
        body.append('file', file);
        added.push(await api.post<FileValue>('/files', body));
      }
      onChange([...files, ...added]);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="col g4">
      {files.map((file) => (
        <span key={file.id} className="chip">
          <span className="ell">{file.name}</span>
          <button
            type="button"
            aria-label={t('Убрать: {title}', { title: file.name })}
            onClick={() => onChange(files.filter((each) => each.id !== file.id))}
          >
            <Icon name="x" small />
          </button>
        </span>
      ))}
      <input
        {...inputProps}
        type="file"
        multiple
        disabled={busy}
        onChange={(event) => void upload(event.target.files)}
      />
    </div>
  );
}
