import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { t } from '~/i18n/index.ts';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { LettersPanel } from './LettersPanel.tsx';
import { mailQuery } from './mail.ts';
import { ServerPanel } from './ServerPanel.tsx';
import { TestPanel } from './TestPanel.tsx';

/** Mail: the server letters leave by, and the letters clients get. */
export function MailPage() {
  const { data, error, isPending, refetch } = useQuery(mailQuery);
  useEffect(() => {
    document.title = `${t('Почта')} · Voronka`;
  }, []);
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Почта')}</h1>
      </TopBar>
      <div className="body scroll page read">
        {isPending && <SkeletonRows rows={8} />}
        {error && <ErrorNote title={t('Настройки не загрузились')} error={error} retry={() => void refetch()} />}
        {data && (
          <>
            <ServerPanel settings={data} />
            <TestPanel settings={data} />
            <LettersPanel active={data.active} />
          </>
        )}
      </div>
    </main>
  );
}
