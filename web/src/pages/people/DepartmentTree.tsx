import type { Department, User } from '~/api/types.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Icon } from '~/ui/Icon.tsx';

interface Props {
  departments: Department[];
  users: User[];
  chosen: number | null;
  onChoose: (id: number | null) => void;
  onEdit: (department: Department) => void;
  onAdd: () => void;
}

/** The departments in the order of the tree, each with its depth. */
export function walk(departments: Department[]): { department: Department; depth: number }[] {
  const known = new Set(departments.map((each) => each.id));
  const rows: { department: Department; depth: number }[] = [];
  const visit = (parent: number | null, depth: number) => {
    for (const department of departments) {
      const own = department.parent && known.has(department.parent) ? department.parent : null;
      if (own !== parent) continue;
      rows.push({ department, depth });
      visit(department.id, depth + 1);
    }
  };
  visit(null, 0);
  return rows;
}

/** The tree of departments with heads; a press shows the people of one. */
export function DepartmentTree({ departments, users, chosen, onChoose, onEdit, onAdd }: Props) {
  const nameOf = useNames();
  const count = (id: number) => users.filter((user) => user.active && user.department === id).length;
  return (
    <section className="panel" aria-label={t('Отделы')}>
      <header>
        <h2 className="panel-title">{t('Отделы')}</h2>
        <Button look="ghost" small icon="plus" className="push" onClick={onAdd}>
          {t('Отдел')}
        </Button>
      </header>
      <ul className="lines">
        <li className={chosen === null ? 'on' : ''}>
          <button
            type="button"
            className="pick"
            aria-current={chosen === null || undefined}
            onClick={() => onChoose(null)}
          >
            <Icon name="users" small />
            <span className="grow">{t('Все сотрудники')}</span>
            <span className="t3 num">{users.filter((user) => user.active).length}</span>
          </button>
        </li>
        {walk(departments).map(({ department, depth }) => (
          <li
            key={department.id}
            className={chosen === department.id ? 'on' : ''}
            style={{ paddingLeft: 12 + depth * 16 }}
          >
            <button
              type="button"
              className="pick"
              aria-current={chosen === department.id || undefined}
              onClick={() => onChoose(department.id)}
            >
              <span className="grow">
                <span className="ell me-name">{department.title}</span>
                {department.head ? <span className="f12 t3 ell me-name">{nameOf(department.head)}</span> : null}
              </span>
              <span className="t3 num">{count(department.id) || ''}</span>
            </button>
            <Button
              look="ghost"
              small
              icon="edit"
              aria-label={t('Изменить отдел «{title}»', { title: department.title })}
              onClick={() => onEdit(department)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
