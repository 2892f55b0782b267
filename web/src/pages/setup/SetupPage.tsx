import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError, api } from '~/api/client.ts';
import type { Drum, Page, SetUp, User } from '~/api/types.ts';
import { rememberSession } from '~/entities/session/session.ts';
import { setLanguage, t, useLanguage } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Logo } from '~/ui/Logo.tsx';
import { toast } from '~/ui/toasts.ts';
import { AdminStep } from './AdminStep.tsx';
import { type Answers, firstAnswers, STEPS, type Step, stepOf } from './answers.ts';
import { CompanyStep } from './CompanyStep.tsx';
import { PeopleStep } from './PeopleStep.tsx';
import { PhoneStep } from './PhoneStep.tsx';
import { SetupPreview } from './SetupPreview.tsx';
import { WayStep } from './WayStep.tsx';

/** The first run: five short questions, the last one with a preview of what it will look like. */
export function SetupPage() {
  const client = useQueryClient();
  const router = useRouter();
  const language = useLanguage();
  const [answers, setAnswers] = useState<Answers>(() => firstAnswers(language));
  const [at, setAt] = useState(0);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [passwords, setPasswords] = useState<NonNullable<SetUp['passwords']> | null>(null);
  const [phone, setPhone] = useState(false);
  useEffect(() => {
    document.title = `${t('Первый запуск')} · Voronka`;
  }, []);

  const step = STEPS[at]!;
  const put = (more: Partial<Answers>) => {
    setAnswers((old) => ({ ...old, ...more }));
    setErrors({});
    if (more.language && more.language !== language) void keep({ ...answers, ...more }, at);
  };
  /** The page is drawn anew in another language; the answers wait in the session. */
  const keep = async (all: Answers, place: number) => {
    sessionStorage.setItem('voronka.setup', JSON.stringify({ ...all, password: '', at: place }));
    await setLanguage(all.language);
  };

  const send = async () => {
    setBusy(true);
    try {
      const made = await api.post<SetUp>('/setup', {
        code: answers.code.trim(),
        company: answers.company.trim(),
        name: answers.name.trim(),
        email: answers.email.trim(),
        password: answers.password,
        language: answers.language,
        zone: answers.zone,
        currency: answers.currency,
        simple: answers.simple,
        ...(answers.business ? { business: answers.business, take_minutes: answers.take } : {}),
        people: answers.people
          .filter((person) => person.email.trim())
          .map((person) => ({
            name: person.name.trim() || person.email.trim(),
            email: person.email.trim(),
            role: person.role,
          })),
      });
      sessionStorage.removeItem('voronka.setup');
      if (answers.take && !answers.business) await startDrum(answers.take);
      client.clear();
      rememberSession(true);
      if (made?.passwords?.length) setPasswords(made.passwords);
      else if (answers.business) setPhone(true);
      else router.history.push('/');
    } catch (error) {
      const fields = error instanceof ApiError ? error.fields : {};
      const known = Object.keys(fields).find((code) => stepOf(code) !== undefined);
      const wrongCode = error instanceof ApiError && (error.problem.key?.includes('code') || error.status === 403);
      if (known) {
        setErrors(fields);
        setAt(stepOf(known)!);
      } else if (wrongCode) {
        setErrors({ code: errorText(error) });
        setAt(0);
      } else setErrors({ '': errorText(error) });
      setBusy(false);
    }
  };

  /** A wrong code is told at once, not after all the questions. */
  const checkCode = async () => {
    setBusy(true);
    try {
      await api.post('/setup/code', { code: answers.code.trim() });
      setAt(at + 1);
    } catch (error) {
      setErrors(error instanceof ApiError && error.fields.code ? error.fields : { '': errorText(error) });
    } finally {
      setBusy(false);
    }
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (step === 'company') void checkCode();
    else if (at < STEPS.length - 1) setAt(at + 1);
    else void send();
  };

  const props = { answers, put, errors };
  return (
    <div className="wz">
      <aside className="ws">
        <div className="portal wz-logo">
          <Logo />
          Voronka
        </div>
        <ol className="only-d">
          {STEPS.map((each, index) => (
            <li
              key={each}
              className={index < at ? 'done' : index === at ? 'cur' : ''}
              aria-current={index === at ? 'step' : undefined}
            >
              <i>{index < at ? <Icon name="check" /> : index + 1}</i>
              <div>
                <b className="m">{stepTitle(each)}</b>
                <div className="f12 t3 ell wz-answer">
                  {index < at
                    ? stepAnswer(each, answers)
                    : index === at && index === STEPS.length - 1
                      ? t('последний вопрос')
                      : '\u00A0'}
                </div>
              </div>
            </li>
          ))}
        </ol>
        <p className="f12 t3 wz-note only-d">
          {t('Всё это можно поменять потом в настройках. Данные лежат на вашем сервере и никуда не уходят.')}
        </p>
      </aside>
      <main className="wm">
        {phone ? (
          <PhoneStep />
        ) : passwords ? (
          <div className="wq">
            <h1 className="h26">{t('Раздайте пароли')}</h1>
            <p className="t2 f14">{t('Каждый сменит свой при первом входе. Больше они не покажутся.')}</p>
            <div className="wz-fields">
              {passwords.map((each) => (
                <CopyBox key={each.user} label={`${each.name}, ${each.email}`} text={each.password} />
              ))}
            </div>
            <div className="row g12 wz-go">
              <Button
                look="pri"
                className="lg"
                onClick={() => (answers.business ? setPhone(true) : router.history.push('/'))}
              >
                {answers.business ? t('Дальше') : t('Открыть Voronka')}
              </Button>
            </div>
          </div>
        ) : (
          <form className="wq" onSubmit={onSubmit}>
            <div className="f12 t3">{t('Вопрос {n} из {of}', { n: at + 1, of: STEPS.length })}</div>
            {step === 'company' && <CompanyStep {...props} />}
            {step === 'admin' && <AdminStep {...props} />}
            {step === 'way' && <WayStep {...props} />}
            {step === 'people' && <PeopleStep {...props} />}
            {errors[''] && (
              <div className="hint danger" role="alert">
                {errors['']}
              </div>
            )}
            <div className="row g12 wz-go">
              <Button look="pri" className="lg" type="submit" busy={busy} hotkey="Enter">
                {at < STEPS.length - 1 ? t('Дальше') : t('Открыть Voronka')}
              </Button>
              {at > 0 && (
                <Button look="ghost" className="lg" icon="cl" onClick={() => setAt(at - 1)}>
                  {t('Назад')}
                </Button>
              )}
            </div>
          </form>
        )}
        <SetupPreview answers={answers} />
      </main>
    </div>
  );
}

/** The first drum with everybody in it, and a form whose requests it offers. The portal works without them too. */
async function startDrum(minutes: number): Promise<void> {
  try {
    const { items } = await api.get<Page<User>>('/users', { limit: 200 });
    const drum = await api.post<Drum>('/drums', {
      title: t('Новые обращения'),
      take_minutes: minutes,
      members: items.map((user) => ({ user: user.id, active: true })),
    });
    await api.post('/intake-keys', { title: t('Форма на сайте'), drum: drum.id });
  } catch (error) {
    toast({ kind: 'error', text: t('Барабан не создан: добавьте его в разделе «Барабаны»'), detail: errorText(error) });
  }
}

function stepTitle(step: Step): string {
  return { company: t('Компания'), admin: t('Администратор'), way: t('Как продаёте'), people: t('Люди') }[step];
}

function stepAnswer(step: Step, answers: Answers): string {
  switch (step) {
    case 'company':
      return answers.company;
    case 'admin':
      return answers.name;
    case 'way':
      return answers.simple ? t('только сделки') : t('лиды и сделки');
    default:
      return '';
  }
}
