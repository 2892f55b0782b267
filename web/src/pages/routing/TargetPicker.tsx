import { useQuery } from '@tanstack/react-query';
import { useDepartments, useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { drumsQuery } from '~/entities/drum/drum.ts';
import type { RoutingTarget } from '~/entities/routing/routing.ts';
import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import type { IconName } from '~/ui/icons.ts';
import { Picker } from '~/ui/Picker.tsx';

/** Who a target is, in words. */
export function useTargetText(): (target: RoutingTarget) => string {
  const nameOf = useNames();
  const departments = useDepartments();
  const { data: drums } = useQuery(drumsQuery);
  return ({ kind, id, way }) => {
    switch (kind) {
      case 'person':
        return nameOf(id);
      case 'drum':
        return t('барабан «{title}»', { title: drums?.find((each) => each.id === id)?.title ?? t('удалён') });
      case 'department': {
        const title = departments.find((each) => each.id === id)?.title ?? t('удалён');
        return way === 'turn'
          ? t('отдел «{title}», людям по очереди', { title })
          : t('отдел «{title}», руководителю', { title });
      }
      default:
        return t('как настроено у формы или ключа');
    }
  };
}

const icons: Record<RoutingTarget['kind'], IconName> = {
  door: 'form',
  person: 'user',
  drum: 'drum',
  department: 'users',
};

/** Who a rule gives records to. */
export function TargetText({ target }: { target: RoutingTarget }) {
  const text = useTargetText();
  return (
    <span className="row g6 rule-target">
      <Icon name={icons[target.kind]} small />
      <span className="m ell">{text(target)}</span>
    </span>
  );
}

interface Props {
  target: RoutingTarget;
  onChange: (target: RoutingTarget) => void;
  /** The last rule may leave it to the door the request came by. */
  last?: boolean;
  error?: string;
}

/** Picks a person, a drum or a department. */
export function TargetPicker({ target, onChange, last, error }: Props) {
  const users = useUsers();
  const departments = useDepartments();
  const { data: drums } = useQuery(drumsQuery);
  const kinds: [RoutingTarget['kind'], string][] = [
    ...((last ? [['door', t('Как у формы или ключа')]] : []) as [RoutingTarget['kind'], string][]),
    ['person', t('Сотруднику')],
    ['drum', t('В барабан')],
    ['department', t('В отдел')],
  ];
  const options =
    target.kind === 'person'
      ? users.filter((user) => user.active).map((user) => ({ value: String(user.id), title: user.name }))
      : target.kind === 'drum'
        ? (drums ?? []).map((drum) => ({ value: String(drum.id), title: drum.title }))
        : departments.map((each) => ({ value: String(each.id), title: each.title }));
  return (
    <div className="col g12">
      <FormField label={t('Кому отдать')} error={error}>
        <select
          className="input"
          value={target.kind}
          onChange={(event) => {
            const kind = event.target.value as RoutingTarget['kind'];
            onChange(kind === 'department' ? { kind, way: 'head' } : { kind });
          }}
        >
          {kinds.map(([kind, title]) => (
            <option key={kind} value={kind}>
              {title}
            </option>
          ))}
        </select>
      </FormField>
      {target.kind !== 'door' && (
        <Picker
          label={kinds.find(([kind]) => kind === target.kind)?.[1]}
          options={options}
          value={target.id ? String(target.id) : null}
          onPick={(id) => onChange({ ...target, id: id ? Number(id) : undefined })}
        />
      )}
      {target.kind === 'department' && (
        <FormField
          label={t('Кто в отделе')}
          hint={target.way === 'turn' ? t('Следующий по очереди, кроме руководителя и отсутствующих') : undefined}
        >
          <select
            className="input"
            value={target.way ?? 'head'}
            onChange={(event) => onChange({ ...target, way: event.target.value as 'head' | 'turn' })}
          >
            <option value="head">{t('Руководитель отдела')}</option>
            <option value="turn">{t('Люди отдела по очереди')}</option>
          </select>
        </FormField>
      )}
    </div>
  );
}
