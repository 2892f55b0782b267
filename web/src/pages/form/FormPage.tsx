import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError, api } from '~/api/client.ts';
import { useTypes } from '~/entities/catalog/catalog.ts';
import { askables, builtOf, type FormKey, type FormOptions, formQuery, formsKey } from '~/entities/form/form.ts';
import { usePortal } from '~/entities/session/session.ts';
import { language, t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import './form.css';
import { FormPreview } from './FormPreview.tsx';
import { FormRequests } from './FormRequests.tsx';
import { ItemsEditor } from './ItemsEditor.tsx';
import { LookEditor } from './LookEditor.tsx';
import { SitePanel } from './SitePanel.tsx';
import { WordsEditor } from './WordsEditor.tsx';

type Tab = 'items' | 'words' | 'look' | 'site' | 'requests';

/** One form: what it asks, what it says, how it looks, how it gets on a site, and what has come through it. */
export function FormPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data: key, error, isPending, refetch } = useQuery(formQuery(Number(id)));
  if (key) return <Builder key={key.id} form={key} />;
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Форма')}</h1>
      </TopBar>
      <div className="body scroll page read">
        {isPending && <SkeletonRows rows={6} />}
        {error && <ErrorNote title={t('Форма не загрузилась')} error={error} retry={() => void refetch()} />}
      </div>
    </main>
  );
}

function Builder({ form: saved }: { form: FormKey }) {
  const client = useQueryClient();
  const types = useTypes();
  const portal = usePortal();
  const fields = askables(types, portal.simple ? 'deal' : 'lead');
  const [tab, setTab] = useState<Tab>('items');
  const [draft, setDraft] = useState<FormOptions>(() => builtOf(saved.form));
  const [lang, setLang] = useState(saved.lang);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [previewLang, setPreviewLang] = useState<'ru' | 'en'>(saved.lang === 'en' ? 'en' : language());
  const changed = lang !== saved.lang || JSON.stringify(draft) !== JSON.stringify(builtOf(saved.form));
  useEffect(() => {
    document.title = `${saved.title} · Voronka`;
  }, [saved.title]);
  // Whoever leaves with something unsaved is asked by the browser.
  useEffect(() => {
    if (!changed) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [changed]);

  const put = (more: Partial<FormOptions>) => setDraft((old) => ({ ...old, ...more }));
  const save = async () => {
    setBusy(true);
    setErrors({});
    try {
      const key = await api.patch<FormKey>(`/intake-keys/${saved.id}`, { form: draft, lang });
      client.setQueryData(formQuery(saved.id).queryKey, key);
      await client.invalidateQueries({ queryKey: formsKey });
      if (key) setDraft(builtOf(key.form));
      toast({ text: t('Форма сохранена') });
    } catch (reason) {
      setErrors(reason instanceof ApiError ? reason.fields : {});
      toast({ kind: 'error', text: t('Форма не сохранилась'), detail: errorText(reason) });
    } finally {
      setBusy(false);
    }
  };
  useAction({ id: 'save-form', title: t('Сохранить форму'), group: t('Форма'), icon: 'check', run: () => void save() });

  const tabs: [Tab, string][] = [
    ['items', t('Поля')],
    ['words', t('Тексты')],
    ['look', t('Вид и защита')],
    ['site', t('На сайт')],
    ['requests', t('Обращения')],
  ];
  const editing = tab === 'items' || tab === 'words' || tab === 'look';
  const complaints = Object.entries(errors).filter(([path]) => !path.startsWith('form/items'));
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            {changed && <Badge tone="w">{t('не сохранено')}</Badge>}
            <Button look="pri" busy={busy} disabled={!changed} onClick={() => void save()}>
              {t('Сохранить')}
            </Button>
          </>
        }
      >
        <Link to="/settings/forms" className="btn ghost ico" aria-label={t('Все формы')}>
          <Icon name="cl" small />
        </Link>
        <h1 className="ell">{saved.title}</h1>
      </TopBar>
      <div className="bar lined fb-tabs">
        <nav className="tabs" aria-label={t('Части формы')}>
          {tabs.map(([code, title]) => (
            <button
              key={code}
              type="button"
              className={tab === code ? 'on' : ''}
              aria-current={tab === code || undefined}
              onClick={() => setTab(code)}
            >
              {title}
            </button>
          ))}
        </nav>
      </div>
      <div className="body scroll">
        {editing && (
          <div className="fb">
            <div className="col g12">
              {complaints.length > 0 && (
                <div className="note d" role="alert">
                  <Icon name="alert" />
                  <span>{complaints.map(([, text]) => text).join('. ')}</span>
                </div>
              )}
              {tab === 'items' && <ItemsEditor draft={draft} fields={fields} errors={errors} put={put} />}
              {tab === 'words' && <WordsEditor draft={draft} put={put} lang={lang} setLang={setLang} />}
              {tab === 'look' && <LookEditor draft={draft} put={put} />}
            </div>
            <FormPreview id={saved.id} draft={draft} lang={previewLang} setLang={setPreviewLang} />
          </div>
        )}
        {tab === 'site' && <SitePanel form={saved} changed={changed} />}
        {tab === 'requests' && <FormRequests form={saved} />}
      </div>
    </main>
  );
}
