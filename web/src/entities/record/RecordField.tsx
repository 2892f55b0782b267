import type { Field, RecordData } from '~/api/types.ts';
import { titleOf } from '~/entities/catalog/catalog.ts';
import { usePortal } from '~/entities/session/session.ts';
import { InlineField } from '~/ui/InlineField.tsx';
import { FieldEditor } from './FieldEditor.tsx';
import { FieldView } from './FieldView.tsx';

interface Props {
  record: RecordData;
  field: Field;
  onSave: (code: string, value: unknown) => Promise<unknown>;
  readOnly?: boolean;
}

/** A field of a record, edited where it is read. */
export function RecordField({ record, field, onSave, readOnly }: Props) {
  const portal = usePortal();
  return (
    <InlineField<unknown>
      label={titleOf(field)}
      value={record[field.code] ?? null}
      readOnly={readOnly || isFixed(field)}
      multiline={field.kind === 'longtext'}
      display={(value) => (isBlank(value) ? null : <FieldView field={field} value={value} />)}
      editor={({ value, onChange, commit, inputProps }) => (
        <FieldEditor
          field={field}
          value={value}
          onChange={onChange}
          commit={commit}
          inputProps={inputProps}
          currency={portal.currency}
          inline
        />
      )}
      onSave={(value) => onSave(field.code, value)}
    />
  );
}

const isBlank = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length);

const FIXED = new Set([
  'id',
  'created_at',
  'created_by',
  'updated_at',
  'version',
  'stage_entered_at',
  'closed_at',
  'pipeline',
  'stage',
  'department',
  'next_at',
  'next_title',
  'observers',
  'lost_reason',
]);

/** Fields the system keeps itself. */
function isFixed(field: Field): boolean {
  return FIXED.has(field.code) || !!field.read_only;
}
