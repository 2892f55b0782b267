import { fieldOf, pluralOf, titleOf, useTypes } from '~/entities/catalog/catalog.ts';
import type { Matrix } from '~/entities/role/role.ts';
import { t } from '~/i18n/index.ts';
import { Icon } from '~/ui/Icon.tsx';

/** The fields that are hidden or can't be changed in the end. */
export function FieldsPanel({ matrix }: { matrix: Matrix }) {
  const types = useTypes();
  return (
    <section className="panel" aria-label={t('Поля')}>
      <header>
        <h2 className="panel-title">{t('Поля')}</h2>
        <span className="t3 f12 people-n only-d">{t('всё остальное видно и можно менять, где можно править')}</span>
      </header>
      <ul className="areas">
        {matrix.fields?.map((rule) => {
          const type = types.find((each) => each.code === rule.type);
          return (
            <li key={`${rule.type}.${rule.field}`}>
              <Icon name={rule.access === 'hidden' ? 'x' : 'lock'} small />
              <span className="grow ell">
                {titleOf(fieldOf(type, rule.field)) || rule.field} <span className="t3">{pluralOf(type)}</span>
              </span>
              <b className="m">{rule.access === 'hidden' ? t('скрыто') : t('только видеть')}</b>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
