import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { User } from '~/api/types.ts';
import { useDepartments } from '~/entities/catalog/catalog.ts';
import { heldBy } from '~/entities/role/held.ts';
import { groupsQuery, rolesQuery } from '~/entities/role/role.ts';
import { roleName } from '~/entities/role/titles.ts';
import { StandIns } from '~/features/rights/StandIns.tsx';
import { t } from '~/i18n/index.ts';

/** The roles a person has besides the one chosen above, and for whom he stands in. */
export function PersonRights({ person }: { person: User }) {
  const departments = useDepartments();
  const { data: roles } = useQuery(rolesQuery);
  const { data: groups } = useQuery(groupsQuery);
  const held = heldBy(person, roles ?? [], departments, groups ?? []);
  return (
    <div className="col g12">
      <div>
        <span className="label">{t('Другие роли')}</span>
        <div className="row g6 wrap">
          {held.map(({ role, by }) => (
            <Link key={role.id} className="chip" to="/settings/rights" search={{ role: role.id, user: person.id }}>
              <b>{roleName(role)}</b>
              {by && <span className="t3">{by}</span>}
            </Link>
          ))}
          <Link className="chip dash" to="/settings/rights" search={{ user: person.id }}>
            {held.length ? t('что видит и почему') : t('нет; что видит и почему')}
          </Link>
        </div>
      </div>
      <div>
        <span className="label">{t('Помощники и заместители')}</span>
        <StandIns user={person.id} />
      </div>
    </div>
  );
}
