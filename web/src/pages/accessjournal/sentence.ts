import { t } from '~/i18n/index.ts';
import type { Line } from './line.ts';

/** The kinds the filter offers, several of the journal's own in one. */
export const kinds = (): [string, string][] => [
  ['login,logout', t('Входы и выходы')],
  ['login_failed,login_blocked', t('Неудачные входы')],
  ['view', t('Просмотры карточек')],
  ['export', t('Выгрузки')],
  ['rights,look_as', t('Права')],
  ['settings', t('Настройки')],
  ['account,token_made,token_revoked', t('Учётные записи и токены')],
];

/** Whom and what a sentence names. */
export interface Names {
  user: (id: number | null | undefined) => string;
  /** Records of a type; empty when there is none of this code. */
  type: (code: string) => string;
}

const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const whom = (names: Names, value: unknown): string => (typeof value === 'number' ? names.user(value) : '');

/** What happened, in words that follow the name of who did it. */
export function sentence(line: Line, names: Names): string {
  const { data } = line;
  switch (line.kind) {
    case 'login':
      return login(data);
    case 'login_failed':
      return t('не может войти: {email}, {why}', { email: word(data.email) || t('без адреса'), why: refused(data) });
    case 'login_blocked':
      return t('ждёт после многих попыток войти: {email}', { email: word(data.email) });
    case 'logout':
      return t('выходит');
    case 'view':
      return t('открывает карточку');
    case 'export':
      return exported(data, names);
    case 'settings':
      return t('меняет настройки: {what}', { what: setting(data) });
    case 'rights':
      return rights(data, names);
    case 'look_as':
      if (data.ended === true) return t('больше не смотрит глазами другого');
      return t('смотрит глазами другого: {name}', { name: whom(names, data.user) });
    case 'token_made':
      return t('выдаёт токен «{title}»', { title: word(data.title) });
    case 'token_revoked':
      return t('отзывает токен «{title}»', { title: word(data.title) });
    case 'account':
      return account(line, names);
    default:
      return line.kind;
  }
}

function login(data: Record<string, unknown>): string {
  const way = {
    password: t('входит по паролю'),
    oidc: t('входит через провайдера'),
    invitation: t('входит по приглашению'),
    recovery: t('входит по ссылке для нового пароля'),
  }[word(data.way)];
  const second = { totp: t('и коду из приложения'), code: t('и запасному коду') }[word(data.second)];
  return [way ?? t('входит'), second].filter(Boolean).join(' ');
}

function refused(data: Record<string, unknown>): string {
  const why =
    {
      password: t('неверный пароль'),
      second: t('неверный код'),
      left: t('здесь больше не работает'),
      oidc: t('провайдер не подтвердил вход'),
    }[word(data.reason)] ?? t('отказ');
  const times = Number(data.count);
  return times > 1
    ? t('{why}, {n, plural, one {# раз} few {# раза} many {# раз} other {# раза}}', { why, n: times })
    : why;
}

function exported(data: Record<string, unknown>, names: Names): string {
  const what = word(data.type);
  const rows = Number(data.rows) || 0;
  if (what === 'file') return t('скачивает файл «{name}»', { name: word(data.filter) });
  const named =
    {
      config: t('настройки портала'),
      import_rows: t('строки импорта, которые не загрузились'),
      access_journal: t('журнал доступа'),
      incidents: t('инциденты'),
      roles: t('роли'),
    }[what] ??
    (names.type(what) || what);
  return rows
    ? t('выгружает: {what}, {n, plural, one {# строку} few {# строки} many {# строк} other {# строки}}', {
        what: named,
        n: rows,
      })
    : t('выгружает: {what}', { what: named });
}

/** What of the portal a route is about: the last word of its address that says so. */
function setting(data: Record<string, unknown>): string {
  const route = word(data.what).split(' ').at(-1) ?? '';
  const nouns: Record<string, string> = {
    portal: t('портал'),
    'calendar-days': t('календарь'),
    'calendar-imports': t('календарь'),
    schedules: t('графики'),
    'oidc-settings': t('вход через провайдера'),
    keeping: t('сколько хранится этот журнал'),
    types: t('типы записей'),
    fields: t('поля'),
    values: t('значения списка'),
    'currency-rates': t('курсы валют'),
    'lead-prices': t('цены лидов'),
    pipelines: t('воронки'),
    stages: t('стадии'),
    'stage-order': t('порядок стадий'),
    'lost-reasons': t('причины отказа'),
    drums: t('барабаны'),
    'intake-keys': t('формы и ключи'),
    letter: t('письмо клиенту'),
    'routing-rules': t('правила распределения'),
    imports: t('импорт'),
    'mail-settings': t('почтовый сервер'),
    departments: t('отделы'),
    users: t('люди'),
    invitations: t('приглашения'),
    'service-accounts': t('учётные записи программ'),
    roles: t('роли'),
    groups: t('группы'),
    'stand-ins': t('замещения'),
  };
  const noun = route
    .split('/')
    .reverse()
    .map((part) => nouns[part])
    .find(Boolean);
  const verb = { POST: '+', DELETE: '−' }[word(data.what).split(' ')[0] ?? ''];
  const given = word(data.path)
    .split('/')
    .filter((part, at) => part && route.split('/')[at]?.startsWith('{'))
    .join(', ');
  return [verb, noun ?? route, given && `(${given})`].filter(Boolean).join(' ');
}

function rights(data: Record<string, unknown>, names: Names): string {
  const title = word(data.title);
  switch (word(data.what)) {
    case 'group_added':
      return t('заводит группу «{title}»', { title });
    case 'group_changed':
      return t('меняет группу «{title}»', { title });
    case 'group_removed':
      return t('удаляет группу «{title}»', { title });
    case 'stand_in_added':
      return t('назначает замещение (кто: {who}, кого: {whom})', {
        who: whom(names, data.user),
        whom: whom(names, data.for),
      });
    case 'stand_in_removed':
      return t('отменяет замещение (кто: {who}, кого: {whom})', {
        who: whom(names, data.user),
        whom: whom(names, data.for),
      });
    case 'role':
      return t('меняет роль: {name}', { name: whom(names, data.user) });
    default:
      return title ? t('меняет роль «{title}»', { title }) : t('меняет права');
  }
}

function account(line: Line, names: Names): string {
  const { data } = line;
  const about = typeof data.user === 'number' && data.user !== line.user ? `: ${names.user(data.user)}` : '';
  const what: Record<string, string> = {
    user_added: t('заводит учётную запись'),
    service_added: t('заводит учётную запись программы'),
    role: t('меняет роль'),
    department: t('меняет отдел'),
    email_changed: t('меняет почту'),
    password_changed: t('меняет пароль'),
    password_given: t('даёт новый пароль'),
    deactivated: t('отключает учётную запись'),
    activated: t('включает учётную запись'),
    session_ended: t('завершает сеанс'),
    sessions_ended: t('завершает сеансы'),
    second_factor_on: t('включает второй шаг входа'),
    second_factor_off: t('выключает второй шаг входа'),
    recovery_codes_made: t('получает новые запасные коды'),
    oidc_linked: t('связывает учётную запись с провайдером'),
    oidc_made: t('получает учётную запись через провайдера'),
    oidc_forgotten: t('отвязывает от провайдера'),
  };
  return (what[word(data.what)] ?? t('меняет учётную запись')) + about;
}

/** Where from: the device in words, or the program. */
export function origin(line: Line): string {
  const device = line.token
    ? line.token.title
      ? t('программа «{title}»', { title: line.token.title })
      : t('программа с отозванным токеном {id}', { id: line.token.id })
    : [line.browser, line.os].filter(Boolean).join(', ');
  return [line.ip, device].filter(Boolean).join(' · ');
}
