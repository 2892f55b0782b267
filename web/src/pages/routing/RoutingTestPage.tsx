import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import type { IntakeKey, Page } from '~/api/types.ts';
import { hrefOf, useNames } from '~/entities/catalog/catalog.ts';
import { RecordTitle } from '~/entities/routing/RuleWords.tsx';
import type { RoutingAnswer } from '~/entities/routing/routing.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { readRequest, sampleRequest, sayIn } from './samples.ts';
import { useTargetText } from './TargetPicker.tsx';
import { TestStep } from './TestStep.tsx';
import { useFacts } from './useFacts.ts';

/** Asks the rules about a record, a request that came, or one that might come, and shows why they say what they say. */
export function RoutingTestPage() {
  const me = useMe();
  const admin = may(me, 'keys');
  const search = useSearch({ from: '/inside/settings/routing/test' });
  const { data: keys } = useQuery({
    queryKey: ['intake-keys'],
    queryFn: ({ signal }) => api.get<Page<IntakeKey>>('/intake-keys', undefined, signal).then((page) => page.items),
    enabled: admin,
  });
  const [chosen, setKey] = useState<string | null>(null);
  const first = keys?.find((each) => each.active && each.channel === 'form') ?? keys?.find((each) => each.active);
  const key = chosen ?? String(first?.id ?? '');
  const [payload, setPayload] = useState(sampleRequest);
  const [answer, setAnswer] = useState<RoutingAnswer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    document.title = `${t('Проверка распределения')} · Voronka`;
  }, []);
  const ask = async (body: object) => {
    try {
      setError(null);
      setAnswer(await api.post<RoutingAnswer>('/routing-test', body));
    } catch (reason) {
      setAnswer(null);
      setError(reason);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew only when the address names something else
  useEffect(() => {
    if (search.record) void ask({ record: search.record });
    else if (search.request) void ask({ request: search.request });
  }, [search.record, search.request]);
  const said = readRequest(payload);
  const simple = [
    { name: 'name', title: t('Имя') },
    { name: 'phone', title: t('Телефон') },
    { name: 'comment', title: t('Текст') },
  ];
  const send = (event: FormEvent) => {
    event.preventDefault();
    setWrong('');
    if (!said) return setWrong(t('Нужен один объект JSON: поля в кавычках, через запятую'));
    void ask({ payload: said, ...(key ? { key: Number(key) } : {}) });
  };
  const [type, id] = (search.record ?? '').split('/');
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Проверка распределения')}</h1>
        {admin && (
          <Link to="/settings/routing" className="btn ghost sm">
            {t('К правилам')}
          </Link>
        )}
      </TopBar>
      <div className="body scroll page read">
        {search.record && type && id && (
          <p className="t2">
            {t('О записи')}{' '}
            <Link to={hrefOf(type, Number(id))} className="link">
              <RecordTitle type={type} id={Number(id)} />
            </Link>
          </p>
        )}
        {search.request && (
          <p className="t2">{t('Об обращении № {id}, как если бы оно пришло сейчас', { id: search.request })}</p>
        )}
        {admin && !search.record && !search.request && (
          <section className="panel" aria-label={t('Обращение')}>
            <form className="in form" onSubmit={send}>
              <FormField label={t('Форма или ключ')}>
                <select className="input" value={key} onChange={(event) => setKey(event.target.value)}>
                  <option value="">{t('без формы')}</option>
                  {keys?.map((each) => (
                    <option key={each.id} value={each.id}>
                      {each.title}
                    </option>
                  ))}
                </select>
              </FormField>
              {simple.map((each) => (
                <FormField key={each.name} label={each.title}>
                  <input
                    className="input"
                    autoComplete="off"
                    disabled={!said}
                    value={String(said?.[each.name] ?? '')}
                    onChange={(event) => setPayload(sayIn(payload, each.name, event.target.value))}
                  />
                </FormField>
              ))}
              <details>
                <summary>{t('Всё обращение')}</summary>
                <FormField label={t('Обращение как JSON')} error={wrong || undefined} hint={t('Ничего не сохранится')}>
                  <textarea
                    className="area mono"
                    rows={7}
                    spellCheck={false}
                    value={payload}
                    onChange={(event) => setPayload(event.target.value)}
                  />
                </FormField>
              </details>
              <div>
                <Button look="pri" type="submit">
                  {t('Проверить')}
                </Button>
              </div>
            </form>
          </section>
        )}
        {error !== null && <ErrorNote title={t('Проверить не получилось')} error={error} />}
        {answer && <AnswerPanel answer={answer} />}
      </div>
    </main>
  );
}

function AnswerPanel({ answer }: { answer: RoutingAnswer }) {
  const fields = useFacts();
  const nameOf = useNames();
  const targetText = useTargetText();
  const who = answer.drum
    ? targetText({ kind: 'drum', id: answer.drum })
    : answer.responsible
      ? nameOf(answer.responsible)
      : t('никому, решать человеку');
  return (
    <section className="panel" aria-label={t('Ответ правил')}>
      <header>
        <h2 className="panel-title">{t('Достанется: {who}', { who })}</h2>
        {answer.client && (
          <span className="push t2 f12">
            {t('клиент')}: <RecordTitle type={answer.client_type} id={answer.client} />
          </span>
        )}
      </header>
      <ol className="rule-steps">
        {answer.rules.map((step, at) => (
          <TestStep key={step.rule.code} step={step} n={at + 1} fields={fields} />
        ))}
      </ol>
    </section>
  );
}
