import { t } from '~/i18n/index.ts';

/** «Новая сделка»: whole phrases for the built-in types, because the adjective agrees with the noun. */
export function newTitle(code: string, title: string): string {
  switch (code) {
    case 'lead':
      return t('Новый лид');
    case 'deal':
      return t('Новая сделка');
    case 'contact':
      return t('Новый контакт');
    case 'company':
      return t('Новая компания');
    default:
      return t('Добавить: {title}', { title });
  }
}
