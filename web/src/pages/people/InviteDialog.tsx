import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api } from '~/api/client.ts';
import type { Department, Me, Page } from '~/api/types.ts';
import { type Invitation, invitationsQuery } from '~/entities/account/account.ts';
import { rolesQuery } from '~/entities/role/role.ts';
import { roleName } from '~/entities/role/titles.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { useForm } from '~/ui/useForm.ts';
import { InviteLinks } from './InviteLinks.tsx';
import { DepartmentField, RoleField } from './PlaceFields.tsx';

/** Invites people by their addresses, one or many, with one role and department. */
export function InviteDialog({
  department,
  departments,
  onClose,
}: {
  department: number | null;
  departments: Department[];
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [made, setMade] = useState<Invitation[]>();
  const form = useForm(
    { emails: '', role: 'manager' as Me['role'], department, days: 7, roles: [] as number[] },
    async ({ emails, ...values }) => {
      const list = emails.split(/[\s,;]+/).filter(Boolean);
      try {
        const page = await api.post<Page<Invitation>>('/invitations', { ...values, emails: list });
        setMade(page.items);
        await client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
      } catch (error) {
        throw named(error, list);
      }
    },
    () => {},
  );
  const { values, put, errors } = form;
  const { data: roles } = useQuery({ ...rolesQuery, enabled: may(useMe(), 'roles') });
  const own = roles?.filter((role) => !role.fixed) ?? [];
  if (made) return <InviteLinks made={made} onClose={onClose} />;
  return (
    <Dialog title={t('Пригласить людей')} onClose={onClose} size={520}>
      <form className="col g12" onSubmit={form.submit}>
        <FormField
          label={t('Почта, один адрес или несколько')}
          hint={t('Через запятую или с новой строки. Имя и пароль каждый придумает сам')}
          error={errors.emails}
        >
          <textarea
            className="input"
            rows={3}
            required
            data-autofocus
            value={values.emails}
            onChange={(event) => put({ emails: event.target.value })}
          />
        </FormField>
        <div className="pair">
          <RoleField value={values.role} error={errors.role} onChange={(role) => put({ role })} />
          <DepartmentField
            value={values.department ?? null}
            departments={departments}
            error={errors.department}
            onChange={(next) => put({ department: next })}
          />
          <FormField label={t('Ссылка действует')} error={errors.days}>
            <select
              className="input"
              value={values.days}
              onChange={(event) => put({ days: Number(event.target.value) })}
            >
              {[1, 3, 7, 30].map((days) => (
                <option key={days} value={days}>
                  {t('{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}', { n: days })}
                </option>
              ))}
            </select>
          </FormField>
        </div>
        {own.length > 0 && (
          <FormField label={t('Другие роли')} error={errors.roles}>
            <div className="row g6 wrap">
              {own.map((role) => {
                const on = values.roles.includes(role.id);
                return (
                  <button
                    key={role.id}
                    type="button"
                    className={`chip ${on ? 'on' : ''}`}
                    aria-pressed={on}
                    onClick={() =>
                      put({ roles: on ? values.roles.filter((id) => id !== role.id) : [...values.roles, role.id] })
                    }
                  >
                    {roleName(role)}
                  </button>
                );
              })}
            </div>
          </FormField>
        )}
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {t('Пригласить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Complaints about single addresses, put to the field all of them are in. */
function named(error: unknown, list: string[]): unknown {
  if (!(error instanceof ApiError)) return error;
  const about = Object.entries(error.fields)
    .filter(([path]) => path.startsWith('emails/'))
    .map(([path, text]) => `${list[Number(path.slice(7))]}: ${text}`);
  if (!about.length) return error;
  return new ApiError({ ...error.problem, errors: [{ path: 'emails', detail: about.join('. ') }] });
}
