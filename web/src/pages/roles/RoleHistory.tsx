import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { diffOf } from '~/entities/role/diff.ts';
import { forgetRights, keepRole, type Role, type RoleChange, roleHistoryQuery } from '~/entities/role/role.ts';
import { areaTitle, roleName } from '~/entities/role/titles.ts';
import { FieldWords, GrantWords } from '~/features/rights/LineWords.tsx';
import { moment } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog } from '~/ui/Dialog.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { toast } from '~/ui/toasts.ts';
import { useHolderName } from './HoldersPanel.tsx';

/** What was changed in a role, in words, with a way back to before each change. */
export function RoleHistory({ role, onClose }: { role: Role; onClose: () => void }) {
  const { data, error, refetch } = useQuery(roleHistoryQuery(role.id));
  return (
    <Dialog title={t('История роли «{role}»', { role: roleName(role) })} onClose={onClose} size={680}>
      {error && <ErrorNote title={t('История не загрузилась')} error={error} retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={4} />}
      {data && !data.length && <p className="t2">{t('Роль ещё никто не менял')}</p>}
      <ol className="role-history">
        {data?.map((change) => (
          <ChangeLine key={change.id} role={role} change={change} onDone={onClose} />
        ))}
      </ol>
    </Dialog>
  );
}

function ChangeLine({ role, change, onDone }: { role: Role; change: RoleChange; onDone: () => void }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const holderName = useHolderName();
  const [busy, setBusy] = useState(false);
  const diff = diffOf(change.was, change.is);
  const born = !role.fixed && !change.was?.title && !change.was?.grants?.length;
  const back = async () => {
    setBusy(true);
    try {
      keepRole(client, await api.post<Role>(`/roles/${role.id}/restore`, { change: change.id }));
      forgetRights(client);
      onDone();
      toast({ text: t('Роль снова такая, какой была до этого изменения') });
    } catch (error) {
      setBusy(false);
      toast({ kind: 'error', text: t('Роль не изменилась'), detail: errorText(error) });
    }
  };
  return (
    <li>
      <div className="row">
        <b className="m">{change.by ? nameOf(change.by) : t('Программа')}</b>
        <time className="f12 t3" dateTime={change.at}>
          {moment(Date.parse(change.at))}
        </time>
        <span className="push" />
        {!born && role.fixed !== 'admin' && (
          <Button small icon="undo" busy={busy} onClick={() => void back()}>
            {t('Вернуть как было до этого')}
          </Button>
        )}
      </div>
      <ul className="role-diff">
        {born && <Come>{t('Роль создана')}</Come>}
        {diff.title && !born && (
          <>
            <Gone>{t('название «{title}»', { title: diff.title.was })}</Gone>
            <Come>{t('название «{title}»', { title: diff.title.is })}</Come>
          </>
        )}
        {diff.grants.gone.map((grant, at) => (
          <Gone key={`g${at}`}>
            <GrantWords grant={grant} />
          </Gone>
        ))}
        {diff.grants.come.map((grant, at) => (
          <Come key={`c${at}`}>
            <GrantWords grant={grant} />
          </Come>
        ))}
        {diff.fields.gone.map((rule, at) => (
          <Gone key={`fg${at}`}>
            <FieldWords rule={rule} />
          </Gone>
        ))}
        {diff.fields.come.map((rule, at) => (
          <Come key={`fc${at}`}>
            <FieldWords rule={rule} />
          </Come>
        ))}
        {diff.areas.gone.map((area) => (
          <Gone key={area}>{t('ведёт: {area}', { area: areaTitle(area) })}</Gone>
        ))}
        {diff.areas.come.map((area) => (
          <Come key={area}>{t('ведёт: {area}', { area: areaTitle(area) })}</Come>
        ))}
        {diff.holders.gone.map((holder, at) => (
          <Gone key={`hg${at}`}>{t('роль у: {name}', { name: holderName(holder) })}</Gone>
        ))}
        {diff.holders.come.map((holder, at) => (
          <Come key={`hc${at}`}>{t('роль у: {name}', { name: holderName(holder) })}</Come>
        ))}
      </ul>
    </li>
  );
}

function Gone({ children }: { children: React.ReactNode }) {
  return (
    <li className="gone">
      <Icon name="minus" small />
      <span className="sr">{t('Убрано:')} </span>
      <span>{children}</span>
    </li>
  );
}

function Come({ children }: { children: React.ReactNode }) {
  return (
    <li className="come">
      <Icon name="plus" small />
      <span className="sr">{t('Добавлено:')} </span>
      <span>{children}</span>
    </li>
  );
}
