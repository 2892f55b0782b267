import { useQuery } from '@tanstack/react-query';
import { useDepartments, useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { groupsQuery, type Holder, type Role } from '~/entities/role/role.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Icon } from '~/ui/Icon.tsx';
import type { IconName } from '~/ui/icons.ts';
import { type Option, Picker } from '~/ui/Picker.tsx';
import { useRoleSaver } from './useRoleSaver.ts';

const signs: Record<Holder['kind'], IconName> = { user: 'user', department: 'tree', group: 'users', position: 'flag' };

/** Who a holder is, in words. */
export function useHolderName(): (holder: Holder) => string {
  const nameOf = useNames();
  const departments = useDepartments();
  const { data: groups } = useQuery(groupsQuery);
  return (holder) => {
    switch (holder.kind) {
      case 'user':
        return nameOf(holder.id);
      case 'department':
        return departments.find((each) => each.id === holder.id)?.title ?? holder.text ?? t('удалён');
      case 'group':
        return groups?.find((each) => each.id === holder.id)?.title ?? holder.text ?? t('удалена');
      default:
        return holder.text ?? '';
    }
  };
}

/** By what the holder holds it, beside his name. */
function kindHint(kind: Holder['kind']): string {
  return {
    user: '',
    department: t('отдел со всеми ниже'),
    group: t('группа'),
    position: t('должность'),
  }[kind];
}

/** Who has the role: people, departments with all below, groups, positions. */
export function HoldersPanel({ role }: { role: Role }) {
  const save = useRoleSaver();
  const users = useUsers();
  const departments = useDepartments();
  const { data: groups } = useQuery(groupsQuery);
  const holderName = useHolderName();
  const key = (holder: Holder) => `${holder.kind}:${holder.kind === 'position' ? holder.text : holder.id}`;
  const taken = new Set(role.holders.map(key));
  const positions = [...new Set(users.filter((user) => user.active).map((user) => user.position?.trim() ?? ''))].filter(
    Boolean,
  );
  const all: { holder: Holder; option: Option }[] = [
    ...users
      .filter((user) => user.active)
      .map((user) => ({
        holder: { kind: 'user' as const, id: user.id },
        option: {
          value: '',
          title: user.name,
          hint: user.position,
          sign: <Avatar id={user.id} name={user.name} silent />,
        },
      })),
    ...departments.map((each) => ({
      holder: { kind: 'department' as const, id: each.id },
      option: { value: '', title: each.title, hint: kindHint('department'), sign: <Icon name="tree" small /> },
    })),
    ...(groups ?? []).map((each) => ({
      holder: { kind: 'group' as const, id: each.id },
      option: { value: '', title: each.title, hint: kindHint('group'), sign: <Icon name="users" small /> },
    })),
    ...positions.sort().map((text) => ({
      holder: { kind: 'position' as const, id: 0, text },
      option: { value: '', title: text, hint: kindHint('position'), sign: <Icon name="flag" small /> },
    })),
  ];
  const free = all.filter(({ holder }) => !taken.has(key(holder)));
  return (
    <section className="panel" aria-label={t('У кого эта роль')}>
      <header>
        <h2 className="panel-title">{t('У кого эта роль')}</h2>
      </header>
      <div className="in row g6 wrap">
        {role.holders.map((holder) => {
          const name = holderName(holder);
          return (
            <span key={key(holder)} className="chip">
              {holder.kind === 'user' ? (
                <Avatar id={holder.id} name={name} silent />
              ) : (
                <Icon name={signs[holder.kind]} small />
              )}
              <b className="ell">{name}</b>
              {kindHint(holder.kind) && <span className="t3 only-d">{kindHint(holder.kind)}</span>}
              <button
                type="button"
                aria-label={t('Убрать: {title}', { title: name })}
                onClick={() =>
                  void save(
                    role,
                    { holders: role.holders.filter((each) => each !== holder) },
                    t('Роль забрана: {name}', { name }),
                  )
                }
              >
                <Icon name="x" small />
              </button>
            </span>
          );
        })}
        <div className="holder-add">
          <Picker
            label={t('Дать роль')}
            placeholder={t('человек, отдел, группа, должность')}
            options={free.map(({ holder, option }) => ({ ...option, value: key(holder) }))}
            value={null}
            onPick={(picked) => {
              const holder = free.find((each) => key(each.holder) === picked)?.holder;
              if (holder)
                void save(
                  role,
                  { holders: [...role.holders, holder] },
                  t('Роль дана: {name}', { name: holderName(holder) }),
                );
            }}
          />
        </div>
      </div>
    </section>
  );
}
