import { useState } from 'react';
import { useNames } from '~/entities/catalog/catalog.ts';
import { monthLong, monthShort } from '~/entities/figures/figures.ts';
import type { Heat, HeatRow } from '~/entities/figures/types.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import { number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';

const FIRST = 25;

/** From which number each of the five warm steps begins; a busy company has wider ones. */
export function stepsOf(rows: readonly HeatRow[]): number[] {
  const most = Math.max(0, ...rows.flatMap((row) => row.cells));
  const wide = Math.max(1, Math.floor(most / 14));
  return [1, 3, 5, 8, 11].map((step, at) => (at ? step * wide : 1));
}

/** Which of the six steps a number is on. */
export function stepOf(count: number, steps: readonly number[]): number {
  return steps.filter((from) => count >= from).length;
}

interface Props {
  heat: Heat;
  cell?: string;
  onPick: (cell: string | undefined) => void;
}

/** Who has how many incidents in which month. A cell chooses the lines of the journal below. */
export function HeatTable({ heat, cell, onPick }: Props) {
  const nameOf = useNames();
  const [all, setAll] = useState(false);
  const steps = stepsOf(heat.people);
  const people = all ? heat.people : heat.people.slice(0, FIRST);
  const sum = heat.totals.reduce((a, b) => a + b, 0);
  const button = (key: string, count: number, what: string) => (
    <button
      type="button"
      aria-pressed={cell === key}
      aria-label={`${what}: ${number(count)}`}
      onClick={() => onPick(cell === key ? undefined : key)}
    >
      {number(count)}
    </button>
  );
  return (
    <section className="panel" aria-labelledby="heat-title">
      <header>
        <h2 id="heat-title">{t('Инциденты по людям и месяцам')}</h2>
        <span className="push f12 t3 row g6" aria-hidden="true">
          0
          <span className="leg">
            {[0, 1, 2, 3, 4, 5].map((step) => (
              <i key={step} style={{ background: `var(--heat-${step})` }} />
            ))}
          </span>
          {t('{n} и больше', { n: number(steps[4] ?? 11) })}
        </span>
      </header>
      <Wide label={t('Инциденты по людям и месяцам')}>
        <table className="heat">
          <thead>
            <tr>
              <th>
                <span className="sr">{t('Сотрудник')}</span>
              </th>
              {heat.months.map((month) => (
                <th key={month} scope="col" title={monthLong(month)}>
                  {monthShort(month)}
                </th>
              ))}
              <th scope="col" className="tot">
                {t('всего')}
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((row) => (
              <tr key={row.user}>
                <th scope="row">
                  <span className="row g6">
                    <Avatar id={row.user} name={nameOf(row.user) || '?'} silent />
                    <span className="ell">{nameOf(row.user) || t('без ответственного')}</span>
                  </span>
                </th>
                {row.cells.map((count, at) => {
                  const month = heat.months[at] ?? '';
                  const key = `${row.user}:${month}`;
                  if (count < 0)
                    return (
                      <td key={month} className="na" title={t('не работал')}>
                        <span aria-hidden="true">·</span>
                        <span className="sr">{t('не работал')}</span>
                      </td>
                    );
                  return (
                    <td key={month} className={`h${stepOf(count, steps)} ${cell === key ? 'pick' : ''}`}>
                      {button(key, count, `${nameOf(row.user)}, ${monthLong(month)}`)}
                    </td>
                  );
                })}
                <td className={`tot ${cell === `${row.user}:` ? 'pick' : ''}`}>
                  {button(`${row.user}:`, row.total, nameOf(row.user))}
                </td>
              </tr>
            ))}
            <tr className="sum">
              <th scope="row">{t('Всего')}</th>
              {heat.totals.map((count, at) => {
                const key = `0:${heat.months[at]}`;
                return (
                  <td key={key} className={cell === key ? 'pick' : ''}>
                    {count ? button(key, count, monthLong(heat.months[at] ?? '')) : 0}
                  </td>
                );
              })}
              <td className="tot">{number(sum)}</td>
            </tr>
          </tbody>
        </table>
        {heat.people.length > people.length && (
          <Button small look="ghost" onClick={() => setAll(true)}>
            {t('Показать всех, {n}', { n: number(heat.people.length) })}
          </Button>
        )}
      </Wide>
    </section>
  );
}
