import { useEffect, useRef } from 'react';
import type { Field } from '~/api/types.ts';
import { titleOf } from '~/entities/catalog/catalog.ts';
import type { Condition, Operator } from '~/entities/record/condition.ts';
import { operatorsFor } from '~/entities/record/operators.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { ConditionBuilder } from '~/ui/ConditionBuilder.tsx';
import { ConditionValue } from './ConditionValue.tsx';

interface Props {
  fields: Field[];
  draft: Condition[];
  onDraft: (draft: Condition[]) => void;
  onDone: (conditions: Condition[]) => void;
}

/** The lines of a filter while they are being put together. */
export function FilterForm({ fields, draft, onDraft, onDone }: Props) {
  const form = useRef<HTMLFormElement>(null);
  // The form comes after the popover has looked for something to focus.
  useEffect(() => form.current?.querySelector<HTMLElement>('input')?.focus(), []);
  return (
    <form
      ref={form}
      className="col g12"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(draft);
      }}
    >
      <ConditionBuilder<Operator>
        fields={fields.map((field) => ({ code: field.code, title: titleOf(field), operators: operatorsFor(field) }))}
        lines={draft}
        onChange={(lines) => onDraft(lines as Condition[])}
        value={(line, change) => {
          const field = fields.find((each) => each.code === line.f);
          return field && <ConditionValue field={field} line={line as Condition} onChange={change} />;
        }}
      />
      <div className="dialog-foot">
        <Button onClick={() => onDone([])}>{t('Сбросить')}</Button>
        <Button look="pri" type="submit">
          {t('Показать')}
        </Button>
      </div>
    </form>
  );
}
