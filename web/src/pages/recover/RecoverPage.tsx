import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { request } from '~/api/client.ts';
import type { Entered } from '~/entities/account/account.ts';
import { Door } from '~/features/login/Door.tsx';
import { entered } from '~/features/login/enter.ts';
import { LoginForm } from '~/features/login/LoginForm.tsx';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { NewPassword } from '~/ui/NewPassword.tsx';
import { useForm } from '~/ui/useForm.ts';

/** Where a letter to who forgot his password leads. */
export function RecoverPage() {
  const { secret } = useParams({ from: '/recover/$secret' });
  const client = useQueryClient();
  const router = useRouter();
  const [ticket, setTicket] = useState<string>();
  const { data, error } = useQuery({
    queryKey: ['password-link', secret],
    queryFn: () =>
      request<{ name: string; email: string }>('POST', '/password-link', { body: { secret }, keepSession: true }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    document.title = `${t('Новый пароль')} · Voronka`;
  }, []);
  const go = async (who: Entered) => {
    await entered(client, who);
    router.history.replace('/');
  };
  const form = useForm(
    { password: '' },
    async ({ password }) => {
      const who = await request<Entered>('POST', '/password-link/password', {
        body: { secret, password },
        keepSession: true,
      });
      if (who.ticket) setTicket(who.ticket);
      else await go(who);
    },
    () => {},
  );
  if (ticket) {
    return (
      <Door title={t('Второй шаг входа')}>
        <p className="t2">{t('Новый пароль сохранён. Осталось подтвердить, что это вы')}</p>
        <LoginForm ticket={ticket} onEntered={go} />
      </Door>
    );
  }
  if (error) {
    return (
      <Door title={t('Новый пароль')}>
        <p role="alert">{errorText(error)}</p>
        <a className="f12" href="/login">
          {t('Ко входу')}
        </a>
      </Door>
    );
  }
  if (!data) return <Door title={t('Новый пароль')}>{null}</Door>;
  return (
    <Door title={t('Новый пароль')}>
      <p className="t2">{data.name}</p>
      <form className="col g14 login-form" onSubmit={form.submit}>
        <input type="text" hidden readOnly autoComplete="username" value={data.email} />
        <NewPassword
          value={form.values.password}
          email={data.email}
          error={form.errors.password}
          autoFocus
          onChange={(password) => form.put({ password })}
        />
        {form.errors[''] && (
          <div className="hint danger" role="alert">
            {form.errors['']}
          </div>
        )}
        <p className="f12 t3">{t('На других устройствах придётся войти заново')}</p>
        <Button look="pri" type="submit" busy={form.busy} className="lg">
          {t('Сохранить и войти')}
        </Button>
      </form>
    </Door>
  );
}
