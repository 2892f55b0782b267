import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { IntakeKey, Page } from '~/api/types.ts';
import { hrefOf, titleOf, useTypes } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { DateText } from '~/ui/DateText.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';

interface Came {
  id: number;
  at: string;
  source: string;
  payload: Record<string, unknown>;
  type: string;
  record: number;
  repeat_of: number | null;
}

interface Sent {
  status: number;
  text: string;
}

/** The last requests of a key as they arrive, and a way to send one as a stranger's program does. */
export function HookTester({ door }: { door: IntakeKey }) {
  const client = useQueryClient();
  const queryKey = ['requests', 'key', door.id];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      api.get<Page<Came>>('/requests', { key: door.id, limit: 10 }, signal).then((page) => page.items),
    refetchInterval: 2000,
  });
  const [body, setBody] = useState(() =>
    JSON.stringify(
      { name: t('Павел Дорохов'), phone: '+7 921 555-01-42', comment: t('Нужен расчёт'), source: 'site' },
      null,
      2,
    ),
  );
  const [sent, setSent] = useState<Sent | null>(null);
  const send = async () => {
    try {
      const answer = await fetch(`/api/intake/${door.key}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        credentials: 'omit',
        body,
      });
      setSent({ status: answer.status, text: pretty(await answer.text()) });
      await client.invalidateQueries({ queryKey });
    } catch (reason) {
      setSent({ status: 0, text: String(reason) });
    }
  };
  return (
    <>
      <FormField label={t('Образец: уйдёт по-настоящему, через общий вход')}>
        <textarea
          className="input area mono"
          rows={7}
          spellCheck={false}
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
      </FormField>
      <div className="row g6">
        <Button look="pri" onClick={() => void send()}>
          {t('Отправить образец')}
        </Button>
        {sent && (
          <Badge tone={sent.status >= 200 && sent.status < 300 ? 'k' : 'd'}>
            {t('Ответ {status}', { status: String(sent.status) })}
          </Badge>
        )}
      </div>
      {sent && (
        <pre className="codebox" role="status">
          {sent.text}
        </pre>
      )}
      <h3 className="label">{t('Последние обращения, обновляются сами')}</h3>
      {error && <ErrorNote title={t('Обращения не загрузились')} error={error} />}
      {data && !data.length && <p className="t3">{t('Пока ничего не приходило')}</p>}
      <ul className="col g12" aria-live="polite">
        {data?.map((request) => (
          <Arrived key={request.id} request={request} />
        ))}
      </ul>
    </>
  );
}

function Arrived({ request }: { request: Came }) {
  const types = useTypes();
  const type = types.find((each) => each.code === request.type);
  const known = new Set(type?.fields.map((field) => field.code));
  const strange = Object.keys(request.payload).filter(
    (name) =>
      !understood.has(name.toLowerCase()) && !known.has(name.toLowerCase()) && !/^(contact|company)\./.test(name),
  );
  return (
    <li className="col g4">
      <div className="row g6">
        <DateText at={Date.parse(request.at)} />
        {request.record > 0 && (
          <Link to={hrefOf(request.type, request.record)}>
            {t('{type} № {id}', { type: titleOf(type), id: String(request.record) })}
          </Link>
        )}
        {request.repeat_of && <Badge>{t('повторное')}</Badge>}
      </div>
      {strange.length > 0 && (
        <p className="f12 warn">
          {t('Таких полей нет, значения остались только здесь: {names}', { names: strange.join(', ') })}
        </p>
      )}
      <pre className="codebox">{JSON.stringify(request.payload, null, 2)}</pre>
    </li>
  );
}

/** Names the intake understands whatever the type has. */
const understood = new Set(
  'title name fullname full_name person_name fio phone phones tel telephone email emails e-mail mail company company_name comment message text amount source utm_source utm_medium utm_campaign utm_content utm_term referrer referer landing page dedupe'.split(
    ' ',
  ),
);

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
