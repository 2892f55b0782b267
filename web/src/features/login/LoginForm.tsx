import { type FormEvent, useState } from 'react';
import { ApiError, request } from '~/api/client.ts';
import type { Entered } from '~/entities/account/account.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';

interface Props {
  /** Whose session has ended; without it the address is asked for. */
  email?: string;
  /** Somebody who has taken the first step elsewhere. */
  ticket?: string;
  onEntered: (entered: Entered) => void | Promise<void>;
}

/** The two steps of signing in: address and password, then a code for who has turned that on. */
export function LoginForm({ email: fixed, ticket: begun, onEntered }: Props) {
  const [email, setEmail] = useState(fixed ?? '');
  const [password, setPassword] = useState('');
  const [ticket, setTicket] = useState(begun);
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const entered = ticket
        ? await request<Entered>('POST', '/session/second', { body: { ticket, code }, keepSession: true })
        : await request<Entered>('POST', '/session', { body: { email: email.trim(), password }, keepSession: true });
      if (entered.ticket) {
        setTicket(entered.ticket);
        setBusy(false);
        return;
      }
      await onEntered(entered);
    } catch (reason) {
      const over = reason instanceof ApiError && reason.problem.key === 'session.ticket_over';
      if (over) setTicket(undefined);
      setCode('');
      setError((reason instanceof ApiError && reason.fields.code) || errorText(reason));
      setBusy(false);
    }
  };

  return (
    <form className="col g14 login-form" onSubmit={enter}>
      {ticket ? (
        <FormField
          label={recovery ? t('Код восстановления') : t('Код из приложения')}
          hint={
            recovery
              ? t('Один из десяти, что вы сохранили. Каждый годится один раз')
              : t('Шесть цифр в приложении на вашем телефоне')
          }
        >
          <input
            className={`input ${recovery ? 'mono' : 'otp'}`}
            name="code"
            key={String(recovery)}
            inputMode={recovery ? 'text' : 'numeric'}
            autoComplete="one-time-code"
            autoCapitalize="off"
            spellCheck={false}
            required
            autoFocus
            maxLength={recovery ? 40 : 9}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </FormField>
      ) : (
        <>
          <FormField label={t('Почта')}>
            <input
              className="input"
              type="email"
              name="email"
              autoComplete="username"
              required
              autoFocus={!fixed}
              readOnly={!!fixed}
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
              autoFocus={!!fixed}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </FormField>
        </>
      )}
      {error && (
        <div className="hint danger" role="alert">
          {error}
        </div>
      )}
      <Button look="pri" type="submit" busy={busy} className="lg">
        {ticket ? t('Подтвердить') : t('Войти')}
      </Button>
      {ticket && (
        <div className="row wrap g8">
          <button type="button" className="linkish f12" onClick={() => setRecovery(!recovery)}>
            {recovery ? t('Ввести код из приложения') : t('Нет телефона? Код восстановления')}
          </button>
          <span className="push" />
          {!begun && (
            <button
              type="button"
              className="linkish f12"
              onClick={() => {
                setTicket(undefined);
                setCode('');
                setError(null);
              }}
            >
              {t('Назад')}
            </button>
          )}
        </div>
      )}
    </form>
  );
}
