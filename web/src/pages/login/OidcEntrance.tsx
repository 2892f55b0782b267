import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '~/api/client.ts';
import { startLive } from '~/api/live.ts';
import { rememberSession } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';

/** Why the provider's word wasn't enough. */
const refusals = (): Record<string, string> => ({
  off: t('Вход через провайдера выключен'),
  state: t('Вход начат в другом окне или слишком давно. Начните ещё раз'),
  cancelled: t('Провайдер не подтвердил вход. Если вы его не отменяли, спросите администратора'),
  answer: t('Ответ провайдера не прошёл проверку. Начните ещё раз; если не поможет, спросите администратора'),
  unreachable: t('Провайдер не отвечает. Попробуйте позже или войдите по паролю'),
  no_email: t('Провайдер не сообщил вашу почту. Спросите администратора'),
  email_unverified: t('Ваша почта у провайдера не подтверждена. Подтвердите её там и войдите ещё раз'),
  unknown: t('Учётной записи с вашей почтой здесь нет. Попросите администратора её завести'),
  left: t('Ваша учётная запись отключена. Спросите администратора'),
  other_identity: t('Эта почта здесь закреплена за другим человеком у провайдера. Спросите администратора'),
});

/** The provider's part of the door: the button, the end of a way there, and the words when it led nowhere. */
export function OidcEntrance({ word, back }: { word?: string; back: string }) {
  const client = useQueryClient();
  const router = useRouter();
  const { data: door } = useQuery({
    queryKey: ['oidc'],
    queryFn: ({ signal }) => api.get<{ active: boolean; title: string }>('/oidc', undefined, signal),
    retry: false,
  });
  useEffect(() => {
    if (word !== 'in') return;
    client.clear();
    rememberSession(true);
    startLive();
    router.history.replace(back);
  }, [word, back, client, router]);
  return (
    <>
      {word && word !== 'in' && (
        <div className="hint danger" role="alert">
          {refusals()[word] ?? refusals().unreachable}
        </div>
      )}
      {door?.active && (
        <a className="btn lg" href={`/api/oidc/start?back=${encodeURIComponent(back)}`}>
          {door.title || t('Войти через компанию')}
        </a>
      )}
    </>
  );
}
