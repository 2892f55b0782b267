import type { Field, FieldKind } from '~/api/types.ts';
import { type Operator, operatorsOf } from '~/entities/record/condition.ts';
import { t } from '~/i18n/index.ts';

/** An operator in words, as they follow the field's title. */
export function operatorTitle(operator: Operator, kind: FieldKind): string {
  const date = kind === 'date' || kind === 'datetime';
  switch (operator) {
    case '=':
      return date ? t('в день') : t('равно');
    case '!=':
      return t('не равно');
    case '<':
      return t('меньше');
    case '<=':
      return date ? t('не позже') : t('не больше');
    case '>':
      return t('больше');
    case '>=':
      return date ? t('не раньше') : t('не меньше');
    case 'in':
      return t('одно из');
    case 'contains':
      return t('содержит');
    case 'starts':
      return t('начинается с');
    case 'last':
      return t('за последние, дней');
    case 'next':
      return t('в ближайшие, дней');
    case 'empty':
      return t('не указано');
    case 'filled':
      return t('указано');
  }
}

/** The operators of a field, in words. */
export function operatorsFor(field: Field): { code: Operator; title: string }[] {
  return operatorsOf(field.kind).map((code) => ({ code, title: operatorTitle(code, field.kind) }));
}
