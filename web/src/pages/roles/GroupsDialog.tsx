import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '~/api/client.ts';
import { useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { forgetRights, type Group, groupsQuery } from '~/entities/role/role.ts';
import { refusalText } from '~/features/rights/refusal.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { toast } from '~/ui/toasts.ts';

/** Groups of people that roles can be given to. */
export function GroupsDialog({ onClose }: { onClose: () => void }) {
  const { data: groups } = useQuery(groupsQuery);
  const [editing, setEditing] = useState<Group | 'new' | null>(null);
  const nameOf = useNames();
  if (editing)
    return (
      <GroupForm group={editing === 'new' ? undefined : editing} onClose={onClose} onBack={() => setEditing(null)} />
    );
  return (
    <Dialog title={t('Группы')} onClose={onClose} size={520}>
      <div className="col g12">
        {groups && !groups.length && (
          <EmptyState
            icon="users"
            title={t('Групп ещё нет')}
            why={t('Группа собирает людей из разных отделов, чтобы дать роль сразу всем')}
          />
        )}
        {!!groups?.length && (
          <ul className="lines rights-lines">
            {groups.map((group) => (
              <li key={group.id}>
                <button type="button" className="pick" onClick={() => setEditing(group)}>
                  <Icon name="users" small />
                  <span className="grow">
                    <span className="m ell me-name">{group.title}</span>
                    <span className="f12 t3 ell me-name">
                      {group.members.map(nameOf).join(', ') || t('пока никого')}
                    </span>
                  </span>
                  <span className="t3 num">{group.members.length}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <DialogFoot>
          <Button look="pri" icon="plus" onClick={() => setEditing('new')}>
            {t('Группа')}
          </Button>
        </DialogFoot>
      </div>
    </Dialog>
  );
}

function GroupForm({ group, onClose, onBack }: { group?: Group; onClose: () => void; onBack: () => void }) {
  const client = useQueryClient();
  const users = useUsers();
  const nameOf = useNames();
  const [title, setTitle] = useState(group?.title ?? '');
  const [members, setMembers] = useState<number[]>(group?.members ?? []);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async (act: () => Promise<unknown>, text: string) => {
    setBusy(true);
    setError('');
    try {
      await act();
      forgetRights(client);
      onBack();
      toast({ text });
    } catch (refusal) {
      setError(refusalText(refusal));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { title, members };
    void run(
      () => (group ? api.patch(`/groups/${group.id}`, body) : api.post('/groups', body)),
      group ? t('Сохранено') : t('Группа добавлена'),
    );
  };
  return (
    <Dialog title={group ? group.title : t('Новая группа')} onClose={onClose} size={520}>
      <form className="col g12" onSubmit={submit}>
        <FormField label={t('Название')} error={error || undefined}>
          <input
            className="input"
            required
            maxLength={120}
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </FormField>
        <div>
          <span className="label">{t('Кто в группе')}</span>
          <div className="row g6 wrap">
            {members.map((id) => (
              <span key={id} className="chip">
                <Avatar id={id} name={nameOf(id)} silent />
                {nameOf(id)}
                <button
                  type="button"
                  aria-label={t('Убрать: {title}', { title: nameOf(id) })}
                  onClick={() => setMembers(members.filter((each) => each !== id))}
                >
                  <Icon name="x" small />
                </button>
              </span>
            ))}
            <div className="holder-add">
              <Picker
                label={t('Добавить в группу')}
                placeholder={t('добавить человека')}
                options={users
                  .filter((user) => user.active && !members.includes(user.id))
                  .map((user) => ({
                    value: String(user.id),
                    title: user.name,
                    hint: user.position,
                    sign: <Avatar id={user.id} name={user.name} silent />,
                  }))}
                value={null}
                onPick={(picked) => picked && setMembers([...members, Number(picked)])}
              />
            </div>
          </div>
        </div>
        <DialogFoot>
          {group && (
            <Button
              look="redline"
              disabled={busy}
              onClick={() => void run(() => api.delete(`/groups/${group.id}`), t('Группа распущена'))}
            >
              {t('Распустить')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onBack}>{t('Назад')}</Button>
          <Button look="pri" type="submit" busy={busy}>
            {group ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
