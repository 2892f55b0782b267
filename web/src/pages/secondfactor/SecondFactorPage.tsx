import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Door } from '~/features/login/Door.tsx';
import { FactorSetup } from '~/features/login/FactorSetup.tsx';
import { useLogout } from '~/features/session/own.ts';
import { t } from '~/i18n/index.ts';

/** The only page for who still has to set up the second step of signing in. */
export function SecondFactorPage() {
  const client = useQueryClient();
  const router = useRouter();
  const logout = useLogout();
  useEffect(() => {
    document.title = `${t('Второй шаг входа')} · Voronka`;
  }, []);
  return (
    <div className="door-wide">
      <Door title={t('Второй шаг входа')}>
        <p className="t2">
          {t('Портал просит защитить вход кодом с телефона. Настройте его один раз, и можно работать')}
        </p>
        <FactorSetup
          onDone={() => {
            client.clear();
            router.history.replace('/');
          }}
        />
        <button type="button" className="linkish f12" onClick={() => void logout()}>
          {t('Выйти')}
        </button>
      </Door>
    </div>
  );
}
