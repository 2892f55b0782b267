import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { drumsQuery } from '~/entities/drum/drum.ts';
import { Behind } from '~/entities/figures/Behind.tsx';
import { minutes, percent, reportQuery, useSourceTitle } from '~/entities/figures/figures.ts';
import type { Speed, Spread } from '~/entities/figures/types.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import { t } from '~/i18n/index.ts';
import type { reportFilter } from './filter.ts';

type By = 'drum' | 'hour' | 'source';

/** How long requests wait until somebody takes them, and what other limits would have meant. */
export function SpeedPanel({ filter }: { filter: ReturnType<typeof reportFilter> }) {
  const { data } = useQuery(reportQuery<Speed>('speed', { ...filter, kind: undefined }));
  const { data: drums } = useQuery(drumsQuery);
  const [by, setBy] = useState<By>('drum');
  const sourceTitle = useSourceTitle();
  if (!data) return <section className="panel" style={{ minHeight: 220 }} />;
  const rows: [string, Spread, object][] =
    by === 'drum'
      ? data.drums.map((row) => [
          drums?.find((drum) => drum.id === row.drum)?.title ?? t('Барабан {id}', { id: row.drum }),
          row,
          { drum: row.drum },
        ])
      : by === 'hour'
        ? data.hours.map((row) => [`${String(row.hour).padStart(2, '0')}:00`, row, { hour: row.hour }])
        : data.sources.map((row) => [sourceTitle(row.source), row, { source: row.source || '-' }]);
  return (
    <section className="panel" aria-labelledby="speed-title">
      <header>
        <h2 id="speed-title">{t('За сколько берут, рабочее время')}</h2>
        <label className="push row g6 f12 t3">
          {t('по')}
          <select className="input fit" value={by} onChange={(event) => setBy(event.target.value as By)}>
            <option value="drum">{t('барабанам')}</option>
            <option value="hour">{t('часам')}</option>
            <option value="source">{t('источникам')}</option>
          </select>
        </label>
      </header>
      {data.all.count > 0 && (
        <div className="would">
          {data.would.map((would) => (
            <div key={would.minutes}>
              <b className="num">{percent(would.share)}</b>
              <span className="f12 t2">{t('в срок при {n} мин на обращение', { n: would.minutes })}</span>
            </div>
          ))}
        </div>
      )}
      <Wide label={t('За сколько берут, рабочее время')}>
        <table className="t">
          <thead>
            <tr>
              <th scope="col">{by === 'drum' ? t('Барабан') : by === 'hour' ? t('Час') : t('Источник')}</th>
              <th scope="col" className="r">
                {t('Взято')}
              </th>
              <th scope="col" className="r" title={t('Половина взята не позже')}>
                p50
              </th>
              <th scope="col" className="r" title={t('Восемь из десяти взяты не позже')}>
                p80
              </th>
              <th scope="col" className="r" title={t('Девять из десяти взяты не позже')}>
                p90
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([title, row, narrower]) => (
              <SpreadRow key={title} title={title} row={row} query={{ ...filter, kind: undefined, ...narrower }} />
            ))}
          </tbody>
          {data.all.count > 0 ? (
            <tfoot>
              <SpreadRow title={t('Всего')} row={data.all} query={{ ...filter, kind: undefined }} />
            </tfoot>
          ) : (
            <tbody>
              <tr>
                <td colSpan={5} className="t3">
                  {t('За это время ничего не взяли')}
                </td>
              </tr>
            </tbody>
          )}
        </table>
      </Wide>
    </section>
  );
}

function SpreadRow({ title, row, query }: { title: string; row: Spread; query: Record<string, unknown> }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td className="r">
        <Behind
          title={t('Взято, {what}', { what: title })}
          count={row.count}
          path="turns"
          query={{ ...(query as Record<string, string>), outcome: 'taken' }}
        />
      </td>
      <td className="r">{minutes(row.p50)}</td>
      <td className="r">{minutes(row.p80)}</td>
      <td className="r">{minutes(row.p90)}</td>
    </tr>
  );
}
