import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import type { IntakeKey, Page } from '~/api/types.ts';
import { drumsQuery } from '~/entities/drum/drum.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import './keys.css';

const keysKey = ['intake-keys'];

/** The call a site makes to leave a request, to be tried in a terminal. */
export function curlOf(origin: string, key: string): string {
  return `curl -X POST ${origin}/api/intake/${key} \\\n  -H 'Content-Type: application/json' \\\n  -d '{"name": "${t('Павел Дорохов')}", "phone": "+7 921 555-01-42", "comment": "${t('Нужен расчёт')}"}'`;
}

/** The doors requests come in by: a key each, with a hosted form and an address for programs. */
export function KeysPage() {
  const client = useQueryClient();
  const {
    data: keys,
    error,
    isPending,
    refetch,
  } = useQuery({
    queryKey: keysKey,
    queryFn: ({ signal }) => api.get<Page<IntakeKey>>('/intake-keys', undefined, signal).then((page) => page.items),
  });
  const [adding, setAdding] = useState(false);
  useEffect(() => {
    document.title = `${t('Формы и ключи')} · Voronka`;
  }, []);
  const reload = () => client.invalidateQueries({ queryKey: keysKey });
  const change = async (key: IntakeKey, run: () => Promise<unknown>) => {
    try {
      await run();
      await reload();
    } catch (reason) {
      toast({ kind: 'error', text: t('Не изменилось: {title}', { title: key.title }), detail: errorText(reason) });
    }
  };
  return (
    <main className="sheet">
      <TopBar
        end={
          <Button look="pri" icon="plus" onClick={() => setAdding(true)}>
            {t('Форма')}
          </Button>
        }
      >
        <h1>{t('Формы и ключи')}</h1>
      </TopBar>
      <div className="body scroll page read">
        {isPending && <SkeletonRows rows={4} />}
        {error && <ErrorNote title={t('Ключи не загрузились')} error={error} retry={() => void refetch()} />}
        {keys && !keys.length && (
          <EmptyState
            icon="form"
            title={t('Форм ещё нет')}
            why={t('Форма даёт страницу для клиентов и адрес, по которому сайт присылает обращения')}
            action={
              <Button look="pri" icon="plus" onClick={() => setAdding(true)}>
                {t('Добавить форму')}
              </Button>
            }
          />
        )}
        {keys?.map((key) => (
          <section key={key.id} className="panel" aria-label={key.title}>
            <header className="key-head">
              <h2 className="panel-title">{key.title}</h2>
              {key.active === false && <Badge>{t('выключена')}</Badge>}
              <span className="push" />
              <Link
                to="/settings/forms/$id"
                params={{ id: String(key.id) }}
                className="btn sm"
                aria-label={t('Настроить «{title}»', { title: key.title })}
              >
                {t('Настроить')}
              </Link>
              <Button
                look="ghost"
                small
                onClick={() =>
                  void change(key, () => api.patch(`/intake-keys/${key.id}`, { active: key.active === false }))
                }
              >
                {key.active === false ? t('Включить') : t('Выключить')}
              </Button>
              <Button
                look="ghost"
                small
                icon="trash"
                aria-label={t('Удалить «{title}»', { title: key.title })}
                onClick={() => void change(key, () => api.delete(`/intake-keys/${key.id}`))}
              />
            </header>
            <div className="in form">
              <CopyBox label={t('Страница с формой')} text={`${location.origin}/f/${key.key}`} href={`/f/${key.key}`} />
              <CopyBox label={t('Адрес для сайта и программ')} text={`${location.origin}/api/intake/${key.key}`} />
              <CopyBox label={t('Проверить из консоли')} text={curlOf(location.origin, key.key)} />
            </div>
          </section>
        ))}
      </div>
      {adding && <KeyForm onClose={() => setAdding(false)} onDone={reload} />}
    </main>
  );
}

function KeyForm({ onClose, onDone }: { onClose: () => void; onDone: () => Promise<unknown> }) {
  const { data: drums } = useQuery(drumsQuery);
  const [title, setTitle] = useState('');
  const [drum, setDrum] = useState('');
  const [error, setError] = useState<string | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await api.post('/intake-keys', { title: title.trim(), ...(drum ? { drum: Number(drum) } : {}) });
      await onDone();
      onClose();
    } catch (reason) {
      setError(errorText(reason));
    }
  };
  return (
    <Dialog title={t('Новая форма')} onClose={onClose}>
      <form className="col g12" onSubmit={send}>
        <FormField label={t('Название')} error={error ?? undefined}>
          <input
            className="input"
            required
            data-autofocus
            value={title}
            placeholder={t('Форма на сайте')}
            onChange={(event) => setTitle(event.target.value)}
          />
        </FormField>
        <FormField label={t('Кому отдавать обращения')}>
          <select className="input" value={drum} onChange={(event) => setDrum(event.target.value)}>
            <option value="">{t('как настроено по умолчанию')}</option>
            {drums?.map((each) => (
              <option key={each.id} value={each.id}>
                {t('барабан «{title}»', { title: each.title })}
              </option>
            ))}
          </select>
        </FormField>
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit">
            {t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
