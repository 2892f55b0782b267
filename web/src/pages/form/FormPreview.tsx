import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import type { FormOptions } from '~/entities/form/form.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';

/** The form as a visitor will see it, before it is saved. */
export function FormPreview({
  id,
  draft,
  lang,
  setLang,
}: {
  id: number;
  draft: FormOptions;
  lang: 'ru' | 'en';
  setLang: (lang: 'ru' | 'en') => void;
}) {
  const [path, setPath] = useState('');
  useEffect(() => {
    let late = false;
    const timer = setTimeout(() => {
      api.post<{ path: string }>(`/intake-keys/${id}/preview`, { form: draft, lang }).then(
        (answer) => answer && !late && setPath(answer.path),
        () => {}, // what can't be shown yet will be complained of when it is saved
      );
    }, 400);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [id, draft, lang]);
  return (
    <section className="fb-side" aria-label={t('Как увидит посетитель')}>
      <div className="row g4">
        <h2 className="panel-title">{t('Как увидит посетитель')}</h2>
        <span className="push" />
        {(['ru', 'en'] as const).map((each) => (
          <Button
            key={each}
            look={lang === each ? '' : 'ghost'}
            small
            aria-pressed={lang === each}
            onClick={() => setLang(each)}
          >
            {each === 'ru' ? t('По-русски') : t('По-английски')}
          </Button>
        ))}
      </div>
      {path && <iframe className="fb-frame" src={path} title={t('Предпросмотр формы')} />}
    </section>
  );
}
