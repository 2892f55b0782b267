import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import type { IntakeKey, Page } from '~/api/types.ts';
import { useMe, usePortal } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import { HookTester } from './HookTester.tsx';

/** Calls that work when pasted into a terminal, and a window on what arrives at a key. */
export function ApiPage() {
  const { data: keys, error } = useQuery({
    queryKey: ['intake-keys'],
    queryFn: ({ signal }) => api.get<Page<IntakeKey>>('/intake-keys', undefined, signal).then((page) => page.items),
  });
  const [chosen, setChosen] = useState(0);
  useEffect(() => {
    document.title = 'API · Voronka';
  }, []);
  const key = keys?.find((each) => each.id === chosen) ?? keys?.find((each) => each.active !== false) ?? keys?.[0];
  return (
    <main className="sheet">
      <TopBar>
        <h1>API</h1>
      </TopBar>
      <div className="body scroll page read">
        <Calls address={key?.key} />
        {error && <ErrorNote title={t('Ключи не загрузились')} error={error} />}
        {keys && !key && (
          <EmptyState
            icon="form"
            title={t('Принимать обращения пока нечем')}
            why={t('Ключ — это адрес, на который программа присылает обращения')}
            action={
              <Link className="btn pri" to="/settings/forms">
                {t('Добавить ключ')}
              </Link>
            }
          />
        )}
        {key && (
          <section className="panel" aria-label={t('Что приходит')}>
            <header>
              <h2 className="panel-title">{t('Что приходит')}</h2>
            </header>
            <div className="in form">
              <FormField label={t('Ключ')}>
                <select className="input" value={key.id} onChange={(event) => setChosen(Number(event.target.value))}>
                  {keys?.map((each) => (
                    <option key={each.id} value={each.id}>
                      {each.title}
                    </option>
                  ))}
                </select>
              </FormField>
              <HookTester key={key.id} door={key} />
            </div>
          </section>
        )}
      </div>
    </main>
  );
}

/** The calls, with a token of one's own once it is made. */
function Calls({ address }: { address?: string }) {
  const me = useMe();
  const client = useQueryClient();
  const type = usePortal().simple ? 'deal' : 'lead';
  const [token, setToken] = useState('');
  const make = async () => {
    try {
      const made = await api.post<{ token: string }>('/tokens', { title: t('Проверка API') });
      setToken(made.token);
      await client.invalidateQueries({ queryKey: ['tokens'] });
    } catch (reason) {
      toast({ kind: 'error', text: t('Токен не создан'), detail: errorText(reason) });
    }
  };
  const name = t('Павел Дорохов');
  const bearer = `-H 'Authorization: Bearer ${token || t('ВАШ_ТОКЕН')}'`;
  const json = "-H 'Content-Type: application/json'";
  return (
    <section className="panel" aria-label={t('Команды')}>
      <header>
        <h2 className="panel-title">{t('Команды')}</h2>
        <span className="push" />
        <a className="btn ghost sm" href="/api/openapi.json" target="_blank" rel="noreferrer">
          {t('Описание API')}
        </a>
      </header>
      <div className="in form">
        {token ? (
          <CopyBox label={t('Ваш токен. Он уже в командах ниже, больше он не покажется')} text={token} />
        ) : (
          <div className="row g6">
            <span className="grow t2">
              {t('Программа с вашим токеном видит и меняет то же, что вы, {name}', { name: me.name ?? '' })}
            </span>
            <Button look="pri" onClick={() => void make()}>
              {t('Создать токен')}
            </Button>
          </div>
        )}
        {address && (
          <CopyBox
            label={t('Прислать обращение: токен не нужен')}
            text={`curl -X POST ${location.origin}/api/intake/${address} \\\n  ${json} \\\n  -d '{"name": "${name}", "phone": "+7 921 555-01-42"}'`}
          />
        )}
        <CopyBox
          label={t('Получить список')}
          text={`curl '${location.origin}/api/records/${type}?limit=10&sort=-created_at' \\\n  ${bearer}`}
        />
        <CopyBox
          label={t('Создать запись')}
          text={`curl -X POST ${location.origin}/api/records/${type} \\\n  ${bearer} \\\n  ${json} \\\n  -H 'Idempotency-Key: order-17' \\\n  -d '{"title": "${name}"}'`}
        />
      </div>
    </section>
  );
}
