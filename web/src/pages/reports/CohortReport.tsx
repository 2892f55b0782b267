import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { titleOf, usePipelines } from '~/entities/catalog/catalog.ts';
import { Behind } from '~/entities/figures/Behind.tsx';
import { monthsAgo, percent, reportQuery, today, useSourceTitle } from '~/entities/figures/figures.ts';
import type { Cohort, CohortSource } from '~/entities/figures/types.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import { usePortal } from '~/entities/session/session.ts';
import { moneyShort } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';

/** What became of those who asked in a time, by source: how far they came and how many were won. */
export function CohortReport() {
  const portal = usePortal();
  const sourceTitle = useSourceTitle();
  const pipelines = usePipelines().filter((pipeline) => !(portal.simple && pipeline.type === 'lead'));
  const first = pipelines.find((each) => each.type === (portal.simple ? 'deal' : 'lead'));
  const [chosen, setChosen] = useState<number | null>(null);
  const [from, setFrom] = useState(monthsAgo(2));
  const [to, setTo] = useState(today());
  const pipeline = pipelines.find((each) => each.id === chosen) ?? first;
  const query = { type: pipeline?.type, pipeline: pipeline?.code, from, to };
  const { data } = useQuery({ ...reportQuery<Cohort>('cohort', query), enabled: !!pipeline && from <= to });
  const stageTitle = (code: string) => titleOf(pipeline?.stages.find((stage) => stage.code === code));
  const total = (data?.sources ?? []).reduce<CohortSource>(
    (sum, row) => ({
      source: '',
      count: sum.count + row.count,
      reached: row.reached.map((n, at) => n + (sum.reached[at] ?? 0)),
      won: sum.won + row.won,
      lost: sum.lost + row.lost,
      won_sum: sum.won_sum + row.won_sum,
    }),
    { source: '', count: 0, reached: [], won: 0, lost: 0, won_sum: 0 },
  );
  const line = (title: string, row: CohortSource, narrower: { source?: string }) => {
    const number = (what: string, count: number, more: Record<string, string>, share = true) => (
      <td key={what} className="r">
        <Behind
          title={`${title}, ${what}`}
          count={count}
          path="cohort/records"
          query={{ ...query, ...narrower, ...more }}
        />
        {share && row.count > 0 && <span className="cell-sum">{percent(count / row.count)}</span>}
      </td>
    );
    return (
      <tr key={title}>
        <th scope="row">{title}</th>
        {number(t('пришло'), row.count, {}, false)}
        {data?.stages.map((stage, at) => number(stageTitle(stage), row.reached[at] ?? 0, { reached: stage }))}
        {number(t('выиграно'), row.won, { outcome: 'won' })}
        {number(t('проиграно'), row.lost, { outcome: 'lost' })}
        <td className="r num">{row.won_sum ? moneyShort(row.won_sum, portal.currency) : ''}</td>
      </tr>
    );
  };
  return (
    <section className="panel wide" aria-labelledby="cohort-title">
      <header>
        <h2 id="cohort-title">{t('Что стало с обращениями')}</h2>
        <span className="push row g6 wrap">
          <select
            className="input fit"
            aria-label={t('Воронка обращений')}
            value={pipeline?.id ?? ''}
            onChange={(event) => setChosen(Number(event.target.value))}
          >
            {pipelines.map((each) => (
              <option key={each.id} value={each.id}>
                {titleOf(each)}
              </option>
            ))}
          </select>
          <input
            className="input fit"
            type="date"
            aria-label={t('С какого дня')}
            value={from}
            onChange={(event) => event.target.value && setFrom(event.target.value)}
          />
          <input
            className="input fit"
            type="date"
            aria-label={t('По какой день')}
            value={to}
            onChange={(event) => event.target.value && setTo(event.target.value)}
          />
        </span>
      </header>
      <Wide label={t('Что стало с обращениями')}>
        <table className="t tall">
          <thead>
            <tr>
              <th scope="col">{t('Источник')}</th>
              <th scope="col" className="r">
                {t('Пришло')}
              </th>
              {data?.stages.map((stage) => (
                <th key={stage} scope="col" className="r">
                  {stageTitle(stage)}
                </th>
              ))}
              <th scope="col" className="r">
                {t('Выиграно')}
              </th>
              <th scope="col" className="r">
                {t('Проиграно')}
              </th>
              <th scope="col" className="r">
                {t('Сумма')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data?.sources.map((row) => line(sourceTitle(row.source), row, { source: row.source || '-' }))}
            {data && !data.sources.length && (
              <tr>
                <td className="t3" colSpan={data.stages.length + 5}>
                  {t('За это время никто не обращался')}
                </td>
              </tr>
            )}
          </tbody>
          {total.count > 0 && <tfoot>{line(t('Всего'), total, {})}</tfoot>}
        </table>
      </Wide>
      <p className="hint in">{t('Под стадией — сколько дошло до неё или дальше, доля от пришедших')}</p>
    </section>
  );
}
