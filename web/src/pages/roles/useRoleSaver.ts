import { useQueryClient } from '@tanstack/react-query';
import { ApiError, api } from '~/api/client.ts';
import { forgetRights, keepRole, type Role, rolesQuery, whole } from '~/entities/role/role.ts';
import { refusalText } from '~/features/rights/refusal.ts';
import { t } from '~/i18n/index.ts';
import { toast } from '~/ui/toasts.ts';

/** What of a role can be changed. */
export type RolePatch = Partial<Pick<Role, 'title' | 'grants' | 'fields' | 'areas' | 'holders'>>;

/**
 * Saves a part of a role at once, with a way back. When somebody else changed it meanwhile, his text is shown and nothing is
 * overwritten. Resolves to whether it was saved.
 */
export function useRoleSaver() {
  const client = useQueryClient();
  const send = async (id: number, patch: RolePatch) => {
    const now = client.getQueryData(rolesQuery.queryKey)?.find((role) => role.id === id);
    const saved = await api.patch<Role>(`/roles/${id}`, { ...patch, version: now?.version });
    keepRole(client, saved);
    forgetRights(client);
    return whole(saved);
  };
  const refused = (error: unknown) => {
    void client.invalidateQueries({ queryKey: ['roles'] });
    if (error instanceof ApiError && error.status === 409)
      toast({
        kind: 'error',
        text: t('Роль уже изменил кто-то другой'),
        detail: t('Показано, как есть сейчас. Проверьте и повторите'),
      });
    else toast({ kind: 'error', text: t('Роль не изменилась'), detail: refusalText(error) });
  };
  // What was changed again since is not thrown away by undoing an older change.
  const undo = (saved: Role, before: RolePatch) => {
    const now = client.getQueryData(rolesQuery.queryKey)?.find((role) => role.id === saved.id);
    const parts = Object.keys(before) as (keyof RolePatch)[];
    if (now && parts.every((part) => JSON.stringify(now[part]) === JSON.stringify(saved[part])))
      void send(saved.id, before).catch(refused);
    else
      toast({
        kind: 'error',
        text: t('Роль с тех пор изменилась'),
        detail: t('Вернуть прежнее можно в истории роли'),
      });
  };
  return async (role: Role, patch: RolePatch, text: string): Promise<boolean> => {
    const before = Object.fromEntries(
      Object.keys(patch).map((key) => [key, role[key as keyof RolePatch]]),
    ) as RolePatch;
    try {
      const saved = await send(role.id, patch);
      toast({ text, undo: () => undo(saved, before) });
      return true;
    } catch (error) {
      refused(error);
      return false;
    }
  };
}
