import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '~/api/client.ts';
import { useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { type MailSettings, mailQuery } from './mail.ts';

/** Whether letters get through: a test letter, and what waits. */
export function TestPanel({ settings }: { settings: MailSettings }) {
  const me = useMe();
  const client = useQueryClient();
  const [to, setTo] = useState(me.email);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [sent, setSent] = useState<string>();
  const { waiting, failed, problem } = settings.queue;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    setSent(undefined);
    try {
      await api.post('/mail-settings/test', { to });
      setSent(to);
    } catch (reason) {
      setError(errorText(reason));
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: mailQuery.queryKey });
    }
  };
  return (
    <section className="panel" aria-label={t('Проверка')}>
      <header>
        <h2 className="panel-title">{t('Проверка')}</h2>
      </header>
      <form className="in form" onSubmit={send}>
        <FormField label={t('Кому отправить проверочное письмо')} error={error}>
          <input className="input" type="email" required value={to} onChange={(event) => setTo(event.target.value)} />
        </FormField>
        <div className="row wrap">
          <Button type="submit" icon="mail" busy={busy} disabled={!settings.host}>
            {t('Отправить письмо')}
          </Button>
          <span role="status" className="ok">
            {sent && t('Сервер принял письмо для {to}', { to: sent })}
          </span>
        </div>
        <p className="t2">
          {t('Ждут отправки: {waiting}. Не ушли за неделю: {failed}', { waiting, failed })}
          {problem && (waiting > 0 || failed > 0) && <span className="f12 t3 mail-problem">{problem}</span>}
        </p>
      </form>
    </section>
  );
}
