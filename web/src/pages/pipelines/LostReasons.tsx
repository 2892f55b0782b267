import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '~/api/client.ts';
import { lostReasonsQuery, titleOf, useLostReasons } from '~/entities/catalog/catalog.ts';
import { language, t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { InlineField } from '~/ui/InlineField.tsx';
import { toast } from '~/ui/toasts.ts';
import { codeOf } from './kinds.ts';

/** Why records of a type are lost; renamed in place. */
export function LostReasons({ type }: { type: string }) {
  const client = useQueryClient();
  const reasons = useLostReasons(type);
  const [title, setTitle] = useState('');
  const reload = () => client.invalidateQueries({ queryKey: lostReasonsQuery(type).queryKey });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const text = title.trim();
    if (!text) return;
    try {
      await api.post('/lost-reasons', { type, code: codeOf(text), title_ru: text, title_en: text });
      setTitle('');
      await reload();
    } catch (error) {
      toast({ kind: 'error', text: t('Не добавлено'), detail: errorText(error) });
    }
  };
  const remove = async (id: number) => {
    try {
      await api.delete(`/lost-reasons/${id}`);
      await reload();
    } catch (error) {
      toast({ kind: 'error', text: t('Причина осталась'), detail: errorText(error) });
    }
  };
  return (
    <section className="panel" aria-label={t('Причины отказа')}>
      <header>
        <h2 className="panel-title">{t('Причины отказа')}</h2>
      </header>
      <ul className="lines" data-inline-group>
        {reasons.map((reason) => (
          <li key={reason.id}>
            <InlineField
              label={t('Причина отказа')}
              value={titleOf(reason)}
              display={(value) => value}
              editor={({ value, onChange, inputProps }) => (
                <input
                  {...inputProps}
                  className="input"
                  value={value}
                  onChange={(event) => onChange(event.target.value)}
                />
              )}
              onSave={(value) =>
                api
                  .patch(`/lost-reasons/${reason.id}`, language() === 'ru' ? { title_ru: value } : { title_en: value })
                  .then(reload)
              }
            />
            <Button
              look="ghost"
              small
              icon="trash"
              aria-label={t('Убрать: {title}', { title: titleOf(reason) })}
              onClick={() => void remove(reason.id)}
            />
          </li>
        ))}
        <li>
          <form className="row grow" onSubmit={add}>
            <input
              className="input"
              aria-label={t('Новая причина')}
              placeholder={t('Новая причина')}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
            <Button small type="submit" disabled={!title.trim()}>
              {t('Добавить')}
            </Button>
          </form>
        </li>
      </ul>
    </section>
  );
}
