import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Department, Me, User } from '~/api/types.ts';
import { isAdmin, may, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';
import { PersonAccess } from './PersonAccess.tsx';
import { PersonRights } from './PersonRights.tsx';
import { DepartmentField, RoleField } from './PlaceFields.tsx';

interface Props {
  person?: User;
  department: number | null;
  departments: Department[];
  onClose: () => void;
}

/** A new employee, or the data of one; who left is switched off, never deleted. */
export function PersonForm({ person, department, departments, onClose }: Props) {
  const client = useQueryClient();
  const me = useMe();
  const told = useRef('');
  const [once, setOnce] = useState('');
  const reload = () => client.invalidateQueries({ queryKey: ['users'] });
  const form = useForm(
    {
      name: person?.name ?? '',
      email: person?.email ?? '',
      role: person?.role ?? ('manager' as Me['role']),
      department: person ? (person.department ?? null) : department,
      position: person?.position ?? '',
      phone: person?.phone ?? '',
      password: '',
    },
    async ({ password, ...values }) => {
      const body = { ...values, department: values.department, ...(password ? { password } : {}) };
      const saved = await (person ? api.patch<User>(`/users/${person.id}`, body) : api.post<User>('/users', body));
      await reload();
      told.current = saved?.password ?? '';
    },
    () => {
      if (told.current) return setOnce(told.current);
      onClose();
      toast({ text: person ? t('Сохранено') : t('Сотрудник добавлен') });
    },
  );
  const { values, put, errors } = form;
  const setActive = async (active: boolean) => {
    try {
      await api.patch(`/users/${person!.id}`, { active });
      await reload();
      onClose();
      toast({
        text: active
          ? t('Доступ открыт: {name}', { name: person!.name })
          : t('Доступ закрыт: {name}', { name: person!.name }),
        undo: () => void api.patch(`/users/${person!.id}`, { active: !active }).then(reload),
      });
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось'), detail: errorText(error) });
    }
  };
  if (once) {
    return (
      <Dialog title={t('Сотрудник добавлен')} onClose={onClose}>
        <p className="t2">{t('Передайте человеку почту и разовый пароль. Больше он не покажется.')}</p>
        <CopyBox label={values.email} text={once} />
        <DialogFoot>
          <Button look="pri" onClick={onClose}>
            {t('Готово')}
          </Button>
        </DialogFoot>
      </Dialog>
    );
  }
  return (
    <Dialog title={person ? person.name : t('Новый сотрудник')} onClose={onClose} size={520}>
      <form className="col g12" onSubmit={form.submit}>
        <div className="pair">
          <FormField label={t('Имя и фамилия')} error={errors.name}>
            <input
              className="input"
              required
              data-autofocus
              value={values.name}
              onChange={(event) => put({ name: event.target.value })}
            />
          </FormField>
          <FormField label={t('Почта')} error={errors.email}>
            <input
              className="input"
              type="email"
              required
              readOnly={!!person && !isAdmin(me)}
              value={values.email}
              onChange={(event) => put({ email: event.target.value })}
            />
          </FormField>
          <RoleField value={values.role} error={errors.role} onChange={(role) => put({ role })} />
          <DepartmentField
            value={values.department ?? null}
            departments={departments}
            error={errors.department}
            onChange={(next) => put({ department: next })}
          />
          <FormField label={t('Должность')} error={errors.position}>
            <input
              className="input"
              value={values.position}
              onChange={(event) => put({ position: event.target.value })}
            />
          </FormField>
          <FormField label={t('Телефон')} error={errors.phone}>
            <input
              className="input"
              type="tel"
              value={values.phone}
              onChange={(event) => put({ phone: event.target.value })}
            />
          </FormField>
        </div>
        <FormField
          label={person ? t('Новый пароль') : t('Пароль')}
          hint={
            person
              ? t('Оставьте пустым, чтобы не менять')
              : t('Оставьте пустым: программа придумает разовый пароль и покажет его')
          }
          error={errors.password}
        >
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            minLength={8}
            value={values.password}
            onChange={(event) => put({ password: event.target.value })}
          />
        </FormField>
        {person && may(me, 'roles') && <PersonRights person={person} />}
        {person && person.id !== me.id && isAdmin(me) && <PersonAccess person={person} />}
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          {person && person.id !== me.id && (
            <Button look={person.active ? 'redline' : ''} onClick={() => void setActive(!person.active)}>
              {person.active ? t('Закрыть доступ') : t('Открыть доступ')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {person ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
