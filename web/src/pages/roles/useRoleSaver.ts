import { useQueryClient } from '@tanstack/react-query';
import { ApiError, api } from '~/api/client.ts';
import { forgetRights, keepRole, type Role, rolesQuery } from '~/entities/role/role.ts';
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
  return async (role: Role, patch: RolePatch, text: string): Promise<boolean> => {
    const before = Object.fromEntries(
      Object.keys(patch).map((key) => [key, role[key as keyof RolePatch]]),
    ) as RolePatch;
    try {
      await send(role.id, patch);
    } catch (error) {
      refused(error);
      return false;
    }
    toast({ text, undo: () => void send(role.id, before).catch(refused) });
    return true;
  };
}
