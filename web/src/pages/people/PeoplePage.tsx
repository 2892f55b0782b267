import { useEffect, useState } from 'react';
import type { Department, User } from '~/api/types.ts';
import { useDepartments, useUsers } from '~/entities/catalog/catalog.ts';
import { isAdmin, useMe } from '~/entities/session/session.ts';
import { roleTitle } from '~/features/session/own.ts';
import { t } from '~/i18n/index.ts';
import { folded, otherLayout } from '~/i18n/layout.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { useAction } from '~/ui/actions.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { DemandPanel } from './DemandPanel.tsx';
import { DepartmentForm } from './DepartmentForm.tsx';
import { DepartmentTree } from './DepartmentTree.tsx';
import { InvitationsPanel } from './InvitationsPanel.tsx';
import { InviteDialog } from './InviteDialog.tsx';
import { PersonForm } from './PersonForm.tsx';
import { ServicesPanel } from './ServicesPanel.tsx';
import './people.css';

/** The ids of a department and all below it. */
export function below(departments: Department[], id: number): Set<number> {
  const ids = new Set([id]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const each of departments) {
      if (each.parent && ids.has(each.parent) && !ids.has(each.id)) {
        ids.add(each.id);
        grew = true;
      }
    }
  }
  return ids;
}

/** Who works here and in which department. */
export function PeoplePage() {
  const users = useUsers();
  const departments = useDepartments();
  const [chosen, setChosen] = useState<number | null>(null);
  const [text, setText] = useState('');
  const [inviting, setInviting] = useState(false);
  const me = useMe();
  const [person, setPerson] = useState<User | 'new' | null>(null);
  const [department, setDepartment] = useState<Department | 'new' | null>(null);
  useEffect(() => {
    document.title = `${t('Люди и отделы')} · Voronka`;
  }, []);
  useAction({
    id: 'add-person',
    title: t('Добавить сотрудника'),
    group: t('Люди'),
    icon: 'plus',
    key: 'KeyC',
    run: () => setPerson('new'),
  });

  const within = chosen === null ? null : below(departments, chosen);
  const forms = [text, otherLayout(text)].filter((form): form is string => !!form).map(folded);
  const shown = users
    .filter(
      (user) =>
        (!within || (user.department && within.has(user.department))) &&
        (!text || forms.some((form) => folded(`${user.name} ${user.email} ${user.position ?? ''}`).includes(form))),
    )
    .sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
  const titleOf = new Map(departments.map((each) => [each.id, each.title]));
  const heads = new Map(departments.filter((each) => each.head).map((each) => [each.head!, each.title]));
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            <Button icon="mail" title={t('Пригласить')} onClick={() => setInviting(true)}>
              <span className="only-d">{t('Пригласить')}</span>
            </Button>
            <Button look="pri" icon="plus" hotkey="KeyC" onClick={() => setPerson('new')}>
              {t('Сотрудник')}
            </Button>
          </>
        }
      >
        <h1>{t('Люди и отделы')}</h1>
      </TopBar>
      <div className="body scroll page side">
        <DepartmentTree
          departments={departments}
          users={users}
          chosen={chosen}
          onChoose={setChosen}
          onEdit={setDepartment}
          onAdd={() => setDepartment('new')}
        />
        <section className="panel" aria-label={t('Сотрудники')}>
          <header>
            <h2 className="panel-title">{chosen === null ? t('Все сотрудники') : titleOf.get(chosen)}</h2>
            <span className="t3 num people-n">{shown.length}</span>
            <input
              className="input push people-find"
              aria-label={t('Найти сотрудника')}
              placeholder={t('Найти сотрудника')}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </header>
          <ul className="lines">
            {shown.map((user) => (
              <li key={user.id}>
                <button type="button" className="pick" onClick={() => setPerson(user)}>
                  <Avatar id={user.id} name={user.name} silent />
                  <span className="grow">
                    <span className="m ell me-name">{user.name}</span>
                    <span className="f12 t3 ell me-name">
                      {[user.position, user.department ? titleOf.get(user.department) : '', user.email]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </span>
                  {heads.has(user.id) && <Badge tone="c">{t('руководит')}</Badge>}
                  {user.active ? (
                    <span className="f12 t2 only-d">{roleTitle(user.role)}</span>
                  ) : (
                    <Badge>{t('не работает')}</Badge>
                  )}
                </button>
              </li>
            ))}
          </ul>
          {!shown.length && (
            <EmptyState
              icon="users"
              title={t('Никого не нашлось')}
              why={text ? t('Проверьте имя или уберите поиск') : t('В этом отделе ещё никого нет')}
              action={
                <Button onClick={() => (text ? setText('') : setPerson('new'))}>
                  {text ? t('Убрать поиск') : t('Добавить сотрудника')}
                </Button>
              }
            />
          )}
        </section>
        <div className="col g12 people-more">
          <InvitationsPanel departments={departments} />
          {isAdmin(me) && (
            <>
              <ServicesPanel />
              <DemandPanel />
            </>
          )}
        </div>
      </div>
      {inviting && <InviteDialog department={chosen} departments={departments} onClose={() => setInviting(false)} />}
      {person && (
        <PersonForm
          person={person === 'new' ? undefined : person}
          department={chosen}
          departments={departments}
          onClose={() => setPerson(null)}
        />
      )}
      {department && (
        <DepartmentForm
          department={department === 'new' ? undefined : department}
          parent={chosen}
          departments={departments}
          users={users}
          onClose={() => setDepartment(null)}
        />
      )}
    </main>
  );
}
