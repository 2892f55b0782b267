import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, request } from '~/api/client.ts';
import { stopLive } from '~/api/live.ts';
import type { Me } from '~/api/types.ts';
import { meQuery, rememberSession } from '~/entities/session/session.ts';
import { setZone } from '~/i18n/format.ts';
import { setLanguage, t } from '~/i18n/index.ts';
import { setLook } from '~/ui/look.ts';

/** The role in words. */
export function roleTitle(role: Me['role']): string {
  return (
    {
      admin: t('Администратор'),
      head: t('Руководитель'),
      manager: t('Менеджер'),
      employee: t('Сотрудник'),
      guest: t('Гость'),
    }[role] ?? role
  );
}

/** Changes the person's own settings at once here and then on the server. */
export function useOwnSettings() {
  const client = useQueryClient();
  return (settings: Partial<Pick<Me, 'language' | 'theme' | 'density' | 'zone' | 'name'>>) => {
    client.setQueryData(meQuery.queryKey, (old: Me | undefined) => old && { ...old, ...settings });
    setLook({ theme: settings.theme || undefined, density: settings.density || undefined });
    if (settings.zone) setZone(settings.zone);
    if (settings.language) void setLanguage(settings.language);
    return api.patch<Me>('/me', settings);
  };
}

/** Ends the session. */
export function useLogout() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await request('DELETE', '/session', { keepSession: true }).catch(() => {});
    rememberSession(false);
    stopLive();
    client.clear();
    void navigate({ to: '/login' });
  };
}
