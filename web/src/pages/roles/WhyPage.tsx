import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { slugOf } from '~/entities/catalog/catalog.ts';
import { recordQuery } from '~/entities/record/queries.ts';
import { whyQuery } from '~/entities/role/role.ts';
import { Answered } from '~/features/rights/WhyAnswer.tsx';
import { t } from '~/i18n/index.ts';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { TopBar } from '~/ui/TopBar.tsx';

/** The answer to a question about oneself by its address; who may see roles is led to their page instead. */
export function WhyPage() {
  const { type = '', id = 0, op = 'see' } = useSearch({ from: '/inside/rights' });
  const question = { type, id, op };
  const asked = !!type && !!id;
  const { data, error, refetch } = useQuery({ ...whyQuery(question), enabled: asked });
  const { data: record } = useQuery({ ...recordQuery(type, id), enabled: asked });
  useEffect(() => {
    document.title = `${t('Мои права')} · Voronka`;
  }, []);
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Мои права')}</h1>
      </TopBar>
      <div className="body scroll page read">
        {!asked ? (
          <EmptyState
            icon="help"
            title={t('О какой записи речь?')}
            why={t('Откройте карточку и выберите в её меню «Почему я не могу…?»')}
          />
        ) : (
          <section className="panel">
            {record && (
              <header>
                <Link className="link ell" to="/$slug/$id" params={{ slug: slugOf(type), id: String(id) }}>
                  {record.title}
                </Link>
              </header>
            )}
            <div className="in">
              <Answered why={data} error={error} retry={() => void refetch()} question={question} />
            </div>
          </section>
        )}
      </div>
    </main>
  );
}
