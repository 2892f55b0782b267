import { useEffect, useRef } from 'react';
import type { Activity } from '~/entities/activity/activity.ts';
import { dayNumber, dayOf, weekdayLong, weekdayShort } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { addDays, DAYS_SHOWN, daysFromMonday } from './lines.ts';

interface Props {
  /** Monday of this week. */
  first: string;
  today: string;
  chosen: string;
  activities: Activity[];
  counted: { done: number; all: number };
  onChoose: (day: string) => void;
}

/** The week and three days more: how much is planned, and how much of it is done. */
export function WeekStrip({ first, today, chosen, activities, counted, onChoose }: Props) {
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) strip.current?.querySelector('.on')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [chosen]);
  const byDay = new Map<string, { all: number; done: number }>();
  for (const each of activities) {
    const day = dayOf(Date.parse(each.due_at!));
    const count = byDay.get(day) ?? { all: 0, done: 0 };
    count.all++;
    if (each.done_at) count.done++;
    byDay.set(day, count);
  }
  const days = Array.from({ length: DAYS_SHOWN }, (_, at) => addDays(first, at));
  const most = Math.max(8, ...days.map((day) => byDay.get(day)?.all ?? 0));
  return (
    <div className="week" ref={strip}>
      {days.map((day) => {
        const { all, done } = byDay.get(day) ?? { all: 0, done: 0 };
        return (
          <button
            key={day}
            type="button"
            className={`d ${day === chosen ? 'on' : ''} ${daysFromMonday(day) > 4 ? 'off' : ''} ${day === today ? 'now' : ''}`}
            aria-pressed={day === chosen}
            title={weekdayLong(day)}
            onClick={() => onChoose(day)}
          >
            <span>{weekdayShort(day)}</span>
            <b className="num">{dayNumber(day)}</b>
            <em className="num">{all - done || ''}</em>
            <span className="sr">
              {t('{n, plural, one {# дело} few {# дела} many {# дел} other {# дела}}', { n: all })}
            </span>
            <i style={{ '--n': (all / most) * 100 } as React.CSSProperties} />
          </button>
        );
      })}
      <div className="sum only-d">
        <span>{t('{done} из {all} сделано', { done: counted.done, all: counted.all })}</span>
        <div className="meter">
          <i style={{ width: `${counted.all ? (counted.done / counted.all) * 100 : 0}%` }} />
        </div>
      </div>
    </div>
  );
}
