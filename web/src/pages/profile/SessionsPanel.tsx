import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Page, Session } from '~/api/types.ts';
import { when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** Browser and system of a session in two words. */
export function deviceOf(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /YaBrowser/.test(agent)
      ? 'Yandex'
      : /Firefox\//.test(agent)
        ? 'Firefox'
        : /Chrome\//.test(agent)
          ? 'Chrome'
          : /Safari/.test(agent)
            ? 'Safari'
            : '';
  const system = /iPhone|iPad/.test(agent)
    ? 'iOS'
    : /Android/.test(agent)
      ? 'Android'
      : /Windows/.test(agent)
        ? 'Windows'
        : /Mac OS/.test(agent)
          ? 'macOS'
          : /Linux/.test(agent)
            ? 'Linux'
            : '';
  return [browser, system].filter(Boolean).join(', ') || agent || t('Устройство');
}

/** Where the person is signed in; each can be ended. */
export function SessionsPanel() {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => api.get<Page<Session>>('/sessions', undefined, signal).then((page) => page.items),
  });
  const end = async (session: Session) => {
    try {
      await api.delete(`/sessions/${session.id}`);
      await client.invalidateQueries({ queryKey: ['sessions'] });
    } catch (error) {
      toast({ kind: 'error', text: t('Не закрылось'), detail: errorText(error) });
    }
  };
  return (
    <section className="panel" aria-label={t('Где вы вошли')}>
      <header>
        <h2 className="panel-title">{t('Где вы вошли')}</h2>
      </header>
      <ul className="lines">
        {data?.map((session) => (
          <li key={session.id}>
            <span className="grow">
              <span className="m ell me-name">{deviceOf(session.agent ?? session.device ?? '')}</span>
              <span className="f12 t3 ell me-name">
                {[session.ip, session.seen_at ? when(Date.parse(session.seen_at)) : ''].filter(Boolean).join(' · ')}
              </span>
            </span>
            {session.current ? (
              <Badge tone="c">{t('это устройство')}</Badge>
            ) : (
              <Button small onClick={() => void end(session)}>
                {t('Выйти там')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
