import { useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Portal } from '~/api/types.ts';
import { meQuery, portalQuery, useMe, usePortal } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** Of whom the portal demands a second step of signing in. */
export function DemandPanel() {
  const client = useQueryClient();
  const portal = usePortal();
  const me = useMe();
  const change = async (second_factor: string) => {
    try {
      const saved = await api.patch<Portal>('/portal', { second_factor });
      client.setQueryData(portalQuery.queryKey, saved);
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      toast({ text: t('Сохранено') });
    } catch (error) {
      toast({ kind: 'error', text: t('Не сохранено'), detail: errorText(error) });
    }
  };
  return (
    <section className="panel" aria-label={t('Защита входа')}>
      <header>
        <h2 className="panel-title">{t('Защита входа')}</h2>
      </header>
      <div className="in row wrap g8">
        <label className="grow" htmlFor="demand">
          {t('Второй шаг входа обязателен')}
        </label>
        <select
          id="demand"
          className="input fit"
          value={portal.second_factor ?? 'nobody'}
          onChange={(event) => void change(event.target.value)}
        >
          <option value="nobody">{t('никому')}</option>
          <option value="admins" disabled={!me.has_second_factor}>
            {t('администраторам')}
          </option>
          <option value="all" disabled={!me.has_second_factor}>
            {t('всем')}
          </option>
        </select>
        {!me.has_second_factor && (
          <p className="hint demand-hint">{t('Сначала включите его у себя: профиль, «Вход и защита»')}</p>
        )}
      </div>
    </section>
  );
}
