import type { Facts, Reason } from '~/entities/role/role.ts';
import { t } from '~/i18n/index.ts';

/** The names a reason speaks of. */
export interface ReasonNames {
  /** Who wants to do it; "" for oneself. */
  who: string;
  person: (id: number | null | undefined) => string;
  department: (id: number | null | undefined) => string;
  pipeline: (id: number | null | undefined) => string;
  stage: (id: number | null | undefined) => string;
  /** A move speaks of the stages it goes to, not of the one the record is on. */
  moves?: boolean;
}

/** Why a line fits a record, or doesn't: by which attribute, and what the record has there. */
export function reasonText(reason: Reason, facts: Facts, names: ReasonNames): string {
  const { who } = names;
  if (!reason.role) return who ? t('{who}, администратор, может всё.', { who }) : t('Вы администратор и можете всё.');
  if (reason.misses === 'pipeline')
    return t('Запись в воронке «{pipeline}», а строка о других.', { pipeline: names.pipeline(facts.pipeline) });
  if (reason.misses === 'stage')
    return names.moves
      ? t('Строка о переносе на другие стадии.')
      : t('Запись на стадии «{stage}», а строка о других.', { stage: names.stage(facts.stage) });
  return reason.holds ? holdText(reason, facts, names) : missText(reason, facts, names);
}

function holdText(reason: Reason, facts: Facts, { who, department }: ReasonNames): string {
  switch (reason.scope) {
    case 'own':
      return who ? t('За запись отвечает {who}.', { who }) : t('За запись отвечаете вы.');
    case 'observed':
      return who ? t('{who} наблюдает за записью.', { who }) : t('Вы наблюдаете за записью.');
    case 'department':
      return t('Запись того же отдела: «{department}».', { department: department(facts.department) });
    case 'below':
      return t('Запись того же отдела или отдела ниже: «{department}».', {
        department: department(facts.department),
      });
    case 'led':
      return who
        ? t('{who} руководит отделом «{department}» или отделом над ним.', {
            who,
            department: department(facts.department),
          })
        : t('Вы руководите отделом «{department}» или отделом над ним.', {
            department: department(facts.department),
          });
    default:
      return t('Строка обо всех записях.');
  }
}

function missText(reason: Reason, facts: Facts, { who, person, department }: ReasonNames): string {
  const dept = facts.department ? department(facts.department) : '';
  switch (reason.scope) {
    case 'own':
      return facts.responsible
        ? t('За запись отвечает {who}.', { who: person(facts.responsible) })
        : t('За запись никто не отвечает.');
    case 'observed':
      return who ? t('{who} не наблюдает за записью.', { who }) : t('Вы не наблюдаете за записью.');
    case 'led':
      if (reason.nobody) return who ? t('{who} не руководит отделами.', { who }) : t('Вы не руководите отделами.');
      if (!dept) return t('Запись не относится ни к одному отделу.');
      return who
        ? t('{who} не руководит отделом «{department}».', { who, department: dept })
        : t('Вы не руководите отделом «{department}».', { department: dept });
    default:
      if (reason.nobody)
        return who ? t('{who} не состоит ни в одном отделе.', { who }) : t('Вы не состоите ни в одном отделе.');
      return dept
        ? t('Запись другого отдела: «{department}».', { department: dept })
        : t('Запись не относится ни к одному отделу.');
  }
}
