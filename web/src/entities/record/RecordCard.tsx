import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { LinkValue, MoneyValue, RecordData } from '~/api/types.ts';
import { hrefOf, useNames } from '~/entities/catalog/catalog.ts';
import { OfferStrip } from '~/entities/offer/OfferStrip.tsx';
import { isOpen } from '~/entities/offer/offer.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { serverNow } from '~/ui/clock.ts';
import { Icon } from '~/ui/Icon.tsx';
import { Money } from '~/ui/Money.tsx';
import { nextStep } from './nextStep.ts';

/** Whom a record is about, in a few words. */
export function clientOf(record: RecordData): string {
  const company = (record.company as LinkValue | null)?.title ?? (record.company_name as string | null);
  const person = (record.contact as LinkValue | null)?.title ?? (record.person_name as string | null);
  return company || person || '';
}

interface Props {
  record: RecordData;
  /** Somebody moved it a moment ago: «Игорь перенёс сейчас». */
  flag?: string;
  onPlan: (record: RecordData) => void;
  /** Whether a record without a next step asks for one: not at the ends of a pipeline. */
  wantsStep?: boolean;
  /** Whether the reader knows of amounts at all. */
  sums?: boolean;
}

/** A card of the board: title, client, sum and responsible, then the next step or the running offer. */
export const RecordCard = memo(function RecordCard({ record, flag, onPlan, wantsStep = true, sums = true }: Props) {
  const nameOf = useNames();
  const client = clientOf(record);
  const step = nextStep(record, serverNow());
  const amount = record.amount as MoneyValue | null | undefined;
  return (
    <article className={`card ${flag ? 'moved' : ''}`}>
      {flag && <span className="flag">{flag}</span>}
      <h3>
        <Link to={hrefOf(record.type, record.id)} className="card-link" draggable={false}>
          {record.title}
        </Link>
      </h3>
      {client && client !== record.title && <div className="cl ell">{client}</div>}
      <div className="meta">
        <span className="amt">{amount ? <Money value={amount} /> : sums ? '—' : ''}</span>
        {record.responsible ? <Avatar id={record.responsible} name={nameOf(record.responsible)} /> : null}
      </div>
      {isOpen(record.offer) ? (
        <OfferStrip offer={{ ...record.offer, type: record.type, record: record.id }} />
      ) : step.form === 'none' ? (
        wantsStep && (
          <button type="button" className="step none above" onClick={() => onPlan(record)}>
            <Icon name="plus" />
            <span>{t('Назначьте следующий шаг')}</span>
          </button>
        )
      ) : (
        <div className={`step ${step.form === 'planned' ? '' : step.form}`}>
          <Icon name={step.form === 'late' ? 'alert' : 'clock'} />
          <span className="ell">{step.title}</span>
          {step.form === 'late' && <span className="sr">{t('просрочено')}</span>}
          <time>{step.when}</time>
        </div>
      )}
    </article>
  );
});
