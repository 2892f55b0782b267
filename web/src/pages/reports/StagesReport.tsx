import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { slugOf, titleOf, useNames, usePipelines } from '~/entities/catalog/catalog.ts';
import { reportQuery } from '~/entities/figures/figures.ts';
import type { StageCell, Stages } from '~/entities/figures/types.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import type { Condition } from '~/entities/record/condition.ts';
import { usePortal } from '~/entities/session/session.ts';
import { duration, moneyShort, number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';

/** What lies on which stage with whom: how many, how much, for how long. */
export function StagesReport() {
  const portal = usePortal();
  const nameOf = useNames();
  const pipelines = usePipelines().filter((pipeline) => !(portal.simple && pipeline.type === 'lead'));
  const [chosen, setChosen] = useState<number | null>(null);
  const pipeline =
    pipelines.find((each) => each.id === chosen) ?? pipelines.find((each) => each.type === 'deal') ?? pipelines[0];
  const { data } = useQuery({
    ...reportQuery<Stages>('stages', { type: pipeline?.type, pipeline: pipeline?.code }),
    enabled: !!pipeline,
  });
  if (!pipeline || !data) return <section className="panel wide" style={{ minHeight: 260 }} />;
  const stages = pipeline.stages.filter((stage) => stage.kind === 'open' || stage.kind === 'waiting');
  const people = new Map<number, { count: number; sum: number }>();
  for (const cell of data.cells) {
    const sum = people.get(cell.user ?? 0) ?? { count: 0, sum: 0 };
    people.set(cell.user ?? 0, { count: sum.count + cell.count, sum: sum.sum + cell.sum });
  }
  const rows = [...people].sort(([, a], [, b]) => b.sum - a.sum || b.count - a.count);
  const link = (where: Condition[], label: string, count: number) => (
    <Link
      to="/$slug"
      params={{ slug: slugOf(pipeline.type) }}
      search={{ view: 'list', pipeline: pipeline.code, where: where.length ? where : undefined }}
      className="num link-quiet behind"
      aria-label={`${label}: ${number(count)}`}
    >
      {number(count)}
    </Link>
  );
  const of = (user: number): Condition =>
    user ? { f: 'responsible', o: 'in', v: [user] } : { f: 'responsible', o: 'empty' };
  const at = (stage: string): Condition => ({ f: 'stage', o: 'in', v: [stage] });
  const sumOf = (cells: StageCell[]) => ({
    count: cells.reduce((sum, cell) => sum + cell.count, 0),
    sum: cells.reduce((sum, cell) => sum + cell.sum, 0),
  });
  const everything = sumOf(data.cells);
  return (
    <section className="panel wide" aria-labelledby="stages-title">
      <header>
        <h2 id="stages-title">{t('Что у кого на стадиях')}</h2>
        <select
          className="input fit push"
          aria-label={t('Воронка')}
          value={pipeline.id}
          onChange={(event) => setChosen(Number(event.target.value))}
        >
          {pipelines.map((each) => (
            <option key={each.id} value={each.id}>
              {titleOf(each)}
            </option>
          ))}
        </select>
      </header>
      <Wide label={t('Что у кого на стадиях')}>
        <table className="t tall">
          <thead>
            <tr>
              <th scope="col">{t('Ответственный')}</th>
              {stages.map((stage) => (
                <th key={stage.code} scope="col" className="r">
                  {titleOf(stage)}
                </th>
              ))}
              <th scope="col" className="r">
                {t('Всего')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([user, all]) => (
              <tr key={user}>
                <th scope="row">{user ? nameOf(user) : t('без ответственного')}</th>
                {stages.map((stage) => {
                  const cell = data.cells.find((each) => each.stage === stage.code && (each.user ?? 0) === user);
                  return (
                    <td key={stage.code} className="r">
                      {cell && (
                        <>
                          {link([of(user), at(stage.code)], `${nameOf(user)}, ${titleOf(stage)}`, cell.count)}
                          <span className="cell-sum">{moneyShort(cell.sum, portal.currency)}</span>
                          <span className="cell-sum" title={t('В среднем на стадии')}>
                            {duration(cell.hours * 3_600_000)}
                          </span>
                        </>
                      )}
                    </td>
                  );
                })}
                <td className="r">
                  {link([of(user)], nameOf(user), all.count)}
                  <span className="cell-sum">{moneyShort(all.sum, portal.currency)}</span>
                </td>
              </tr>
            ))}
            {!rows.length && (
              <tr>
                <td className="t3" colSpan={stages.length + 2}>
                  {t('В этой воронке сейчас пусто')}
                </td>
              </tr>
            )}
          </tbody>
          {rows.length > 0 && (
            <tfoot>
              <tr>
                <th scope="row">{t('Всего')}</th>
                {stages.map((stage) => {
                  const sum = sumOf(data.cells.filter((cell) => cell.stage === stage.code));
                  return (
                    <td key={stage.code} className="r">
                      {sum.count > 0 && link([at(stage.code)], titleOf(stage), sum.count)}
                      {sum.count > 0 && <span className="cell-sum">{moneyShort(sum.sum, portal.currency)}</span>}
                    </td>
                  );
                })}
                <td className="r">
                  {link([], t('Всего'), everything.count)}
                  <span className="cell-sum">{moneyShort(everything.sum, portal.currency)}</span>
                </td>
              </tr>
            </tfoot>
          )}
        </table>
      </Wide>
      {!data.exact && <p className="hint in">{t('Записей очень много: посчитаны первые 200 000')}</p>}
    </section>
  );
}
