import type { StageKind } from '~/api/types.ts';

/** How much of the ring is filled: the place of a stage among the open ones, 0..1. */
export function ringShare(place: number, of: number): number {
  return of <= 0 ? 0 : Math.min(1, (place + 1) / (of + 1));
}

/**
 * The sign of a stage: a ring in the stage's colour filled with its place in the pipeline; dashed with a pause for a
 * waiting one, a tick and a cross for the ends.
 */
export function StageRing({
  kind,
  color,
  share = 0.5,
  size = 14,
}: {
  kind: StageKind;
  color: number;
  share?: number;
  size?: number;
}) {
  const ink = `var(--stage-${((color - 1 + 10) % 10) + 1})`;
  return (
    <svg className="g" viewBox="0 0 14 14" width={size} height={size} aria-hidden="true">
      {kind === 'won' && (
        <>
          <circle cx="7" cy="7" r="6.5" fill="var(--ok)" />
          <path
            d="m4.2 7.3 1.9 1.9 3.7-4.1"
            fill="none"
            stroke="var(--bg-surface)"
            strokeWidth="1.6"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
      {kind === 'lost' && (
        <>
          <circle cx="7" cy="7" r="6.5" fill="var(--n-500)" />
          <path
            d="m4.9 4.9 4.2 4.2M9.1 4.9 4.9 9.1"
            stroke="var(--bg-surface)"
            strokeWidth="1.6"
            strokeLinecap="round"
          />
        </>
      )}
      {kind === 'waiting' && (
        <>
          <circle cx="7" cy="7" r="5.7" fill="none" stroke="var(--n-500)" strokeWidth="1.6" strokeDasharray="2.2 1.7" />
          <path d="M5.6 5.2v3.6M8.4 5.2v3.6" stroke="var(--n-500)" strokeWidth="1.5" strokeLinecap="round" />
        </>
      )}
      {kind === 'open' && (
        <>
          <circle cx="7" cy="7" r="5.8" fill="none" stroke={ink} strokeWidth="1.6" />
          <path d={slice(share)} fill={ink} />
        </>
      )}
    </svg>
  );
}

/** A slice of a clock face from twelve o'clock. */
function slice(share: number): string {
  if (share >= 0.999) return 'M7 3.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2z';
  const angle = share * 2 * Math.PI;
  const x = 7 + 3.6 * Math.sin(angle);
  const y = 7 - 3.6 * Math.cos(angle);
  return `M7 7V3.4A3.6 3.6 0 ${share > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}z`;
}
