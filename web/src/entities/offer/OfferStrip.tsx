import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Offer } from '~/api/types.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { isHead, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Countdown } from '~/ui/Countdown.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { takeOffer } from './offer.ts';

/** Whose turn it is and how long; the one it is offered to takes it here. */
export function OfferStrip({ offer }: { offer: Offer }) {
  const me = useMe();
  const client = useQueryClient();
  const nameOf = useNames();
  const [busy, setBusy] = useState(false);
  const mine = offer.user === me.id;
  const take = mine && (
    <Button
      look="pri"
      small
      className="push above"
      busy={busy}
      onClick={async (event) => {
        event.preventDefault();
        setBusy(true);
        await takeOffer(client, offer);
        setBusy(false);
      }}
    >
      {t('Взять')}
    </Button>
  );
  if (!offer.due_at) {
    return (
      <div className="offer">
        <Icon name="hour" small />
        <span className="ell">
          {offer.user ? t('Ждёт: {name}', { name: nameOf(offer.user) }) : t('Ждёт, кто освободится')}
        </span>
        {take}
      </div>
    );
  }
  const text = mine ? t('Вам ещё') : t('{name}, ещё', { name: nameOf(offer.user).split(' ')[0] });
  return (
    <Countdown from={offer.offered_at} due={offer.due_at} pauses={offer.pauses} text={text} head={isHead(me) && !mine}>
      {take}
    </Countdown>
  );
}
