import { useState } from 'react';
import type { Me } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import { stopLooking } from './lookAs.ts';
import './rights.css';

/** Over the whole page: whose eyes one looks with, that nothing can be changed, and the way back. */
export function LookAsBar({ me }: { me: Me }) {
  const [busy, setBusy] = useState(false);
  const stop = async () => {
    setBusy(true);
    try {
      await stopLooking();
    } catch (error) {
      setBusy(false);
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(error) });
    }
  };
  return (
    <section className="lookas" aria-label={t('Чужими глазами')}>
      <Avatar id={me.id} name={me.name} silent />
      <span className="lookas-what">
        <b className="m">{t('Вы смотрите как {name}', { name: me.name })}</b>
        <span className="only-d">{t('только чтение, просмотр записан в журнал')}</span>
        <span className="only-m">{t('только чтение')}</span>
      </span>
      <Button small className="push" icon="x" busy={busy} onClick={() => void stop()}>
        {t('Закончить')}
      </Button>
    </section>
  );
}
