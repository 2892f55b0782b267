import { t } from '~/i18n/index.ts';
import type { Area, Op, Reach, Role, Scope } from './role.ts';

/** The name of a role: fixed ones have one in every language. */
export function roleName(role: { title?: string; fixed?: string } | undefined): string {
  switch (role?.title ? '' : role?.fixed) {
    case 'admin':
      return t('Администратор');
    case 'head':
      return t('Руководитель');
    case 'manager':
      return t('Менеджер');
    case 'employee':
      return t('Сотрудник');
    case 'guest':
      return t('Гость');
    default:
      return role?.title ?? '';
  }
}

/** Whom a fixed role is for, in a sentence. */
export function fixedHint(fixed: Role['fixed']): string {
  switch (fixed) {
    case 'admin':
      return t('Может всё, настройки тоже. Строк у неё нет, изменить её нельзя');
    case 'head':
      return t('У кого в карточке стоит «Руководитель», и у заместителей');
    case 'manager':
      return t('У кого в карточке стоит «Менеджер»');
    case 'employee':
      return t('У кого в карточке стоит «Сотрудник»: из записей только то, что дают другие роли');
    case 'guest':
      return t('У кого в карточке стоит «Гость»: записей не видит');
    default:
      return '';
  }
}

/** An operation as a column's head: «видеть». */
export function opTitle(op: Op): string {
  return {
    see: t('видеть'),
    create: t('создавать'),
    edit: t('править'),
    move: t('двигать'),
    delete: t('удалять'),
    assign: t('передавать'),
    export: t('выгружать'),
    import: t('загружать'),
    settings: t('настраивать воронки'),
  }[op];
}

/** An operation as a short head of a narrow column. */
export function opShort(op: Op): string {
  return op === 'settings' ? t('настраивать') : opTitle(op);
}

/** Whose records, as a choice: «своего отдела». */
export function scopeTitle(scope: Scope): string {
  return {
    own: t('свои'),
    observed: t('за которыми наблюдает'),
    department: t('своего отдела'),
    below: t('своего отдела с подотделами'),
    led: t('отделов, которыми руководит'),
    all: t('все'),
  }[scope];
}

/** How far an operation reaches, in a word of the matrix. */
export function reachTitle(reach: Reach, op: Op): string {
  if (op === 'settings' && reach !== 'none') return t('да');
  if (op === 'create' || op === 'import') {
    if (reach === 'all') return t('да');
    if (reach === 'own') return t('на себя');
  }
  return {
    none: t('нет'),
    own: t('свои'),
    observed: t('наблюдает'),
    department: t('отдел'),
    below: t('с подотделами'),
    led: t('свои отделы'),
    all: t('все'),
  }[reach];
}

/** A part of the portal and what running it means. */
export function areaTitle(area: Area): string {
  return {
    people: t('Люди и отделы'),
    types: t('Каталог: типы, поля, воронки'),
    forms: t('Формы, приём, импорт'),
    drums: t('Барабаны'),
    rules: t('Распределение'),
    reports: t('Отчёты'),
    journal: t('Журнал доступа'),
    mail: t('Почта и уведомления'),
    portal: t('Компания и календари'),
  }[area];
}

/** What running a part of the portal means. */
export function areaHint(area: Area): string {
  return {
    people: t('сотрудники, отделы, группы, графики; кроме администраторов и ролей'),
    types: t('типы записей, поля, списки, воронки и стадии'),
    forms: t('формы, ключи приёма и загрузка через них'),
    drums: t('все барабаны, не только своего отдела'),
    rules: t('правила распределения обращений'),
    reports: t('показатели по записям, которые видит'),
    journal: t('кто входил, что выгружал и менял в правах'),
    mail: t('сервер писем и тексты'),
    portal: t('название, валюта, праздники, проекты внедрения'),
  }[area];
}
