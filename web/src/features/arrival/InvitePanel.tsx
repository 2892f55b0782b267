import { useEffect, useState } from 'react';
import { onLive } from '~/api/live.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { PhoneInvite } from './PhoneInvite.tsx';

const KEY = 'voronka.invite';

/** Has the code shown beside the board until the first request has come. */
export function inviteLater(): void {
  sessionStorage.setItem(KEY, '1');
}

/** The QR code beside the open board after the first run. */
export function InvitePanel() {
  const [open, setOpen] = useState(() => sessionStorage.getItem(KEY) === '1');
  const [came, setCame] = useState(false);
  useEffect(
    () =>
      onLive((event) => {
        if (event.kind === 'record' && event.event === 'created' && !event.actor) setCame(true);
      }),
    [],
  );
  if (!open) return null;
  const close = () => {
    sessionStorage.removeItem(KEY);
    setOpen(false);
  };
  return (
    <section className="invite only-d" aria-label={t('Первое обращение')}>
      <header className="row g8">
        <b className="f14">{came ? t('Вот и первое обращение') : t('Заполните форму с телефона')}</b>
        <span className="push" />
        <Button look="ghost" small icon="x" aria-label={t('Закрыть')} onClick={close} />
      </header>
      <p className="t2">
        {came ? t('Карточка упала на доску.') : t('Карточка упадёт на доску сама, обновлять страницу не нужно.')}
      </p>
      <PhoneInvite />
    </section>
  );
}
