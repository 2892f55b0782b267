import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { matrixQuery, rolesQuery } from '~/entities/role/role.ts';
import { roleName } from '~/entities/role/titles.ts';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { MenuButton } from '~/ui/MenuButton.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { AreasPanel } from './AreasPanel.tsx';
import { CompareRoles } from './CompareRoles.tsx';
import { FieldsPanel } from './FieldsPanel.tsx';
import { GroupsDialog } from './GroupsDialog.tsx';
import { HoldersPanel } from './HoldersPanel.tsx';
import { MatrixPanel } from './MatrixPanel.tsx';
import { NewRole } from './NewRole.tsx';
import { RoleList } from './RoleList.tsx';
import { RolesFile } from './RolesFile.tsx';
import { RoleWords } from './RoleWords.tsx';
import { StandInsPanel } from './StandInsPanel.tsx';
import { WhyPanel } from './WhyPanel.tsx';
import './roles.css';

type Open = 'new' | 'compare' | 'groups' | 'stand-ins' | 'export' | 'import' | null;

/** Rights: roles in words, what comes out of them, and what somebody sees and why. */
export function RolesPage() {
  const { data: roles, error, refetch } = useQuery(rolesQuery);
  const search = useSearch({ from: '/inside/settings/rights' });
  const navigate = useNavigate({ from: '/settings/rights' });
  const [open, setOpen] = useState<Open>(null);
  /** The lines of a role that a cell of the matrix comes from. */
  const [picked, setPicked] = useState<{ role: number; lines: ReadonlySet<number> } | null>(null);
  useEffect(() => {
    document.title = `${t('Права')} · Voronka`;
  }, []);
  const role =
    roles?.find((each) => each.id === search.role) ?? roles?.find((each) => each.fixed === 'manager') ?? roles?.[0];
  const { data: matrix } = useQuery({ ...matrixQuery({ role: role?.id ?? 0 }), enabled: !!role });
  const lit = useMemo(
    () => (picked && picked.role === role?.id ? picked.lines : new Set(search.line ? [search.line] : [])),
    [picked, role?.id, search.line],
  );
  useAction({
    id: 'add-role',
    title: t('Новая роль'),
    group: t('Права'),
    icon: 'plus',
    key: 'KeyC',
    run: () => setOpen('new'),
  });
  const choose = (id: number) => void navigate({ search: (old) => ({ ...old, role: id, line: undefined }) });
  const close = () => setOpen(null);
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            <MenuButton
              position="bottom-end"
              label={t('Ещё о правах')}
              target={<Button look="ghost" icon="dots" aria-label={t('Ещё о правах')} />}
              entries={[
                { title: t('Группы'), icon: 'users', run: () => setOpen('groups') },
                { title: t('Помощники и заместители'), icon: 'user', run: () => setOpen('stand-ins') },
                { title: t('Сравнить роли'), icon: 'copy', run: () => setOpen('compare') },
                null,
                { title: t('Выгрузить роли в файл'), icon: 'down', run: () => setOpen('export') },
                { title: t('Загрузить роли из файла'), icon: 'up', run: () => setOpen('import') },
              ]}
            />
            <Button icon="copy" className="only-d" onClick={() => setOpen('compare')}>
              {t('Сравнить роли')}
            </Button>
            <Button look="pri" icon="plus" hotkey="KeyC" onClick={() => setOpen('new')}>
              {t('Роль')}
            </Button>
          </>
        }
      >
        <h1>{t('Права')}</h1>
      </TopBar>
      <div className="body rights">
        <RoleList roles={roles} chosen={role?.id} onChoose={choose} />
        <div className="rights-mid scroll">
          {error && <ErrorNote title={t('Роли не загрузились')} error={error} retry={() => void refetch()} />}
          {!roles && !error && <SkeletonRows rows={8} />}
          {role && (
            <>
              <RoleWords
                key={role.id}
                role={role}
                lit={lit}
                onGone={() => void navigate({ search: (old) => ({ ...old, role: undefined }) })}
                onChoose={choose}
              />
              {!role.fixed && <HoldersPanel role={role} />}
              <MatrixPanel
                key={`m${role.id}`}
                title={t('Что получилось')}
                matrix={matrix}
                role={role}
                onLit={(lines) => setPicked({ role: role.id, lines })}
                admin={role.fixed === 'admin'}
              />
              {matrix && !!matrix.fields?.length && <FieldsPanel matrix={matrix} />}
              <AreasPanel role={role} />
            </>
          )}
        </div>
        <WhyPanel
          search={search}
          onAsk={(question) =>
            void navigate({ search: (old) => ({ ...old, ...question, line: undefined }), replace: true })
          }
        />
      </div>
      {open === 'new' && <NewRole roles={roles ?? []} onClose={close} onMade={choose} />}
      {open === 'compare' && <CompareRoles roles={roles ?? []} first={role?.id} onClose={close} />}
      {open === 'groups' && <GroupsDialog onClose={close} />}
      {open === 'stand-ins' && <StandInsPanel onClose={close} />}
      {(open === 'export' || open === 'import') && <RolesFile way={open} onClose={close} />}
      <span className="sr" aria-live="polite">
        {role ? roleName(role) : ''}
      </span>
    </main>
  );
}
