import type { Field, FieldKind } from '~/api/types.ts';
import { operatorsOf } from '~/entities/record/condition.ts';
import { operatorTitle } from '~/entities/record/operators.ts';
import { language, t } from '~/i18n/index.ts';
import type { RuleOperator } from './lines.ts';

const texts = ['text', 'longtext', 'url', 'address', 'phone', 'email'];

/** An operator of a rule in words, as they follow the field's title. */
export function ruleOperatorTitle(operator: RuleOperator, kind: FieldKind): string {
  return operator === 'any' ? t('содержит одно из') : operatorTitle(operator, kind);
}

/** The same within a sentence: «равно» agrees with few titles, a dash with all. */
export function ruleOperatorWords(operator: RuleOperator, kind: FieldKind): string {
  const dash = language() === 'ru' && kind !== 'date' && kind !== 'datetime';
  if (dash && operator === '=') return '—';
  if (dash && operator === '!=') return t('— не');
  return ruleOperatorTitle(operator, kind);
}

/** The operators of a field in a rule, in words. */
export function ruleOperatorsFor(field: Field): { code: RuleOperator; title: string }[] {
  const own: RuleOperator[] = operatorsOf(field.kind);
  const all: RuleOperator[] = texts.includes(field.kind) ? [own[0]!, 'any', ...own.slice(1)] : own;
  return all.map((code) => ({ code, title: ruleOperatorTitle(code, field.kind) }));
}
