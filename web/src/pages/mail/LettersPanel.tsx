import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { IntakeKey, Page } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { LetterForm } from './LetterForm.tsx';
import { letterQuery } from './mail.ts';
import './mail.css';

/** The letters clients get for their requests, one for each form or key. */
export function LettersPanel({ active }: { active: boolean }) {
  const { data: keys } = useQuery({
    queryKey: ['intake-keys'],
    queryFn: ({ signal }) => api.get<Page<IntakeKey>>('/intake-keys', undefined, signal).then((page) => page.items),
  });
  const [chosen, setChosen] = useState<number>();
  const key = chosen ?? keys?.[0]?.id;
  return (
    <section className="panel" aria-label={t('Письмо клиенту')}>
      <header>
        <h2 className="panel-title">{t('Письмо клиенту')}</h2>
      </header>
      <div className="in form">
        <p className="t2">
          {t('Уходит один раз на каждое принятое обращение, в котором есть почта. На отклонённое не уходит')}
        </p>
        {!active && <p className="hint">{t('Пока письма выключены, клиенты ничего не получат')}</p>}
        {keys && !keys.length && <p>{t('Сначала добавьте форму или ключ')}</p>}
        {!!keys?.length && (
          <FormField label={t('Откуда пришло обращение')}>
            <select className="input" value={key} onChange={(event) => setChosen(Number(event.target.value))}>
              {keys.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.title}
                </option>
              ))}
            </select>
          </FormField>
        )}
        {key && <Letter key={key} id={key} />}
      </div>
    </section>
  );
}

function Letter({ id }: { id: number }) {
  const { data, error, refetch } = useQuery(letterQuery(id));
  if (error) return <ErrorNote title={t('Письмо не загрузилось')} error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} />;
  const { placeholders, ...letter } = data;
  return <LetterForm id={id} letter={letter} placeholders={placeholders} />;
}
