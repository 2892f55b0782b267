import { useEffect } from 'react';
import { t } from '~/i18n/index.ts';
import { TopBar } from '~/ui/TopBar.tsx';
import { CohortReport } from './CohortReport.tsx';
import { StagesReport } from './StagesReport.tsx';
import { TakenReport } from './TakenReport.tsx';
import '~/entities/figures/figures.css';

/** The figures of a head's Monday: what lies with whom, what became of requests, who takes in time. */
export function ReportsPage() {
  useEffect(() => {
    document.title = `${t('Отчёты')} · Voronka`;
  }, []);
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Отчёты')}</h1>
      </TopBar>
      <div className="body scroll">
        <div className="fig">
          <StagesReport />
          <CohortReport />
          <TakenReport />
        </div>
      </div>
    </main>
  );
}
