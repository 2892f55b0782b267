import type { Role } from '~/entities/role/role.ts';
import { roleName } from '~/entities/role/titles.ts';
import { number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';

interface Props {
  roles?: Role[];
  chosen?: number;
  onChoose: (id: number) => void;
}

/** The roles with how many people have each, the fixed ones first; on a phone a list to choose from. */
export function RoleList({ roles, chosen, onChoose }: Props) {
  return (
    <aside className="rights-roles" aria-label={t('Роли')}>
      <h2 className="rights-roles-title">{t('Роли')}</h2>
      <select
        className="input only-m"
        aria-label={t('Роль')}
        value={chosen ?? ''}
        onChange={(event) => onChoose(Number(event.target.value))}
      >
        {roles?.map((role) => (
          <option key={role.id} value={role.id}>
            {`${roleName(role)} · ${number(role.people)}`}
          </option>
        ))}
      </select>
      <ul className="only-d">
        {roles?.map((role) => (
          <li key={role.id}>
            <button
              type="button"
              className={`role-line ${role.id === chosen ? 'on' : ''}`}
              aria-current={role.id === chosen || undefined}
              onClick={() => onChoose(role.id)}
            >
              <span className="grow m ell" title={roleName(role)}>
                {roleName(role)}
              </span>
              {role.changed && <Badge tone="c">{t('изменена')}</Badge>}
              <span className="f12 t3 num">{number(role.people)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="f12 t3 rights-note">
        {t('Ролей у человека может быть несколько, они складываются. «Нельзя» сильнее.')}
      </p>
    </aside>
  );
}
