import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Field } from '~/api/types.ts';
import { titleOf, useUsers } from '~/entities/catalog/catalog.ts';
import type { Condition } from '~/entities/record/condition.ts';
import { findQuery } from '~/entities/record/queries.ts';
import { t } from '~/i18n/index.ts';
import { Icon } from '~/ui/Icon.tsx';
import { type Option, Picker } from '~/ui/Picker.tsx';

interface Props {
  field: Field;
  line: Condition;
  onChange: (value: Condition['v']) => void;
}

/** The input of a condition's value, by the kind of its field. */
export function ConditionValue({ field, line, onChange }: Props) {
  if (line.o === 'empty' || line.o === 'filled') return null;
  if (line.o === 'in') return <ManyValue field={field} line={line} onChange={onChange} />;
  const days = line.o === 'last' || line.o === 'next';
  const numeric = days || ['integer', 'decimal', 'money'].includes(field.kind);
  if (field.kind === 'bool') {
    return (
      <select
        className="input"
        aria-label={t('Значение')}
        value={line.v === false ? '0' : '1'}
        onChange={(event) => onChange(event.target.value === '1')}
      >
        <option value="1">{t('да')}</option>
        <option value="0">{t('нет')}</option>
      </select>
    );
  }
  const date = !days && (field.kind === 'date' || field.kind === 'datetime');
  return (
    <input
      className="input"
      aria-label={t('Значение')}
      type={date ? 'date' : numeric ? 'number' : 'text'}
      value={line.v === undefined ? '' : String(line.v)}
      onChange={(event) =>
        onChange(numeric && event.target.value !== '' ? Number(event.target.value) : event.target.value)
      }
    />
  );
}

/** Several values as chips with a list to add more. */
function ManyValue({ field, line, onChange }: Props) {
  const [text, setText] = useState('');
  const users = useUsers();
  const link = field.kind === 'link' || field.kind === 'links';
  const { data: found } = useQuery({ ...findQuery(field.link_type ?? '', text), enabled: link && !!field.link_type });
  const chosen = (Array.isArray(line.v) ? line.v : line.v === undefined ? [] : [line.v]) as (string | number)[];
  let options: Option[];
  if (field.kind === 'user' || field.code === 'observers') {
    options = [{ value: 'me', title: t('Я') }, ...users.map((user) => ({ value: String(user.id), title: user.name }))];
  } else if (link) options = (found ?? []).map((record) => ({ value: String(record.id), title: record.title }));
  else options = (field.values ?? []).map((value) => ({ value: value.code, title: titleOf(value) }));
  const titleFor = (value: string | number) =>
    options.find((option) => option.value === String(value))?.title ?? String(value);
  return (
    <div className="row g4 wrap">
      {chosen.map((value) => (
        <span key={String(value)} className="chip on">
          {titleFor(value)}
          <button
            type="button"
            aria-label={t('Убрать: {title}', { title: titleFor(value) })}
            onClick={() => onChange(chosen.filter((each) => each !== value))}
          >
            <Icon name="x" small />
          </button>
        </span>
      ))}
      <div className="grow">
        <Picker
          label={t('Значение')}
          options={options.filter((option) => !chosen.some((value) => String(value) === option.value))}
          value={null}
          onSearch={link ? setText : undefined}
          onPick={(picked) =>
            picked &&
            onChange([...chosen, field.kind === 'user' || link ? (picked === 'me' ? 'me' : Number(picked)) : picked])
          }
        />
      </div>
    </div>
  );
}
