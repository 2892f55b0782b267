import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { User } from '~/api/types.ts';
import { sessionsQuery } from '~/entities/account/account.ts';
import { SessionList } from '~/features/session/SessionList.tsx';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** How somebody signs in, for administrators: the second step, which can be reset, and his devices. */
export function PersonAccess({ person }: { person: User }) {
  const client = useQueryClient();
  const [on, setOn] = useState(!!person.second_factor);
  const [sure, setSure] = useState(false);
  const [open, setOpen] = useState(false);
  const reset = async () => {
    try {
      await api.delete(`/users/${person.id}/second-factor`);
      setOn(false);
      setSure(false);
      await client.invalidateQueries({ queryKey: ['users'] });
      await client.invalidateQueries({ queryKey: sessionsQuery(person.id).queryKey });
      toast({ text: t('Второй шаг сброшен, человек войдёт по паролю') });
    } catch (error) {
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(error) });
    }
  };
  return (
    <details className="access-box" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('Вход и устройства')}</summary>
      <div className="in row wrap g8">
        <span className="grow">{on ? t('Второй шаг входа включён') : t('Второй шаг входа выключен')}</span>
        {on &&
          (sure ? (
            <Button small look="redline" onClick={() => void reset()}>
              {t('Да, сбросить и вывести со всех устройств')}
            </Button>
          ) : (
            <Button small onClick={() => setSure(true)}>
              {t('Телефон потерян: сбросить')}
            </Button>
          ))}
      </div>
      {open && <SessionList user={person.id} />}
    </details>
  );
}
