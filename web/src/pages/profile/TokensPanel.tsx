import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page, Token } from '~/api/types.ts';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** Keys with which programs act in the person's name; each is shown once. */
export function TokensPanel() {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => api.get<Page<Token>>('/tokens', undefined, signal).then((page) => page.items),
  });
  const [title, setTitle] = useState('');
  const [made, setMade] = useState<string | null>(null);
  const reload = () => client.invalidateQueries({ queryKey: ['tokens'] });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const { token } = await api.post<{ token: string }>('/tokens', { title: title.trim() });
      setMade(token);
      setTitle('');
      await reload();
    } catch (error) {
      toast({ kind: 'error', text: t('Токен не создан'), detail: errorText(error) });
    }
  };
  const revoke = async (token: Token) => {
    try {
      await api.delete(`/tokens/${token.id}`);
      await reload();
    } catch (error) {
      toast({ kind: 'error', text: t('Токен остался'), detail: errorText(error) });
    }
  };
  return (
    <section className="panel" aria-label={t('Токены API')}>
      <header>
        <h2 className="panel-title">{t('Токены API')}</h2>
      </header>
      {made && (
        <div className="in">
          <CopyBox label={t('Новый токен. Сохраните его сейчас, больше он не покажется')} text={made} />
        </div>
      )}
      <ul className="lines">
        {data?.map((token) => (
          <li key={token.id}>
            <span className="grow">
              <span className="m ell me-name">{token.title}</span>
              <span className="f12 t3 me-name">
                {[
                  token.created_at ? t('создан {day}', { day: day(Date.parse(token.created_at)) }) : '',
                  token.used_at ? t('работал {day}', { day: day(Date.parse(token.used_at)) }) : t('ещё не работал'),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            <Button small look="redline" onClick={() => void revoke(token)}>
              {t('Отозвать')}
            </Button>
          </li>
        ))}
        <li>
          <form className="row grow" onSubmit={add}>
            <input
              className="input"
              required
              aria-label={t('Для чего токен')}
              placeholder={t('Для чего токен, например «Отчёты»')}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
            <Button small type="submit">
              {t('Создать')}
            </Button>
          </form>
        </li>
      </ul>
    </section>
  );
}
