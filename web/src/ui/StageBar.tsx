import { useEffect, useRef } from 'react';
import type { StageKind } from '~/api/types.ts';
import { StageRing } from './StageRing.tsx';

export interface BarStage {
  code: string;
  title: string;
  kind: StageKind;
  color: number;
  share: number;
  state: 'done' | 'current' | 'next';
  /** Time spent, time of limit, or the limit; in words. */
  note: string;
  /** How much of the limit is used, 0..1, for the current stage. */
  used?: number;
}

/** The stages of a record as a bar: what it took, where it stands, what is ahead. A press moves the record there. */
export function StageBar({
  label,
  stages,
  onPick,
  readOnly,
}: {
  label: string;
  stages: BarStage[];
  onPick: (code: string) => void;
  readOnly?: boolean;
}) {
  const list = useRef<HTMLOListElement>(null);
  const current = stages.find((stage) => stage.state === 'current')?.code;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new current stage is brought into sight
  useEffect(() => {
    const element = list.current?.querySelector<HTMLElement>('.cur');
    if (element && list.current) list.current.scrollLeft = element.offsetLeft - 60;
  }, [current]);
  return (
    <ol className="sbar" aria-label={label} ref={list}>
      {stages.map((stage) => {
        const end = stage.kind === 'won' || stage.kind === 'lost';
        const ink = `var(--stage-${stage.color})`;
        return (
          <li
            key={stage.code}
            className={`${stage.state === 'done' ? 'done' : ''} ${end ? 'end' : ''} ${stage.state === 'current' ? 'cur' : ''}`}
            style={
              stage.state === 'current' && !end
                ? ({
                    '--c': ink,
                    '--cs': `var(--stage-${stage.color}-soft)`,
                    '--ct': `var(--stage-${stage.color}-text)`,
                  } as React.CSSProperties)
                : undefined
            }
          >
            <button
              type="button"
              disabled={readOnly || stage.state === 'current'}
              aria-current={stage.state === 'current' ? 'step' : undefined}
              title={stage.title}
              onClick={() => onPick(stage.code)}
            >
              <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
              <span className="ell">{stage.title}</span>
              {stage.note && <time>{stage.note}</time>}
              {stage.used !== undefined && (
                <i
                  className={`lim ${stage.used >= 1 ? 'd' : ''}`}
                  style={{ width: `${Math.min(1, stage.used) * 100}%` }}
                />
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
