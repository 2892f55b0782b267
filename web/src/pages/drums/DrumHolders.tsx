import { Link } from '@tanstack/react-router';
import type { Drum, Offer } from '~/api/types.ts';
import { hrefOf, useNames } from '~/entities/catalog/catalog.ts';
import { reasonText } from '~/entities/drum/reasons.ts';
import { clock, duration, when, workTime } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Badge } from '~/ui/Badge.tsx';
import { urgency } from '~/ui/Countdown.tsx';
import { useNow } from '~/ui/clock.ts';
import { pausedUntil, workLeft } from '~/ui/pauses.ts';

/** Who has which record now, why, and how long he still has. */
export function DrumHolders({ drum, offers, waiting }: { drum: Drum; offers: readonly Offer[]; waiting: number }) {
  return (
    <section className="panel" aria-label={t('У кого записи сейчас')}>
      <header>
        <h2 className="panel-title">{t('У кого записи сейчас')}</h2>
        <span className="t3 num people-n">{offers.length}</span>
        <span className="push f12 t3">
          {drum.hours === 'person'
            ? t('срок взять: {time} рабочего времени', { time: workTime(drum.take_minutes * 60_000) })
            : t('срок взять: {time}', { time: duration(drum.take_minutes * 60_000) })}
        </span>
      </header>
      {offers.length ? (
        <div className="t-wrap">
          <table className="t drum-table">
            <thead>
              <tr>
                <th>{t('Запись')}</th>
                <th>{t('У кого')}</th>
                <th className="only-d">{t('Почему')}</th>
                <th className="r">{t('Круг')}</th>
                <th className="left">{t('Осталось')}</th>
              </tr>
            </thead>
            <tbody>
              {offers.map((offer) => (
                <Holder key={offer.id} offer={offer} />
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p className="in t3">
          {waiting
            ? t(
                'Никто ничего не держит, {n, plural, one {# запись ждёт} few {# записи ждут} many {# записей ждут} other {# записи ждут}} людей',
                {
                  n: waiting,
                },
              )
            : t('Всё разобрано: никто ничего не держит')}
        </p>
      )}
    </section>
  );
}

function Holder({ offer }: { offer: Offer }) {
  const nameOf = useNames();
  const why = offer.reasons?.find((reason) => reason.user === offer.user);
  return (
    <tr>
      <td>
        <Link to={hrefOf(offer.type ?? 'lead', offer.record ?? 0)} className="m ell">
          {offer.title || t('Запись {id}', { id: offer.record ?? offer.id })}
        </Link>
      </td>
      <td>
        <span className="row g6">
          <Avatar id={offer.user ?? 0} name={nameOf(offer.user)} silent />
          <span className="ell">{nameOf(offer.user)}</span>
        </span>
      </td>
      <td className="t2 only-d">
        {offer.state === 'escalated' ? t('передано руководителю') : why ? reasonText(why.code) : ''}
      </td>
      <td className="r num">{offer.round}</td>
      <td className="left">
        <Left offer={offer} />
      </td>
    </tr>
  );
}

function Left({ offer }: { offer: Offer }) {
  const now = useNow();
  if (!offer.due_at) return <span className="t3">{offer.portion ? t('порция, без срока') : t('без срока')}</span>;
  const due = Date.parse(offer.due_at);
  const total = workLeft(Date.parse(offer.offered_at), due, offer.pauses);
  const left = workLeft(now, due, offer.pauses);
  const paused = pausedUntil(now, offer.pauses);
  const tone = paused ? '' : urgency(left, total, true);
  return (
    <span className="row g12">
      {paused ? (
        <Badge icon="pause">{t('пауза до {time}', { time: when(paused, now) })}</Badge>
      ) : (
        <span className={`meter grow ${tone}`}>
          <i style={{ width: `${total > 0 ? (left / total) * 100 : 0}%` }} />
        </span>
      )}
      <b className={`num drum-left ${tone === 'd' ? 'danger' : tone === 'w' ? 'warn' : ''}`}>{clock(left)}</b>
    </span>
  );
}
