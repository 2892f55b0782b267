import { t } from '~/i18n/index.ts';

/** Why a drum chose or passed over somebody, in words. */
export function reasonText(code: string): string {
  switch (code) {
    case 'turn':
      return t('подошла очередь');
    case 'later':
      return t('другие ждут дольше');
    case 'paused':
      return t('на паузе');
    case 'left':
      return t('не работает');
    case 'missed':
      return t('уже пропускает эту запись');
    default:
      return code;
  }
}
