import type { DrumStanding } from '~/api/types.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { initials } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { personColor } from '~/ui/Avatar.tsx';

const MOST = 12;

/** The drum as a ring: who is next stands on top, who can't take anything now is dashed. */
export function DrumRing({ people }: { people: DrumStanding[] }) {
  const nameOf = useNames();
  const shown = people.slice(0, MOST);
  const next = shown.find((each) => each.place === 1);
  const spot = (at: number) => {
    const angle = (at / Math.max(shown.length, 1)) * 2 * Math.PI;
    return { x: 120 + 84 * Math.sin(angle), y: 120 - 84 * Math.cos(angle) };
  };
  return (
    <svg viewBox="0 0 240 240" className="drum-ring" aria-hidden="true">
      <circle cx="120" cy="120" r="84" fill="none" stroke="var(--border)" strokeWidth="1.5" />
      {shown.map((each, at) => {
        const { x, y } = spot(at);
        const color = personColor(each.user);
        const r = each.place === 1 ? 26 : 19;
        return (
          <g key={each.user}>
            <circle
              cx={x}
              cy={y}
              r={r}
              fill={each.place ? `var(--stage-${color}-soft)` : 'var(--bg-sunken)'}
              stroke={each.place === 1 ? 'var(--accent)' : 'var(--bg-sheet)'}
              strokeWidth="3"
            />
            {!each.place && (
              <circle
                cx={x}
                cy={y}
                r={r - 2}
                fill="none"
                stroke="var(--border-control)"
                strokeWidth="1.2"
                strokeDasharray="2.5 2.5"
              />
            )}
            <text
              x={x}
              y={y + (each.place === 1 ? 5 : 4.5)}
              textAnchor="middle"
              fontSize={each.place === 1 ? 15 : 12}
              fontWeight="600"
              fill={each.place ? `var(--stage-${color}-text)` : 'var(--text-3)'}
            >
              {initials(nameOf(each.user))}
            </text>
          </g>
        );
      })}
      {next ? (
        <>
          <text x="120" y="112" textAnchor="middle" fontSize="12" fill="var(--text-3)">
            {t('следующий')}
          </text>
          <text x="120" y="131" textAnchor="middle" fontSize="15" fontWeight="600" fill="var(--text)">
            {nameOf(next.user).split(' ')[0]}
          </text>
        </>
      ) : (
        <text x="120" y="124" textAnchor="middle" fontSize="12" fill="var(--text-3)">
          {t('сейчас некому')}
        </text>
      )}
    </svg>
  );
}
