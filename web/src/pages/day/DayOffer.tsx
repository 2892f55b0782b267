import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Offer } from '~/api/types.ts';
import { hrefOf, useNames } from '~/entities/catalog/catalog.ts';
import { reasonText } from '~/entities/drum/reasons.ts';
import { takeOffer } from '~/entities/offer/offer.ts';
import { recordQuery } from '~/entities/record/queries.ts';
import { useMe } from '~/entities/session/session.ts';
import { clock, money, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { urgency } from '~/ui/Countdown.tsx';
import { useNow } from '~/ui/clock.ts';
import { pausedUntil, workLeft } from '~/ui/pauses.ts';
import { clientOf } from './lines.ts';

/** An offer with its clock: what came, why to this person, and the button. */
export function DayOffer({ offer, hotkey }: { offer: Offer; hotkey: boolean }) {
  const me = useMe();
  const client = useQueryClient();
  const nameOf = useNames();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const record = useQuery(recordQuery(offer.type ?? '', offer.record ?? 0)).data;
  const mine = offer.user === me.id;
  const paused = pausedUntil(now, offer.pauses);
  const end = offer.due_at ? Date.parse(offer.due_at) : 0;
  const total = workLeft(Date.parse(offer.offered_at), end, offer.pauses);
  const left = workLeft(now, end, offer.pauses);
  const tone = end && !paused ? urgency(left, total, !mine) : '';
  const amount = record?.amount as { minor: number; currency: string } | null | undefined;
  const why = offer.reasons?.find((reason) => reason.user === offer.user);
  const about = [clientOf(record), amount ? money(amount.minor, amount.currency) : ''].filter(Boolean).join(' · ');
  return (
    <article className={`day-offer ${tone}`}>
      <span className="day-ring">
        <svg viewBox="0 0 48 48" aria-hidden="true">
          <circle cx="24" cy="24" r="20" fill="none" stroke="var(--border)" strokeWidth="4" />
          {end > 0 && (
            <circle
              cx="24"
              cy="24"
              r="20"
              fill="none"
              stroke="currentColor"
              strokeWidth="4"
              strokeLinecap="round"
              strokeDasharray={`${(total > 0 ? left / total : 0) * 125.7} 125.7`}
              transform="rotate(-90 24 24)"
            />
          )}
        </svg>
        <b className="num" role="timer">
          {end ? (paused ? '❚❚' : clock(left)) : '∞'}
        </b>
      </span>
      <span className="grow">
        <Link to={hrefOf(offer.type ?? '', offer.record ?? 0)} className="m ell me-name">
          {offer.title}
        </Link>
        {about && <span className="f12 t2 ell me-name">{about}</span>}
        <span className="f12 t3 ell me-name">
          {paused
            ? t('пауза до {time}', { time: when(paused, now) })
            : mine
              ? why
                ? reasonText(why.code)
                : t('без срока')
              : t('У {name}', { name: nameOf(offer.user) })}
        </span>
      </span>
      {mine && (
        <Button
          look="pri"
          small
          busy={busy}
          hotkey={hotkey ? 'KeyT' : undefined}
          onClick={async () => {
            setBusy(true);
            await takeOffer(client, offer);
            setBusy(false);
          }}
        >
          {t('Взять')}
        </Button>
      )}
    </article>
  );
}
