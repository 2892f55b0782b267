import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { request } from '~/api/client.ts';
import type { Me } from '~/api/types.ts';
import type { Entered } from '~/entities/account/account.ts';
import { Door } from '~/features/login/Door.tsx';
import { entered } from '~/features/login/enter.ts';
import { roleTitle } from '~/features/session/own.ts';
import { setLanguage, t, useLanguage } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { NewPassword } from '~/ui/NewPassword.tsx';
import { useForm } from '~/ui/useForm.ts';

interface Invited {
  company: string;
  email: string;
  role: Me['role'];
  department: string;
  position: string;
  by: string;
  language: 'ru' | 'en';
}

/** Invitations whose language was taken over; then the person chooses. */
const greeted = new Set<string>();

/** Where an invitation leads: the person says who he is, makes up a password, and is in. */
export function InvitePage() {
  const { secret } = useParams({ from: '/invite/$secret' });
  const client = useQueryClient();
  const router = useRouter();
  const language = useLanguage();
  const { data, error } = useQuery({
    queryKey: ['invitation', secret],
    queryFn: () => request<Invited>('POST', '/invitation', { body: { secret }, keepSession: true }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    document.title = `${t('Приглашение')} · Voronka`;
    if (data && !greeted.has(secret)) {
      greeted.add(secret);
      if (data.language !== language) void setLanguage(data.language);
    }
  }, [data, language, secret]);
  const form = useForm(
    { name: '', password: '' },
    async (values) => {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const who = await request<Entered>('POST', '/invitation/acceptance', {
        body: { secret, ...values, language, zone },
        keepSession: true,
      });
      await entered(client, who);
      router.history.replace('/');
    },
    () => {},
  );
  const { values, put, errors } = form;
  if (error) {
    return (
      <Door title={t('Приглашение')}>
        <p role="alert">{errorText(error)}</p>
        <a className="f12" href="/login">
          {t('Ко входу')}
        </a>
      </Door>
    );
  }
  if (!data) return <Door title={t('Приглашение')}>{null}</Door>;
  return (
    <Door title={data.company}>
      <p className="t2">
        {data.by ? t('{by} приглашает вас работать вместе', { by: data.by }) : t('Вас приглашают работать вместе')}
        <br />
        <span className="f12 t3">
          {[data.position || roleTitle(data.role), data.department].filter(Boolean).join(' · ')}
        </span>
      </p>
      <form className="col g14 login-form" onSubmit={form.submit}>
        <FormField label={t('Почта')}>
          <input className="input" type="email" readOnly autoComplete="username" value={data.email} />
        </FormField>
        <FormField label={t('Имя и фамилия')} error={errors.name}>
          <input
            className="input"
            name="name"
            autoComplete="name"
            required
            autoFocus
            value={values.name}
            onChange={(event) => put({ name: event.target.value })}
          />
        </FormField>
        <NewPassword
          label={t('Придумайте пароль')}
          value={values.password}
          email={data.email}
          error={errors.password}
          onChange={(password) => put({ password })}
        />
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <Button look="pri" type="submit" busy={form.busy} className="lg">
          {t('Начать работу')}
        </Button>
      </form>
    </Door>
  );
}
