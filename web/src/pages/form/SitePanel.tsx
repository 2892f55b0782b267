import { useState } from 'react';
import { api } from '~/api/client.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { type FormKey, frameOf, snippetOf, trackerOf } from '~/entities/form/form.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';

interface Tried {
  type: string;
  title: string;
  repeat: boolean;
  user?: number | null;
  drum?: number | null;
}

/** How the form gets on a site, and a try of what becomes of a request. */
export function SitePanel({ form, changed }: { form: FormKey; changed: boolean }) {
  const origin = location.origin;
  return (
    <div className="page read">
      {changed && (
        <div className="note w">
          <Icon name="alert" />
          <span>{t('На сайте видно то, что сохранено')}</span>
        </div>
      )}
      <section className="panel" aria-label={t('На сайт')}>
        <header>
          <h2 className="panel-title">{t('На сайт')}</h2>
        </header>
        <div className="in form">
          <CopyBox label={t('Вставьте туда, где должна быть форма')} text={snippetOf(origin, form.key, form.lang)} />
          <CopyBox label={t('И на остальные страницы, чтобы знать, откуда пришёл клиент')} text={trackerOf(origin)} />
          <p className="hint">
            {t(
              'Tilda: блок «HTML-код» (T123). WordPress: блок «Произвольный HTML». Обычный сайт: перед закрывающим тегом body. Посетитель запоминается в браузере без cookies',
            )}
          </p>
          <CopyBox label={t('Если сайт не пускает чужие скрипты')} text={frameOf(origin, form.key, form.title)} />
          <CopyBox
            label={t('Страница с формой: для писем и QR-кодов')}
            text={`${origin}/f/${form.key}`}
            href={`/f/${form.key}`}
          />
        </div>
      </section>
      <TryOut id={form.id} />
    </div>
  );
}

function TryOut({ id }: { id: number }) {
  const nameOf = useNames();
  const [tried, setTried] = useState<Tried | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      const values = { name: t('Проверка формы'), phone: '+7 900 000-00-00', comment: t('Пробное обращение') };
      setTried((await api.post<Tried>(`/intake-keys/${id}/trial`, { values })) ?? null);
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="panel" aria-label={t('Проба')}>
      <header>
        <h2 className="panel-title">{t('Проба')}</h2>
        <span className="push" />
        <Button small busy={busy} onClick={() => void run()}>
          {t('Попробовать')}
        </Button>
      </header>
      <div className="in" role="status">
        {error ? <ErrorNote title={t('Обращение не прошло бы')} error={error} /> : null}
        {!error && !tried && (
          <p className="t2">{t('Пробное обращение проходит весь путь, и после него ничего не остаётся')}</p>
        )}
        {!error && tried && (
          <p>
            <Icon name="check" small />{' '}
            {tried.user
              ? t('Обращение прошло бы: {type}, получит {name}', {
                  type: tried.type === 'deal' ? t('сделка') : t('лид'),
                  name: nameOf(tried.user),
                })
              : t('Обращение прошло бы: {type}, ответственного нет', {
                  type: tried.type === 'deal' ? t('сделка') : t('лид'),
                })}
          </p>
        )}
      </div>
    </section>
  );
}
