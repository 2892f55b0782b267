import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LinkValue, PhoneValue, RecordData } from '~/api/types.ts';
import { hrefOf } from '~/entities/catalog/catalog.ts';
import { contacts } from '~/entities/record/FieldView.tsx';
import { countQuery, recordQuery } from '~/entities/record/queries.ts';
import { phone } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Icon } from '~/ui/Icon.tsx';

/** Whom the record is about: the company, the person, and the ways to reach them. */
export function ClientPanel({ record }: { record: RecordData }) {
  const company = record.company as LinkValue | null | undefined;
  const contact = record.contact as LinkValue | null | undefined;
  const { data: person } = useQuery({ ...recordQuery('contact', contact?.id ?? 0), enabled: !!contact?.title });
  const { data: firm } = useQuery({ ...recordQuery('company', company?.id ?? 0), enabled: !!company?.title });
  const { data: deals } = useQuery({
    ...countQuery('deal', company ? `company in (${company.id})` : `contact in (${contact?.id ?? 0})`),
    enabled: !!(company || contact),
  });
  const companyTitle = company?.title ?? (record.company_name as string | null);
  const personTitle = contact?.title ?? (record.person_name as string | null);
  const phones = [...contacts(record.phones), ...contacts(person?.phones), ...(contact ? [] : contacts(firm?.phones))];
  const emails = [...contacts(record.emails), ...contacts(person?.emails), ...(contact ? [] : contacts(firm?.emails))];
  const unique = (list: PhoneValue[]) =>
    list.filter((each, at) => list.findIndex((one) => (one.e164 ?? one.value) === (each.e164 ?? each.value)) === at);
  const firstPhone = phones[0];
  const firstMail = emails[0];
  return (
    <section className="panel client" aria-label={t('Клиент')}>
      <header>
        <h2 className="panel-title">{t('Клиент')}</h2>
      </header>
      <div className="in">
        {!companyTitle && !personTitle && !phones.length && !emails.length && (
          <p className="t3">
            {company || contact
              ? t('Клиент указан, но вам не открыт')
              : t('Клиент не указан: выберите компанию или контакт в полях ниже')}
          </p>
        )}
        {companyTitle && (
          <div className="client-company">
            <span className="row g6 m">
              <Icon name="building" small />
              {company?.title ? (
                <Link to={hrefOf('company', company.id)} className="ell link-quiet">
                  {companyTitle}
                </Link>
              ) : (
                <span className="ell">{companyTitle}</span>
              )}
            </span>
            {deals && deals.count > 1 && (
              <div className="f12 t3 client-sub">
                {t('{n, plural, one {# сделка} few {# сделки} many {# сделок} other {# сделки}}', { n: deals.count })}
              </div>
            )}
          </div>
        )}
        {personTitle && (
          <div className="row client-person">
            <Avatar id={contact?.id ?? record.id} name={personTitle} size="l" silent />
            <div className="grow">
              {contact?.title ? (
                <Link to={hrefOf('contact', contact.id)} className="m ell link-quiet">
                  {personTitle}
                </Link>
              ) : (
                <div className="m ell">{personTitle}</div>
              )}
              {typeof person?.position === 'string' && <div className="f12 t3 ell">{person.position}</div>}
            </div>
          </div>
        )}
        {(firstPhone || firstMail) && (
          <div className="row g6 client-do">
            {firstPhone && (
              <a className="btn sm grow" href={`tel:${firstPhone.e164 ?? firstPhone.value}`}>
                <Icon name="phone" small />
                {t('Позвонить')}
              </a>
            )}
            {firstMail && (
              <a className="btn sm grow" href={`mailto:${firstMail.value}`}>
                <Icon name="mail" small />
                {t('Написать')}
              </a>
            )}
          </div>
        )}
        {unique(phones).map((each) => (
          <div key={each.value} className="f12 t2 num client-way">
            {phone(each.e164 || each.value)}
          </div>
        ))}
        {unique(emails).map((each) => (
          <div key={each.value} className="f12 t2 ell client-way">
            {each.value}
          </div>
        ))}
      </div>
    </section>
  );
}
