import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Session } from '~/api/types.ts';
import { deviceName, sessionsQuery } from '~/entities/account/account.ts';
import { when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** Where somebody is signed in, oneself or, for administrators, another; each can be ended, or all others at once. */
export function SessionList({ user }: { user?: number }) {
  const client = useQueryClient();
  const { data } = useQuery(sessionsQuery(user));
  const path = user ? `/users/${user}/sessions` : '/sessions';
  const end = async (session?: Session) => {
    try {
      await api.delete(session ? `${path}/${session.id}` : path);
      await client.invalidateQueries({ queryKey: sessionsQuery(user).queryKey });
    } catch (error) {
      toast({ kind: 'error', text: t('Не закрылось'), detail: errorText(error) });
    }
  };
  if (data && !data.length) return <p className="in t3 f12">{t('Сейчас человек нигде не вошёл')}</p>;
  const others = data?.filter((session) => !session.current).length ?? 0;
  return (
    <ul className="lines">
      {data?.map((session) => (
        <li key={session.id}>
          <span className="grow">
            <span className="m ell me-name">{deviceName(session)}</span>
            <span className="f12 t3 ell me-name">
              {[session.ip, session.seen_at ? when(Date.parse(session.seen_at)) : ''].filter(Boolean).join(' · ')}
            </span>
          </span>
          {session.current ? (
            <Badge tone="c">{t('это устройство')}</Badge>
          ) : (
            <Button small aria-label={`${t('Выйти там')}: ${deviceName(session)}`} onClick={() => void end(session)}>
              {t('Выйти там')}
            </Button>
          )}
        </li>
      ))}
      {(user ? others > 0 : others > 1) && (
        <li>
          <span className="grow" />
          <Button small look="redline" onClick={() => void end()}>
            {user ? t('Выйти везде') : t('Выйти на всех остальных')}
          </Button>
        </li>
      )}
    </ul>
  );
}
