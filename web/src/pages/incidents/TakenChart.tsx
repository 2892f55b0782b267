import { monthLong, monthShort, percent } from '~/entities/figures/figures.ts';
import type { Share } from '~/entities/figures/types.ts';
import { t } from '~/i18n/index.ts';

/** What share the company wants to take in time. */
export const GOAL = 0.9;

const W = 430;
const TOP = 26;
const FOOT = 196;
const LEFT = 40;

/** The share taken in time by month with the goal. */
export function TakenChart({ months, shares }: { months: readonly string[]; shares: readonly Share[] }) {
  const byMonth = new Map(shares.map((share) => [share.from.slice(0, 7), share]));
  const points = months.flatMap((month, at) => {
    const share = byMonth.get(month);
    return share && share.taken + share.missed > 0 ? [{ month, at, value: share.in_time }] : [];
  });
  const low = Math.max(0, Math.min(0.7, Math.floor(Math.min(1, ...points.map((point) => point.value)) * 10) / 10));
  const x = (at: number) => LEFT + (at * (W - LEFT - 27)) / Math.max(1, months.length - 1);
  const y = (value: number) => TOP + ((1 - value) / (1 - low)) * (FOOT - TOP);
  const step = 1 - low > 0.5 ? 0.2 : 0.1;
  const grid = Array.from({ length: Math.round((1 - low) / step) + 1 }, (_, at) => 1 - at * step).filter(
    (value) => Math.abs(value - GOAL) > 0.001 && value >= low - 0.001,
  );
  const line = points.map((point) => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`);
  const last = points.at(-1);
  const first = points[0];
  // As wide as the last value's text, so that neither the goal nor the line runs through it.
  const said = last ? percent(last.value).length * 7.5 + 6 : 0;
  return (
    <section className="panel" aria-labelledby="taken-title">
      <header>
        <h2 id="taken-title">{t('Взято в срок, %')}</h2>
        <span className="push f12 t3">{t('цель {goal}', { goal: percent(GOAL) })}</span>
      </header>
      <div className="in">
        {!points.length && <p className="t3">{t('Барабан за это время ничего не предлагал')}</p>}
        {first && last && (
          <svg
            viewBox={`0 0 ${W} 222`}
            className="line-chart"
            role="img"
            aria-label={points.map((point) => `${monthLong(point.month)}: ${percent(point.value)}`).join(', ')}
          >
            {grid.map((value) => (
              <g key={value}>
                <line x1={34} x2={W - 6} y1={y(value)} y2={y(value)} stroke="var(--border)" />
                <text x={28} y={y(value) + 4} textAnchor="end">
                  {Math.round(value * 100)}
                </text>
              </g>
            ))}
            <line
              x1={34}
              x2={W - 6}
              y1={y(GOAL)}
              y2={y(GOAL)}
              stroke="var(--ok)"
              strokeWidth="1.5"
              strokeDasharray="4 3"
            />
            <text x={28} y={y(GOAL) + 4} textAnchor="end" className="goal">
              {GOAL * 100}
            </text>
            <path
              d={`M${line.join(' L')} L${x(last.at)},${FOOT} L${x(first.at)},${FOOT}z`}
              fill="var(--accent)"
              opacity=".08"
            />
            <polyline
              points={line.join(' ')}
              fill="none"
              stroke="var(--accent)"
              strokeWidth="2"
              strokeLinejoin="round"
            />
            {points.map((point) => (
              <circle
                key={point.month}
                cx={x(point.at)}
                cy={y(point.value)}
                r="3"
                fill="var(--bg-surface)"
                stroke="var(--accent)"
                strokeWidth="2"
              />
            ))}
            {months.map((month, at) =>
              months.length <= 13 || at % Math.ceil(months.length / 12) === 0 ? (
                <text key={month} x={x(at)} y={216} textAnchor="middle">
                  {monthShort(month)}
                </text>
              ) : null,
            )}
            <rect
              x={x(last.at) - said / 2}
              y={y(last.value) - 24}
              width={said}
              height={17}
              rx={3}
              fill="var(--bg-surface)"
              opacity=".9"
            />
            <text x={x(last.at)} y={y(last.value) - 11} textAnchor="middle" className="last">
              {percent(last.value)}
            </text>
          </svg>
        )}
      </div>
    </section>
  );
}
