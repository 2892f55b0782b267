import { type Area, areas, type Role } from '~/entities/role/role.ts';
import { areaHint, areaTitle } from '~/entities/role/titles.ts';
import { t } from '~/i18n/index.ts';
import { useRoleSaver } from './useRoleSaver.ts';

/** Parts of the portal the role may run, as switches. */
export function AreasPanel({ role }: { role: Role }) {
  const save = useRoleSaver();
  const locked = role.fixed === 'admin' || role.fixed === 'guest';
  const put = (area: Area) => {
    const on = role.areas.includes(area);
    void save(
      role,
      { areas: areas.filter((each) => (each === area ? !on : role.areas.includes(each))) },
      on
        ? t('Больше не ведёт: {area}', { area: areaTitle(area) })
        : t('Теперь ведёт: {area}', { area: areaTitle(area) }),
    );
  };
  return (
    <section className="panel" aria-label={t('Кроме записей')}>
      <header>
        <h2 className="panel-title">{t('Кроме записей')}</h2>
        <span className="t3 f12 people-n only-d">{t('что человек ведёт в самом портале')}</span>
      </header>
      <ul className="areas">
        {areas.map((area) => {
          const on = role.fixed === 'admin' || role.areas.includes(area);
          return (
            <li key={area}>
              <button
                type="button"
                role="switch"
                aria-checked={on}
                disabled={locked}
                className="area-switch"
                onClick={() => put(area)}
              >
                <i className={`sw ${on ? 'on' : ''}`} />
                <span className="grow">
                  <span className="me-name">{areaTitle(area)}</span>
                  <span className="f12 t3 me-name">{areaHint(area)}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
