import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api } from '~/api/client.ts';
import { forgetRights, keepRole, type Role } from '~/entities/role/role.ts';
import { roleName } from '~/entities/role/titles.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { useForm } from '~/ui/useForm.ts';

/** A new role: a title, and whether it begins with another's lines. */
export function NewRole({
  roles,
  onClose,
  onMade,
}: {
  roles: Role[];
  onClose: () => void;
  onMade: (id: number) => void;
}) {
  const client = useQueryClient();
  const made = useRef(0);
  const { values, put, errors, busy, submit } = useForm(
    { title: '', copy_of: 0 },
    async ({ title, copy_of }) => {
      const role = await api.post<Role>('/roles', { title, ...(copy_of ? { copy_of } : {}) });
      keepRole(client, role);
      forgetRights(client);
      made.current = role.id;
    },
    () => {
      onClose();
      onMade(made.current);
    },
  );
  return (
    <Dialog title={t('Новая роль')} onClose={onClose}>
      <form className="col g12" onSubmit={submit}>
        <FormField
          label={t('Название')}
          error={errors.title}
          hint={t('Как называют эту работу: «Сметчик», «Бухгалтер»')}
        >
          <input
            className="input"
            required
            maxLength={120}
            data-autofocus
            value={values.title}
            onChange={(event) => put({ title: event.target.value })}
          />
        </FormField>
        <FormField label={t('Начать со строк роли')} error={errors.copy_of}>
          <select
            className="input"
            value={values.copy_of}
            onChange={(event) => put({ copy_of: Number(event.target.value) })}
          >
            <option value={0}>{t('с чистого листа')}</option>
            {roles
              .filter((role) => role.fixed !== 'admin')
              .map((role) => (
                <option key={role.id} value={role.id}>
                  {roleName(role)}
                </option>
              ))}
          </select>
        </FormField>
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={busy}>
            {t('Добавить роль')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
