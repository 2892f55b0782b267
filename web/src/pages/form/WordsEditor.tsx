import type { FormOptions, Words } from '~/entities/form/form.ts';
import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';
import { consentText, linkSample } from './samples.ts';

interface Props {
  draft: FormOptions;
  put: (more: Partial<FormOptions>) => void;
  lang: string;
  setLang: (lang: string) => void;
}

/** The texts of a form in both languages, side by side, and what visitors are asked to agree to. */
export function WordsEditor({ draft, put, lang, setLang }: Props) {
  const parts: [keyof Words, string, boolean][] = [
    ['heading', t('Заголовок'), false],
    ['intro', t('Под заголовком'), true],
    ['button', t('Кнопка'), false],
    ['thanks', t('После отправки'), true],
    ['contact', t('Как ещё с вами связаться'), true],
  ];
  const old: Record<string, string | undefined> = {
    heading: draft.heading,
    button: draft.button,
    thanks: draft.thanks,
  };
  return (
    <>
      <section className="panel" aria-label={t('Тексты')}>
        <header>
          <h2 className="panel-title">{t('Тексты')}</h2>
          <span className="t3 f12">{t('Пустые заменятся обычными')}</span>
        </header>
        <div className="in col g12">
          <FormField label={t('Язык формы')}>
            <select className="input" value={lang} onChange={(event) => setLang(event.target.value)}>
              <option value="">{t('язык посетителя')}</option>
              <option value="ru">{t('По-русски')}</option>
              <option value="en">{t('По-английски')}</option>
            </select>
          </FormField>
          <div className="fb-langs">
            {(['ru', 'en'] as const).map((each) => (
              <div
                key={each}
                className="col g12"
                role="group"
                aria-label={each === 'ru' ? t('По-русски') : t('По-английски')}
              >
                <h3>{each === 'ru' ? t('По-русски') : t('По-английски')}</h3>
                {parts.map(([part, title, long]) => {
                  const value = draft.words?.[each]?.[part] ?? old[part] ?? '';
                  const change = (text: string) =>
                    put({ words: { ...draft.words, [each]: { ...draft.words?.[each], [part]: text || undefined } } });
                  return (
                    <FormField
                      key={part}
                      label={title}
                      hint={part === 'contact' ? t('Видно, когда форма закрыта или не сработала') : undefined}
                    >
                      {long ? (
                        <textarea
                          className="input"
                          rows={2}
                          maxLength={1000}
                          value={value}
                          onChange={(event) => change(event.target.value)}
                        />
                      ) : (
                        <input
                          className="input"
                          maxLength={1000}
                          value={value}
                          onChange={(event) => change(event.target.value)}
                        />
                      )}
                    </FormField>
                  );
                })}
              </div>
            ))}
          </div>
        </div>
      </section>
      <ConsentEditor draft={draft} put={put} />
    </>
  );
}

function ConsentEditor({ draft, put }: Pick<Props, 'draft' | 'put'>) {
  const consent = draft.consent;
  const change = (more: Partial<NonNullable<FormOptions['consent']>>) =>
    put({ consent: { text: consent?.text ?? {}, required: consent?.required, ...more } });
  return (
    <section className="panel" aria-label={t('Согласие')}>
      <header>
        <h2 className="panel-title">{t('Согласие')}</h2>
      </header>
      <div className="in col g12">
        <label className="row g8">
          <input
            type="checkbox"
            checked={!!consent}
            onChange={(event) =>
              put({
                consent: event.target.checked
                  ? {
                      required: true,
                      text: consentText,
                    }
                  : null,
              })
            }
          />
          {t('Просить согласие')}
        </label>
        {consent && (
          <>
            <div className="fb-langs">
              {(['ru', 'en'] as const).map((each) => (
                <FormField key={each} label={each === 'ru' ? t('Текст по-русски') : t('Текст по-английски')}>
                  <textarea
                    className="input"
                    rows={4}
                    maxLength={5000}
                    value={consent.text[each] ?? ''}
                    onChange={(event) => change({ text: { ...consent.text, [each]: event.target.value || undefined } })}
                  />
                </FormField>
              ))}
            </div>
            <p className="hint">
              {t('Ссылка пишется так: {sample}. Текст хранится с каждым обращением таким, каким его видел посетитель', {
                sample: linkSample(),
              })}
            </p>
            <label className="row g8">
              <input
                type="checkbox"
                checked={consent.required ?? false}
                onChange={(event) => change({ required: event.target.checked || undefined })}
              />
              {t('Без согласия не отправлять')}
            </label>
          </>
        )}
      </div>
    </section>
  );
}
