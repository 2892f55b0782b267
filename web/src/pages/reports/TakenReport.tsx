import { useQuery } from '@tanstack/react-query';
import { useNames } from '~/entities/catalog/catalog.ts';
import { Behind } from '~/entities/figures/Behind.tsx';
import { percent, plusDays, reportQuery, today } from '~/entities/figures/figures.ts';
import type { Share, Taken } from '~/entities/figures/types.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';

const WEEKS = 12;

/** The first of the weeks shown: a Monday. */
function firstMonday(): string {
  const now = today();
  const weekday = (new Date(`${now}T00:00:00Z`).getUTCDay() + 6) % 7;
  return plusDays(now, -weekday - 7 * (WEEKS - 1));
}

/** Which share of what was offered each person took in time, week by week. */
export function TakenReport() {
  const nameOf = useNames();
  const from = firstMonday();
  const { data } = useQuery(reportQuery<Taken>('taken', { from, to: today() }));
  if (!data) return <section className="panel wide" style={{ minHeight: 200 }} />;
  const weeks = Array.from({ length: WEEKS }, (_, at) => plusDays(from, at * 7));
  const cells = (list: Share[], all: Omit<Share, 'from'>, title: string, user?: number) => (
    <>
      {weeks.map((week) => {
        const share = list.find((each) => each.from === week);
        return (
          <td key={week} className="r">
            {share && share.taken + share.missed > 0 && (
              <Behind
                title={`${title}, ${day(week)}`}
                count={share.taken + share.missed}
                path="turns"
                query={{ user, from: week, to: plusDays(week, 6), outcome: 'counted' }}
                className={share.missed ? '' : 'ok'}
              >
                {percent(share.in_time)}
              </Behind>
            )}
          </td>
        );
      })}
      <td className="r">
        <Behind
          title={title}
          count={all.taken + all.missed}
          path="turns"
          query={{ user, from, to: today(), outcome: 'counted' }}
        >
          {percent(all.in_time)}
        </Behind>
        <span className="cell-sum">{t('{taken} из {all}', { taken: all.taken, all: all.taken + all.missed })}</span>
      </td>
    </>
  );
  const counted = data.people.filter((person) => person.taken + person.missed > 0);
  const taken = counted.reduce((sum, person) => sum + person.taken, 0);
  const missed = counted.reduce((sum, person) => sum + person.missed, 0);
  return (
    <section className="panel wide" aria-labelledby="share-title">
      <header>
        <h2 id="share-title">{t('Взято в срок по людям и неделям')}</h2>
      </header>
      <Wide label={t('Взято в срок по людям и неделям')}>
        <table className="t">
          <thead>
            <tr>
              <th scope="col">{t('Сотрудник')}</th>
              {weeks.map((week) => (
                <th key={week} scope="col" className="r">
                  {day(week)}
                </th>
              ))}
              <th scope="col" className="r">
                {t('Всего')}
              </th>
            </tr>
          </thead>
          <tbody>
            {counted.map((person) => (
              <tr key={person.user}>
                <th scope="row">{nameOf(person.user)}</th>
                {cells(person.weeks, person, nameOf(person.user), person.user)}
              </tr>
            ))}
            {!counted.length && (
              <tr>
                <td className="t3" colSpan={WEEKS + 2}>
                  {t('Барабан за это время ничего не предлагал')}
                </td>
              </tr>
            )}
          </tbody>
          {counted.length > 1 && (
            <tfoot>
              <tr>
                <th scope="row">{t('Все')}</th>
                {cells(data.weeks, { taken, missed, in_time: taken / (taken + missed) }, t('Все'))}
              </tr>
            </tfoot>
          )}
        </table>
      </Wide>
    </section>
  );
}
