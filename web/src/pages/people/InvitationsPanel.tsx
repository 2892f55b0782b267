import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Department } from '~/api/types.ts';
import { type Invitation, invitationsQuery } from '~/entities/account/account.ts';
import { roleTitle } from '~/features/session/own.ts';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import { InviteLinks } from './InviteLinks.tsx';

/** Who was invited and hasn't come yet. */
export function InvitationsPanel({ departments }: { departments: Department[] }) {
  const client = useQueryClient();
  const { data } = useQuery(invitationsQuery);
  const [made, setMade] = useState<Invitation>();
  if (!data?.length && !made) return null;
  const titleOf = new Map(departments.map((each) => [each.id, each.title]));
  const act = async (run: () => Promise<unknown>) => {
    try {
      await run();
      await client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    } catch (error) {
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(error) });
    }
  };
  return (
    <section className="panel" aria-label={t('Приглашения')}>
      <header>
        <h2 className="panel-title">{t('Приглашения')}</h2>
        <span className="t3 num people-n">{data?.length}</span>
      </header>
      <ul className="lines">
        {data?.map((each) => {
          const over = Date.parse(each.expires_at) < Date.now();
          return (
            <li key={each.id} className="wrap">
              <span className="grow">
                <span className="m ell me-name">{each.email}</span>
                <span className="f12 t3 ell me-name">
                  {[
                    roleTitle(each.role),
                    each.department ? titleOf.get(each.department) : '',
                    over ? '' : t('ссылка до {day}', { day: day(Date.parse(each.expires_at)) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              {over && <Badge>{t('ссылка устарела')}</Badge>}
              <span className="row g6">
                <Button
                  small
                  aria-label={t('Новая ссылка для {email}', { email: each.email })}
                  onClick={() => void act(() => api.post<Invitation>(`/invitations/${each.id}/link`).then(setMade))}
                >
                  {t('Новая ссылка')}
                </Button>
                <Button
                  small
                  look="redline"
                  aria-label={t('Отозвать приглашение {email}', { email: each.email })}
                  onClick={() => void act(() => api.delete(`/invitations/${each.id}`))}
                >
                  {t('Отозвать')}
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
      {made && <InviteLinks made={[made]} onClose={() => setMade(undefined)} />}
    </section>
  );
}
