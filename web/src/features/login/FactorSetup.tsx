import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiError, api } from '~/api/client.ts';
import { secondFactorQuery } from '~/entities/account/account.ts';
import { meQuery } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';
import './login.css';

interface Setup {
  secret: string;
  address: string;
  picture: string;
}

/** Setting the second step up: scan, confirm with a code, keep the recovery codes. */
export function FactorSetup({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  const [setup, setSetup] = useState<Setup>();
  const [failed, setFailed] = useState<unknown>();
  const [code, setCode] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [codes, setCodes] = useState<string[]>();
  const begun = useRef(false);
  const begin = () =>
    api
      .post<Setup>('/me/second-factor')
      .then(setSetup)
      .catch((reason) => setFailed(reason));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a secret is made once
  useEffect(() => {
    if (!begun.current) void begin();
    begun.current = true;
  }, []);
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const made = await api.post<{ codes: string[] }>('/me/second-factor/confirmation', { code });
      setCodes(made.codes);
      void client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
    } catch (reason) {
      setCode('');
      setError((reason instanceof ApiError && reason.fields.code) || errorText(reason));
    } finally {
      setBusy(false);
    }
  };
  if (failed) return <ErrorNote title={t('Настройка не началась')} error={failed} />;
  if (codes) {
    return (
      <RecoveryCodes
        codes={codes}
        onDone={() => void client.invalidateQueries({ queryKey: meQuery.queryKey }).then(onDone)}
      />
    );
  }
  if (!setup) return null;
  return (
    <form className="col g14" onSubmit={confirm}>
      <div className="factor-set">
        <div
          className="qr"
          role="img"
          aria-label={t('QR-код для приложения')}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: drawn by our own server
          dangerouslySetInnerHTML={{ __html: setup.picture }}
        />
        <ol>
          <li>
            {t('Поставьте на телефон приложение для одноразовых кодов: Яндекс Ключ, Google Authenticator, Aegis')}
          </li>
          <li>{t('Отсканируйте в нём этот код. Нет камеры? Впишите ключ')}</li>
          <li>{t('Введите шесть цифр, которые покажет приложение')}</li>
        </ol>
      </div>
      <CopyBox label={t('Ключ для приложения')} text={setup.secret.replace(/(.{4})(?=.)/g, '$1 ')} />
      <FormField label={t('Код из приложения')} error={error}>
        <input
          className="input otp"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={9}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </FormField>
      <div className="row">
        <Button look="pri" type="submit" busy={busy}>
          {t('Включить')}
        </Button>
      </div>
    </form>
  );
}
