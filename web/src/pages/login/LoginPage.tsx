import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { request } from '~/api/client.ts';
import { setupQuery } from '~/entities/session/session.ts';
import { Door } from '~/features/login/Door.tsx';
import { entered } from '~/features/login/enter.ts';
import { LoginForm } from '~/features/login/LoginForm.tsx';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { OidcEntrance } from './OidcEntrance.tsx';

/** Where to go after signing in: only a page of this portal, whatever a link to the door says. */
export function inside(back: string | undefined): string {
  return back && /^\/(?![/\\])/.test(back) ? back : '/';
}

/** The door. */
export function LoginPage() {
  const { back, oidc } = useSearch({ from: '/login' });
  const client = useQueryClient();
  const router = useRouter();
  const { data: setup } = useQuery(setupQuery);
  const [forgot, setForgot] = useState(false);
  useEffect(() => {
    document.title = `${t('Вход')} · Voronka`;
  }, []);
  if (forgot) return <Forgot onBack={() => setForgot(false)} />;
  return (
    <Door title={t('Вход')}>
      <LoginForm
        onEntered={async (who) => {
          await entered(client, who);
          router.history.push(inside(back));
        }}
      />
      <OidcEntrance word={oidc} back={inside(back)} />
      {setup?.recovery ? (
        <button type="button" className="linkish f12" onClick={() => setForgot(true)}>
          {t('Забыли пароль?')}
        </button>
      ) : (
        <p className="f12 t3">{t('Забыли пароль? Новый даст администратор портала')}</p>
      )}
    </Door>
  );
}

/** Asks for a letter with a link to a new password. The answer is the same for every address. */
function Forgot({ onBack }: { onBack: () => void }) {
  const [email, setEmail] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await request('POST', '/password-links', { body: { email: email.trim() }, keepSession: true });
      setSent(true);
    } catch (reason) {
      setError(errorText(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Door title={t('Новый пароль')}>
      {sent ? (
        <p role="status">
          {t('Если {email} есть в портале, письмо со ссылкой уже в пути. Ссылка действует час', {
            email: email.trim(),
          })}
        </p>
      ) : (
        <form className="col g14 login-form" onSubmit={send}>
          <FormField label={t('Почта')} hint={t('Пришлём ссылку, по которой можно придумать новый пароль')}>
            <input
              className="input"
              type="email"
              name="email"
              autoComplete="username"
              required
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </FormField>
          {error && (
            <div className="hint danger" role="alert">
              {error}
            </div>
          )}
          <Button look="pri" type="submit" busy={busy} className="lg">
            {t('Прислать ссылку')}
          </Button>
        </form>
      )}
      <button type="button" className="linkish f12" onClick={onBack}>
        {t('Вернуться ко входу')}
      </button>
    </Door>
  );
}
