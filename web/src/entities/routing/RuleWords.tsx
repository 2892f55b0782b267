import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import type { Field } from '~/api/types.ts';
import { titleOf, useNames } from '~/entities/catalog/catalog.ts';
import { valueTitle } from '~/entities/record/FieldView.tsx';
import { recordQuery } from '~/entities/record/queries.ts';
import { day, number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { linesOf, type RuleLine } from './lines.ts';
import { ruleOperatorWords } from './operators.ts';
import { fieldAt, type RoutingRule } from './routing.ts';

/** A rule's condition in words; one that says more than lines can is shown as it is written. */
export function RuleWords({
  rule,
  fields,
}: {
  rule: Pick<RoutingRule, 'when' | 'text' | 'fallback'>;
  fields: Field[];
}) {
  if (rule.fallback) return <span className="t2">{t('всё, что не поймали правила выше')}</span>;
  const lines = linesOf(rule.when);
  if (!lines) return <code className="code">{rule.text}</code>;
  if (!lines.length) return <span className="t2">{t('всегда')}</span>;
  return (
    <span className="rule-words">
      {lines.map((line, at) => (
        <Fragment key={at}>
          {at > 0 && <span className="t3"> {t('и')} </span>}
          <LineWords line={line} fields={fields} />
        </Fragment>
      ))}
    </span>
  );
}

/** One comparison in words. */
export function LineWords({ line, fields }: { line: RuleLine; fields: Field[] }) {
  const nameOf = useNames();
  const field = fieldAt(line.f, fields);
  if (!field) return <code className="code">{line.f}</code>;
  const values = (Array.isArray(line.v) ? line.v : [line.v]).filter((value) => value !== undefined);
  const shown = (value: unknown): string => {
    if (field.kind === 'user') return value === 'me' ? t('я') : nameOf(Number(value));
    if (field.kind === 'bool') return value ? t('да') : t('нет');
    if (field.kind === 'date' || field.kind === 'datetime')
      return typeof value === 'string' ? day(value) : String(value);
    if (typeof value === 'number' && !field.link_type) return number(value, 9);
    return field.values ? valueTitle(field, value) : String(value);
  };
  return (
    <span>
      {titleOf(field)} {ruleOperatorWords(line.o, field.kind)}{' '}
      <b className="m">
        {field.link_type && values.length > 0
          ? values.map((value, at) => (
              <Fragment key={String(value)}>
                {at > 0 && ', '}
                <RecordTitle type={field.link_type!} id={Number(value)} />
              </Fragment>
            ))
          : values.map(shown).join(', ')}
      </b>
    </span>
  );
}

/** The title of a record by its number, the number until it is known. */
export function RecordTitle({ type, id }: { type: string; id: number }) {
  const { data } = useQuery({ ...recordQuery(type, id), retry: false });
  return <>{data?.title ?? t('№ {id}', { id })}</>;
}
