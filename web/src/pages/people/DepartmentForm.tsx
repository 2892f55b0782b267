import { useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Department, User } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';
import { walk } from './DepartmentTree.tsx';
import { below } from './PeoplePage.tsx';

interface Props {
  department?: Department;
  parent: number | null;
  departments: Department[];
  users: User[];
  onClose: () => void;
}

/** A department: its place in the tree, its head and deputies. */
export function DepartmentForm({ department, parent, departments, users, onClose }: Props) {
  const client = useQueryClient();
  const reload = async () => {
    await client.invalidateQueries({ queryKey: ['departments'] });
    await client.invalidateQueries({ queryKey: ['users'] });
  };
  const form = useForm(
    {
      title: department?.title ?? '',
      parent: department ? (department.parent ?? null) : parent,
      head: department?.head ?? null,
      deputies: department?.deputies ?? [],
    },
    async (values) => {
      const body = values;
      await (department ? api.patch(`/departments/${department.id}`, body) : api.post('/departments', body));
      await reload();
    },
    onClose,
  );
  const { values, put, errors } = form;
  const inside = department ? below(departments, department.id) : new Set<number>();
  const people = users
    .filter((user) => user.active)
    .map((user) => ({
      value: String(user.id),
      title: user.name,
      hint: user.position,
      sign: <Avatar id={user.id} name={user.name} silent />,
    }));
  const remove = async () => {
    try {
      await api.delete(`/departments/${department!.id}`);
      await reload();
      onClose();
      toast({ text: t('Отдел убран') });
    } catch (error) {
      toast({ kind: 'error', text: t('Отдел остался'), detail: errorText(error) });
    }
  };
  return (
    <Dialog title={department ? department.title : t('Новый отдел')} onClose={onClose}>
      <form className="col g12" onSubmit={form.submit}>
        <FormField label={t('Название')} error={errors.title}>
          <input
            className="input"
            required
            data-autofocus
            value={values.title}
            onChange={(event) => put({ title: event.target.value })}
          />
        </FormField>
        <FormField label={t('Входит в')} error={errors.parent}>
          <select
            className="input"
            value={values.parent ?? ''}
            onChange={(event) => put({ parent: event.target.value ? Number(event.target.value) : null })}
          >
            <option value="">{t('верхний уровень')}</option>
            {walk(departments)
              .filter((row) => !inside.has(row.department.id))
              .map((row) => (
                <option key={row.department.id} value={row.department.id}>
                  {'\u00A0\u00A0'.repeat(row.depth) + row.department.title}
                </option>
              ))}
          </select>
        </FormField>
        <div>
          <span className="label">{t('Руководитель')}</span>
          <Picker
            label={t('Руководитель')}
            options={people}
            value={values.head ? String(values.head) : null}
            clearable
            onPick={(picked) => put({ head: picked ? Number(picked) : null })}
          />
        </div>
        <div>
          <span className="label">{t('Заместители')}</span>
          <div className="row g4 wrap">
            {values.deputies.map((id) => {
              const name = users.find((user) => user.id === id)?.name ?? String(id);
              return (
                <span key={id} className="chip">
                  {name}
                  <button
                    type="button"
                    aria-label={t('Убрать: {title}', { title: name })}
                    onClick={() => put({ deputies: values.deputies.filter((each) => each !== id) })}
                  >
                    <Icon name="x" small />
                  </button>
                </span>
              );
            })}
            <div className="grow">
              <Picker
                label={t('Заместители')}
                placeholder={t('добавить заместителя')}
                options={people.filter((each) => !values.deputies.includes(Number(each.value)))}
                value={null}
                onPick={(picked) => picked && put({ deputies: [...values.deputies, Number(picked)] })}
              />
            </div>
          </div>
        </div>
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          {department && (
            <Button look="redline" onClick={() => void remove()}>
              {t('Убрать отдел')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {department ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
