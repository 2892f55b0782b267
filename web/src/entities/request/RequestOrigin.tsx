import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page, RecordType } from '~/api/types.ts';
import { fieldOf, titleOf } from '~/entities/catalog/catalog.ts';
import type { Attribution, Touch } from '~/entities/form/form.ts';
import { valueTitle } from '~/entities/record/FieldView.tsx';
import { moment } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import './origin.css';

/** What came in, as the API tells it. */
export interface CameIn {
  id: number;
  payload: Record<string, unknown>;
  attribution?: Attribution | null;
  consent?: { id: number; lang: string; text: string; hash: string } | null;
}

/** An arrival in one line: campaign marks, else the site that led here. */
export function touchText(touch: Touch | undefined): string {
  if (!touch) return '';
  const marks = [touch.source, touch.medium, touch.campaign, touch.content, touch.term].filter(Boolean).join(' / ');
  return marks || host(touch.referrer) || (touch.click?.split('=')[0] ?? '') || t('прямой заход');
}

function host(address: string | undefined): string {
  try {
    return address ? new URL(address).host : '';
  } catch {
    return '';
  }
}

/** How the visitor came and what he agreed to, under a request in the story of a card. */
export function RequestOrigin({ type, about }: { type: RecordType; about: { id?: number } }) {
  const { id: record } = useParams({ strict: false }) as { id?: string };
  const [open, setOpen] = useState(false);
  const { attribution, consent } = about as { attribution?: Attribution; consent?: number };
  const { first, last, views } = attribution ?? {};
  const same = JSON.stringify(first) === JSON.stringify(last);
  return (
    <div className="origin f12 t2">
      {first && (
        <dl>
          {!same && <Line title={t('Впервые')} touch={first} />}
          <Line title={same ? t('Пришёл') : t('В последний раз')} touch={last ?? first} />
          {views ? (
            <div>
              <dt>{t('Просмотров')}</dt>
              <dd>{views}</dd>
            </div>
          ) : null}
        </dl>
      )}
      <Button look="ghost" small aria-expanded={open} onClick={() => setOpen(!open)}>
        {consent ? t('Что прислано и согласие') : t('Что прислано')}
      </Button>
      {open && record && <Sent type={type} record={record} request={about.id} />}
    </div>
  );
}

function Line({ title, touch }: { title: string; touch: Touch }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <b className="m">{touchText(touch)}</b>
        {touch.at && <span className="t3"> {moment(Date.parse(touch.at))}</span>}
        {touch.landing && <span className="origin-page">{touch.landing}</span>}
      </dd>
    </div>
  );
}

/** What a name in a request is called: as the type calls its field, else in the usual words, else as it was sent. */
export function sentName(type: RecordType, name: string): string {
  const field = fieldOf(type, name);
  if (field) return titleOf(field);
  const usual: Record<string, string> = {
    name: t('Имя'),
    phone: t('Телефон'),
    email: t('Почта'),
    company: t('Компания'),
    comment: t('Комментарий'),
    text: t('Текст'),
    title: t('Название'),
    amount: t('Сумма'),
    source: t('Источник'),
  };
  return usual[name] ?? name;
}

/** A value of a request in words: options by their titles, the rest as it was sent. */
export function sentText(type: RecordType, name: string, value: unknown): string {
  const field = fieldOf(type, name);
  if (field?.values?.length)
    return (Array.isArray(value) ? value : [value]).map((one) => valueTitle(field, one)).join(', ');
  if (field?.kind === 'bool' && typeof value === 'boolean') return value ? t('да') : t('нет');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Sent({ type, record, request }: { type: RecordType; record: string; request?: number }) {
  const { data } = useQuery({
    queryKey: ['requests', type.code, record],
    queryFn: ({ signal }) =>
      api
        .get<Page<CameIn>>('/requests', { record: `${type.code}/${record}`, limit: 100 }, signal)
        .then((page) => page.items),
  });
  const came = data?.find((each) => each.id === request);
  if (!came) return null;
  return (
    <dl>
      {Object.entries(came.payload).map(([name, value]) => (
        <div key={name}>
          <dt>{sentName(type, name)}</dt>
          <dd>{sentText(type, name, value)}</dd>
        </div>
      ))}
      {came.consent && (
        <div>
          <dt>{t('Согласие')}</dt>
          <dd>
            {came.consent.text}
            <span className="t3 origin-page">{t('редакция {hash}', { hash: came.consent.hash.slice(0, 12) })}</span>
          </dd>
        </div>
      )}
    </dl>
  );
}
