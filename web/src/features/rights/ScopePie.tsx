import type { Reach } from '~/entities/role/role.ts';

const shares: Record<Reach, number> = {
  none: 0,
  own: 0.25,
  observed: 0.25,
  department: 0.5,
  below: 0.75,
  led: 0.75,
  all: 1,
};

/** How far an operation reaches as a little pie: empty, own, department, with all below, everything. */
export function ScopePie({ reach }: { reach: Reach }) {
  const share = shares[reach];
  if (!share)
    return (
      <svg className="g" viewBox="0 0 14 14" aria-hidden="true">
        <circle
          cx="7"
          cy="7"
          r="5.2"
          fill="none"
          stroke="var(--border-control)"
          strokeWidth="1.3"
          strokeDasharray="1.5 2"
        />
      </svg>
    );
  const angle = share * 2 * Math.PI;
  const x = 7 + 5.4 * Math.sin(angle);
  const y = 7 - 5.4 * Math.cos(angle);
  return (
    <svg className="g" viewBox="0 0 14 14" aria-hidden="true">
      <circle
        cx="7"
        cy="7"
        r="5.4"
        fill={share === 1 ? 'var(--accent)' : 'var(--bg-surface)'}
        stroke="var(--accent)"
        strokeWidth="1.3"
      />
      {share < 1 && (
        <path d={`M7 7V1.6A5.4 5.4 0 ${share > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}z`} fill="var(--accent)" />
      )}
    </svg>
  );
}
