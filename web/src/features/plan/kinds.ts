import { t } from '~/i18n/index.ts';
import type { IconName } from '~/ui/icons.ts';

export interface ActivityKind {
  code: string;
  title: string;
  hint: string;
  icon: IconName;
}

/** The kinds of activity a person plans or writes down. */
export function activityKinds(): ActivityKind[] {
  return [
    { code: 'note', title: t('Заметка'), hint: t('Что произошло и что дальше?'), icon: 'edit' },
    { code: 'call', title: t('Звонок'), hint: t('Перезвонить'), icon: 'phone' },
    { code: 'meeting', title: t('Встреча'), hint: t('Встретиться'), icon: 'cal' },
    { code: 'todo', title: t('Дело'), hint: t('Что сделать'), icon: 'check-sq' },
  ];
}

/** The sign of an activity's kind; letters and messages come from channels. */
export function kindIcon(code: string | undefined | null): IconName {
  if (code === 'letter') return 'mail';
  if (code === 'message') return 'chat';
  return activityKinds().find((kind) => kind.code === code)?.icon ?? 'check-sq';
}
