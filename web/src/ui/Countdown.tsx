import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { clock, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { useNow } from './clock.ts';
import { Icon } from './Icon.tsx';
import { type Pause, pausedUntil, workLeft } from './pauses.ts';

/** When a screen reader hears of the time left: at half, at five minutes and at one. */
export function announcement(left: number, total: number): 'half' | 'five' | 'one' | null {
  if (left <= 0) return null;
  if (left <= 60_000) return 'one';
  if (left <= 300_000) return 'five';
  if (left <= total / 2) return 'half';
  return null;
}

/** The colour of the strip: amber under a quarter of the time, red under a tenth for a head. */
export function urgency(left: number, total: number, head: boolean): '' | 'w' | 'd' {
  const share = total > 0 ? left / total : 0;
  if (head && share < 0.1) return 'd';
  return share < 0.25 ? 'w' : '';
}

interface Props {
  from: string;
  due: string;
  /** When the clock stands still in between. */
  pauses?: readonly Pause[];
  /** What stands before the clock: «Вам ещё», «У Игоря ещё». */
  text: string;
  head?: boolean;
  children?: ReactNode;
}

/** The strip of an offer: the time left as мм:сс, a bar that drains from the right, and the button of the one asked. */
export function Countdown({ from, due, pauses, text, head = false, children }: Props) {
  const now = useNow();
  const end = Date.parse(due);
  const total = workLeft(Date.parse(from), end, pauses);
  const left = workLeft(now, end, pauses);
  const paused = pausedUntil(now, pauses);
  const step = announcement(left, total);
  const [said, setSaid] = useState('');
  const before = useRef(step);
  useEffect(() => {
    if (step === before.current) return;
    before.current = step;
    if (step)
      setSaid(
        t('{text} {minutes, plural, one {# минута} few {# минуты} many {# минут} other {# минуты}}', {
          text,
          minutes: Math.max(1, Math.round(left / 60_000)),
        }),
      );
  }, [step, text, left]);
  if (paused)
    return (
      <div className="offer still">
        <Icon name="pause" small />
        <span className="ell">{t('пауза до {time}', { time: when(paused, now) })}</span>
        <b className="num">{clock(left)}</b>
        {children}
      </div>
    );
  return (
    <div className={`offer ${urgency(left, total, head)}`}>
      <i className="offer-bar" style={{ width: `${total > 0 ? (left / total) * 100 : 0}%` }} />
      <Icon name="hour" small />
      <span className="ell">{left ? text : t('Время вышло')}</span>
      <b className="num" role="timer">
        {clock(left)}
      </b>
      {children}
      <span className="sr" aria-live="polite">
        {said}
      </span>
    </div>
  );
}
