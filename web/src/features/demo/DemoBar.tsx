import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import { Coach } from './Coach.tsx';
import { type As, beAnna, demoQuery, lookAs, plays } from './demo.ts';
import './demo.css';

/** The bar of a demo portal: whose eyes one looks with, and the game. A company's own portal never loads it. */
export function DemoBar() {
  const me = useMe();
  const { data } = useQuery(demoQuery);
  const [busy, setBusy] = useState('');
  const act = async (what: string, run: () => Promise<void>) => {
    setBusy(what);
    try {
      await run();
    } catch (error) {
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(error) });
      setBusy('');
    }
  };
  const names: Record<As, string> = { owner: t('владелец'), head: t('руководитель'), manager: t('менеджер') };
  return (
    <>
      <section className="demobar" aria-label={t('Пример')}>
        <span className="demobar-what">{t('Выдуманная компания. Смотреть как')}</span>
        {data?.personas.map((one) => (
          <button
            key={one.as}
            type="button"
            className="demobar-as"
            aria-pressed={one.user === me.id}
            title={one.position ? `${one.name}, ${one.position}` : one.name}
            disabled={!!busy}
            onClick={() => one.user !== me.id && act(one.as, () => lookAs(one.as))}
          >
            {names[one.as]}
          </button>
        ))}
        {!!data?.anna.seconds && (
          <Button
            look="pri"
            small
            icon="hour"
            className="push"
            busy={busy === 'anna'}
            disabled={!!busy}
            onClick={() => act('anna', beAnna)}
          >
            {t('Будь Анной')}
          </Button>
        )}
      </section>
      {data && plays(data, me.id) && <Coach game={data.anna} busy={busy} act={act} />}
    </>
  );
}
