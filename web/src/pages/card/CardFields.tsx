import { useState } from 'react';
import type { Field, RecordData, RecordType } from '~/api/types.ts';
import { titleOf, useNames } from '~/entities/catalog/catalog.ts';
import { FieldLink } from '~/entities/record/FieldView.tsx';
import { RecordField } from '~/entities/record/RecordField.tsx';
import { RoutingNote } from '~/features/routing/RoutingNote.tsx';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';

interface Props {
  record: RecordData;
  type?: RecordType;
  readOnly: boolean;
  /** Whether the reader may hand the record over. */
  assignable: boolean;
  onSave: (code: string, value: unknown) => Promise<unknown>;
}

const isBlank = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);

/** The fields of a record, edited in place; the empty ones are folded behind one line. */
export function CardFields({ record, type, readOnly, assignable, onSave }: Props) {
  const [all, setAll] = useState(false);
  const nameOf = useNames();
  if (!type) return null;
  const responsible: Field = {
    code: 'responsible',
    kind: 'user',
    title_ru: 'Ответственный',
    title_en: 'Responsible',
    required: true,
    read_only: type.fields.find((field) => field.code === 'responsible')?.read_only,
  };
  const own = type.fields.filter((field) => !field.system && field.code !== 'title' && field.code !== 'responsible');
  const first = own.filter((field) => !isBlank(record[field.code]) || field.required || field.code === 'amount');
  const rest = own.filter((field) => !first.includes(field));
  // A field that was filled while the card is open stays where it is: nothing jumps.
  const fields = all || first.length < 5 ? own : first;
  const observers = record.observers ?? [];
  return (
    <section className="panel fields" aria-label={titleOf(type)}>
      <header>
        <h2 className="panel-title">{titleOf(type)}</h2>
        {rest.length > 0 && first.length >= 5 && (
          <button type="button" className="btn ghost sm push" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('Только заполненные') : t('Ещё {n}', { n: rest.length })}
          </button>
        )}
      </header>
      <dl className="in" data-inline-group>
        {[...fields, responsible].map((field) => (
          <div key={field.code} className={`f ${field.kind === 'longtext' ? 'tall' : ''}`} id={`field-${field.code}`}>
            <dt>
              {titleOf(field)}
              {field.required && <span className="t3"> *</span>}
            </dt>
            <dd>
              <RecordField
                record={record}
                field={field}
                onSave={onSave}
                readOnly={field === responsible ? !assignable : readOnly}
              />
              <FieldLink field={field} value={record[field.code]} />
            </dd>
          </div>
        ))}
        {observers.length > 0 && (
          <div className="f">
            <dt>{t('Наблюдают')}</dt>
            <dd>
              <span className="avs">
                {observers.map((id) => (
                  <Avatar key={id} id={id} name={nameOf(id)} />
                ))}
              </span>
            </dd>
          </div>
        )}
      </dl>
      {(record.type === 'lead' || record.type === 'deal') && <RoutingNote record={record} readOnly={!assignable} />}
    </section>
  );
}
