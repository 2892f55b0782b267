import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { request } from '~/api/client.ts';
import { startLive } from '~/api/live.ts';
import { rememberSession } from '~/entities/session/session.ts';
import { setLanguage, t, useLanguage } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Logo } from '~/ui/Logo.tsx';

/** Where to go after signing in: only a page of this portal, whatever a link to the door says. */
export function inside(back: string | undefined): string {
  return back && /^\/(?![/\\])/.test(back) ? back : '/';
}

/** The door. */
export function LoginPage() {
  const { back } = useSearch({ from: '/login' });
  const client = useQueryClient();
  const router = useRouter();
  const language = useLanguage();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t('Вход')} · Voronka`;
  }, []);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await request('POST', '/session', { body: { email: email.trim(), password }, keepSession: true });
      client.clear();
      rememberSession(true);
      startLive();
      router.history.push(inside(back));
    } catch (reason) {
      setError(errorText(reason));
      setBusy(false);
    }
  };

  return (
    <main className="door">
      <form className="door-box" onSubmit={enter}>
        <div className="portal door-logo">
          <Logo />
          Voronka
        </div>
        <h1 className="f20">{t('Вход')}</h1>
        <FormField label={t('Почта')}>
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
        <FormField label={t('Пароль')}>
          <input
            className="input"
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </FormField>
        {error && (
          <div className="hint danger" role="alert">
            {error}
          </div>
        )}
        <Button look="pri" type="submit" busy={busy} className="lg">
          {t('Войти')}
        </Button>
        <p className="f12 t3">{t('Забыли пароль? Новый даст администратор портала')}</p>
        <div className="seg door-lang" role="group" aria-label={t('Язык')}>
          {(['ru', 'en'] as const).map((code) => (
            <button
              key={code}
              type="button"
              lang={code}
              className={code === language ? 'on' : ''}
              aria-pressed={code === language}
              onClick={() => void setLanguage(code)}
            >
              {code === 'ru' ? 'Русский' : 'English'}
            </button>
          ))}
        </div>
      </form>
    </main>
  );
}
