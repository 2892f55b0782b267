import type { Me, Portal, RecordType } from '~/api/types.ts';
import { pluralOf, slugOf } from '~/entities/catalog/catalog.ts';
import { may } from '~/entities/session/session.ts';
import { type Place, typeIcon } from '~/features/places/place.ts';
import { t } from '~/i18n/index.ts';

/** Record types that have their own line in the rail, in their order. */
export function railTypes(types: RecordType[], portal: Portal): RecordType[] {
  const order = ['lead', 'deal', 'contact', 'company'];
  return types
    .filter((type) => type.code !== 'activity' && !(portal.simple && type.code === 'lead'))
    .sort((a, b) => rank(a.code) - rank(b.code));
  function rank(code: string): number {
    const at = order.indexOf(code);
    return at < 0 ? order.length : at;
  }
}

/** Every page the person may open, as the palette and the menus name them. */
export function placesOf(me: Me, portal: Portal, types: RecordType[]): Place[] {
  const sales = (may(me, 'records') ? railTypes(types, portal) : []).map((type) => ({
    title: pluralOf(type),
    where: t('Продажи'),
    href: `/${slugOf(type.code)}`,
    icon: typeIcon(type.code),
  }));
  const control: Place[] = [
    ...(may(me, 'records')
      ? [
          {
            title: t('Барабаны'),
            where: t('Контроль'),
            href: '/drums',
            icon: 'drum' as const,
            words: 'drum очередь распределение',
          },
        ]
      : []),
    ...(may(me, 'incidents')
      ? [
          {
            title: t('Инциденты'),
            where: t('Контроль'),
            href: '/incidents',
            icon: 'alert' as const,
            words: 'пропуски misses',
          },
        ]
      : []),
    ...(may(me, 'reports')
      ? [
          {
            title: t('Отчёты'),
            where: t('Контроль'),
            href: '/reports',
            icon: 'chart' as const,
            words: 'показатели конверсия воронка reports figures conversion',
          },
          {
            title: t('Вчера'),
            where: t('Контроль'),
            href: '/yesterday',
            icon: 'history' as const,
            words: 'итоги дня сводка yesterday summary',
          },
        ]
      : []),
  ];
  const day: Place[] = may(me, 'records')
    ? [
        {
          title: t('Мой день'),
          where: t('Вы'),
          href: '/day',
          icon: 'sun',
          words: 'сегодня дела задачи расписание today',
        },
      ]
    : [];
  return [
    ...day,
    ...sales,
    ...control,
    ...settingsOf(me),
    {
      title: t('Профиль'),
      where: t('Вы'),
      href: '/profile',
      icon: 'user',
      words: 'пароль язык сессии токены password sessions tokens',
    },
  ];
}

/** The pages of the settings the person may open. */
export function settingsOf(me: Me): Place[] {
  const all: [string, Place][] = [
    [
      'people',
      {
        title: t('Люди и отделы'),
        where: t('Настройки, компания'),
        href: '/settings/people',
        icon: 'users',
        words: 'сотрудники пользователи users departments',
      },
    ],
    [
      'roles',
      {
        title: t('Права'),
        where: t('Настройки, компания'),
        href: '/settings/rights',
        icon: 'lock',
        words: 'роли доступ кто что видит rights roles access permissions',
      },
    ],
    [
      'journal',
      {
        title: t('Журнал доступа'),
        where: t('Настройки, компания'),
        href: '/settings/access-journal',
        icon: 'history',
        words: 'входы просмотры выгрузки аудит access journal audit log logins exports',
      },
    ],
    [
      'oidc',
      {
        title: t('Вход через провайдера'),
        where: t('Настройки, компания'),
        href: '/settings/oidc',
        icon: 'key',
        words: 'OIDC OpenID SSO Keycloak единый вход single sign-on',
      },
    ],
    [
      'schedules',
      {
        title: t('Графики и календарь'),
        where: t('Настройки, компания'),
        href: '/settings/schedules',
        icon: 'clock',
        words: 'рабочее время праздники смены schedules calendar holidays hours',
      },
    ],
    [
      'absences',
      {
        title: t('Отсутствия'),
        where: t('Настройки, компания'),
        href: '/absences',
        icon: 'cal',
        words: 'отпуск больничный отгул кого нет vacation sick leave absences',
      },
    ],
    [
      'absences',
      {
        title: t('Рабочие дни'),
        where: t('Настройки, компания'),
        href: '/working-days',
        icon: 'history',
        words: 'учёт времени табель отработано working days timesheet',
      },
    ],
    [
      'pipelines',
      {
        title: t('Воронки и стадии'),
        where: t('Настройки, данные'),
        href: '/settings/pipelines',
        icon: 'funnel',
        words: 'этапы pipelines stages причины отказа',
      },
    ],
    [
      'bin',
      {
        title: t('Корзина'),
        where: t('Настройки, данные'),
        href: '/settings/bin',
        icon: 'trash',
        words: 'удалённые deleted',
      },
    ],
    [
      'held',
      {
        title: t('На проверке'),
        where: t('Настройки, приём'),
        href: '/held',
        icon: 'eye',
        words: 'модерация спам обращения moderation spam held',
      },
    ],
    [
      'keys',
      {
        title: t('Формы и ключи'),
        where: t('Настройки, приём'),
        href: '/settings/forms',
        icon: 'form',
        words: 'API intake сайт заявки forms keys',
      },
    ],
    [
      'imports',
      {
        title: t('Импорт'),
        where: t('Настройки, приём'),
        href: '/settings/import',
        icon: 'down',
        words: 'CSV Excel база upload import',
      },
    ],
    [
      'keys',
      {
        title: 'API',
        where: t('Настройки, приём'),
        href: '/settings/api',
        icon: 'bolt',
        words: 'curl token токен webhook вебхук',
      },
    ],
    [
      'mail',
      {
        title: t('Почта'),
        where: t('Настройки, приём'),
        href: '/settings/mail',
        icon: 'mail',
        words: 'SMTP письма сервер клиенту mail letters',
      },
    ],
    [
      'rules',
      {
        title: t('Распределение'),
        where: t('Настройки, приём'),
        href: '/settings/routing',
        icon: 'route',
        words: 'правила маршрут ответственный routing rules assignment',
      },
    ],
  ];
  return all.filter(([part]) => may(me, part)).map(([, place]) => place);
}
