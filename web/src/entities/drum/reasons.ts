import { t } from '~/i18n/index.ts';

/** Why a drum chose or passed over somebody, in words. */
export function reasonText(code: string): string {
  switch (code) {
    case 'turn':
      return t('подошла очередь');
    case 'share':
      return t('подошла очередь по весу');
    case 'least':
      return t('меньше всех в работе');
    case 'former':
      return t('прежний ответственный');
    case 'later':
      return t('другие ждут дольше');
    case 'paused':
      return t('на паузе');
    case 'left':
      return t('не работает');
    case 'missed':
      return t('эта запись уже пропущена');
    case 'busy':
      return t('полные руки');
    case 'portion':
      return t('порция на сегодня роздана');
    case 'closed':
      return t('барабан не раздаёт');
    case 'absent':
      return t('отсутствует');
    case 'out_of_hours':
      return t('не рабочее время');
    case 'day_not_started':
      return t('рабочий день не начат');
    case 'day_paused':
      return t('рабочий день на паузе');
    case 'day_finished':
      return t('рабочий день закончен');
    default:
      return code;
  }
}

/** One word for a badge of whoever can't be offered anything now; nothing for the others. */
export function barText(code: string): string {
  switch (code) {
    case 'paused':
      return t('на паузе');
    case 'left':
      return t('уволен');
    case 'busy':
      return t('полные руки');
    case 'absent':
      return t('отсутствует');
    case 'out_of_hours':
      return t('не в смене');
    case 'day_not_started':
      return t('не начал день');
    case 'day_paused':
      return t('отошёл');
    case 'day_finished':
      return t('закончил день');
    case 'closed':
      return t('ждёт барабан');
    default:
      return '';
  }
}
