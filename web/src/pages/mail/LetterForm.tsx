import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import { language, t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';
import { type ClientLetter, letterQuery } from './mail.ts';
import { draft } from './samples.ts';

type Lang = 'ru' | 'en';

const meaning = (name: string): string =>
  ({
    'client.name': t('имя клиента'),
    company: t('ваша компания'),
    'manager.name': t('имя ответственного'),
    'manager.phone': t('телефон ответственного'),
    'manager.email': t('почта ответственного'),
    'request.number': t('номер обращения'),
  })[name] ?? name;

/** The letter of one form or key in both languages, with a look at what a client would get. */
export function LetterForm({ id, letter, placeholders }: { id: number; letter: ClientLetter; placeholders: string[] }) {
  const client = useQueryClient();
  const [lang, setLang] = useState<Lang>(language() === 'en' ? 'en' : 'ru');
  const form = useForm(
    letter,
    async (values) => {
      const after = await api.put<ClientLetter & { placeholders: string[] }>(`/intake-keys/${id}/letter`, values);
      client.setQueryData(letterQuery(id).queryKey, after);
    },
    () => toast({ text: t('Письмо сохранено') }),
  );
  const { values, put, errors } = form;
  const subject = values[`subject_${lang}`];
  const body = values[`body_${lang}`];
  const set = (part: 'subject' | 'body', text: string) => put({ [`${part}_${lang}`]: text } as Partial<ClientLetter>);
  return (
    <form className="form letter" onSubmit={form.submit}>
      <div className="row wrap">
        <div className="seg" role="group" aria-label={t('Язык письма')}>
          {(['ru', 'en'] as const).map((each) => (
            <button
              key={each}
              type="button"
              className={each === lang ? 'on' : ''}
              aria-pressed={each === lang}
              onClick={() => setLang(each)}
            >
              {each === 'ru' ? 'Русский' : 'English'}
            </button>
          ))}
        </div>
        {!subject && !body && (
          <Button
            small
            look="ghost"
            onClick={() =>
              put({
                [`subject_${lang}`]: draft[lang].subject,
                [`body_${lang}`]: draft[lang].body,
              } as Partial<ClientLetter>)
            }
          >
            {t('Начать с образца')}
          </Button>
        )}
      </div>
      <FormField label={t('Тема')} error={errors[`subject_${lang}`]}>
        <input className="input" value={subject} onChange={(event) => set('subject', event.target.value)} />
      </FormField>
      <FormField label={t('Текст')} error={errors[`body_${lang}`]}>
        <textarea className="area" rows={9} value={body} onChange={(event) => set('body', event.target.value)} />
      </FormField>
      <div className="row wrap g6" role="group" aria-label={t('Подстановки')}>
        {placeholders.map((name) => (
          <button
            key={name}
            type="button"
            className="chip"
            title={`{${name}}`}
            onClick={() => set('body', `${body}{${name}}`)}
          >
            {meaning(name)}
          </button>
        ))}
      </div>
      <Preview lang={lang} subject={subject} body={body} />
      <label className="row">
        <input type="checkbox" checked={values.active} onChange={(event) => put({ active: event.target.checked })} />
        {t('Отправлять это письмо')}
      </label>
      {errors[''] && (
        <p className="hint danger" role="alert">
          {errors['']}
        </p>
      )}
      <div className="row">
        <Button look="pri" type="submit" busy={form.busy}>
          {t('Сохранить письмо')}
        </Button>
      </div>
    </form>
  );
}

function Preview({ lang, subject, body }: { lang: Lang; subject: string; body: string }) {
  const [shown, setShown] = useState<{ subject: string; body: string }>();
  useEffect(() => {
    if (!subject && !body) {
      setShown(undefined);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void api
        .post<{ subject: string; body: string }>('/letter-preview', { lang, subject, body }, { signal: stop.signal })
        .then(setShown)
        .catch(() => {});
    }, 400);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [lang, subject, body]);
  if (!shown) return null;
  return (
    <figure className="letter-look" aria-label={t('Так письмо увидит клиент')}>
      <figcaption className="label">{t('Так письмо увидит клиент')}</figcaption>
      <div className="b">{shown.subject}</div>
      <div className="letter-body">{shown.body}</div>
    </figure>
  );
}
