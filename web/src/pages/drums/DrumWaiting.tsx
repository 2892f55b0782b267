import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Drum } from '~/api/types.ts';
import { hrefOf } from '~/entities/catalog/catalog.ts';
import { drumStateQuery } from '~/entities/drum/drum.ts';
import { OfferStrip } from '~/entities/offer/OfferStrip.tsx';
import { t } from '~/i18n/index.ts';

/** What is offered now, to whom, and how long they still have. */
export function DrumWaiting({ drum }: { drum: Drum }) {
  const { data: state } = useQuery(drumStateQuery(drum.id));
  const waiting = state?.waiting ?? [];
  return (
    <section className="panel" aria-label={t('Ждут ответа')}>
      <header>
        <h2 className="panel-title">{t('Ждут ответа')}</h2>
        <span className="t3 num people-n">{waiting.length}</span>
      </header>
      <div className="in col">
        {waiting.map((offer) => (
          <article key={offer.id} className="card">
            <h3>
              <Link to={hrefOf(offer.type ?? 'lead', offer.record ?? 0)} className="card-link">
                {offer.title || t('Запись {id}', { id: offer.record ?? offer.id })}
              </Link>
            </h3>
            {offer.round && offer.round > 1 ? <div className="cl">{t('Круг {n}', { n: offer.round })}</div> : null}
            <OfferStrip offer={offer} />
          </article>
        ))}
        {state && !waiting.length && <p className="t3">{t('Всё роздано: никто никого не ждёт')}</p>}
      </div>
    </section>
  );
}
