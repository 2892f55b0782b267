import type { ReactNode } from 'react';
import { t } from '~/i18n/index.ts';
import { Button } from './Button.tsx';
import { Picker } from './Picker.tsx';

/** What the builder needs of a field: how it is called and what can be asked of it. */
export interface BuilderField<O extends string> {
  code: string;
  title: string;
  operators: { code: O; title: string }[];
}

export interface BuilderLine<O extends string> {
  f: string;
  o: O;
  v?: string | number | boolean | (string | number)[];
}

interface Props<O extends string> {
  fields: BuilderField<O>[];
  lines: readonly BuilderLine<O>[];
  onChange: (lines: BuilderLine<O>[]) => void;
  /** The input of a line's value, or null when the operator needs none. */
  value: (line: BuilderLine<O>, onChange: (value: BuilderLine<O>['v']) => void) => ReactNode;
  /** Makes a field out of what was typed, for those that may be called anything. */
  create?: { title: (text: string) => string; field: (text: string) => BuilderField<O> };
}

/** Builds a condition line by line; all lines must hold. It knows fields and operators, not what they mean. */
export function ConditionBuilder<O extends string>({ fields, lines, onChange, value, create }: Props<O>) {
  const put = (at: number, line: BuilderLine<O>) => onChange(lines.map((each, index) => (index === at ? line : each)));
  return (
    <div className="cond">
      {lines.map((line, at) => {
        const field = fields.find((each) => each.code === line.f);
        return (
          <div key={at} className="cond-line">
            <Picker
              label={t('Поле')}
              options={fields.map((each) => ({ value: each.code, title: each.title }))}
              value={line.f || null}
              onCreate={
                create && {
                  title: create.title,
                  run: (text) => {
                    const made = create.field(text);
                    put(at, { f: made.code, o: made.operators[0]!.code });
                  },
                }
              }
              onPick={(code) => {
                const picked = fields.find((each) => each.code === code);
                if (picked) put(at, { f: picked.code, o: picked.operators[0]!.code });
              }}
            />
            <select
              className="input"
              aria-label={t('Условие')}
              value={line.o}
              disabled={!field}
              onChange={(event) => put(at, { f: line.f, o: event.target.value as O })}
            >
              {field?.operators.map((operator) => (
                <option key={operator.code} value={operator.code}>
                  {operator.title}
                </option>
              ))}
            </select>
            <div className="grow">{field && value(line, (next) => put(at, { ...line, v: next }))}</div>
            <Button
              look="ghost"
              small
              icon="x"
              aria-label={t('Убрать условие')}
              onClick={() => onChange(lines.filter((_, index) => index !== at))}
            />
          </div>
        );
      })}
      <Button
        look="ghost"
        small
        icon="plus"
        onClick={() => {
          const used = new Set(lines.map((line) => line.f));
          const next = fields.find((each) => !used.has(each.code)) ?? fields[0];
          if (next) onChange([...lines, { f: next.code, o: next.operators[0]!.code }]);
        }}
      >
        {t('Условие')}
      </Button>
    </div>
  );
}
