import { Link } from '@tanstack/react-router';
import type { Activity } from '~/entities/activity/activity.ts';
import { stageOf, usePipelines } from '~/entities/catalog/catalog.ts';
import { minuteOf, time } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { type Known, lineOf } from './lines.ts';

interface Props {
  date: string;
  today: string;
  now: number;
  activities: Activity[];
  known: Known;
  /** Only one's own day is drawn as hours; a department's would lie on top of each other. */
  mine: boolean;
}

const HOUR_PX = 57;

/** The day as hours: what was, what is now, what comes. */
export function DaySchedule({ date, today, now, activities, known, mine }: Props) {
  const pipelines = usePipelines();
  if (!mine) return null;
  const minutes = activities.map((each) => minuteOf(Date.parse(each.due_at!)));
  const from = Math.floor(Math.min(9 * 60, ...minutes) / 60);
  const to = Math.ceil(Math.max(19 * 60, ...minutes.map((each) => each + 30)) / 60);
  const top = (minute: number) => ((minute - from * 60) / 60) * HOUR_PX;
  return (
    <aside className="day-ag scroll" aria-label={t('Расписание')}>
      <h2 className="day-head">{t('Расписание')}</h2>
      <div className="cal" style={{ height: (to - from) * HOUR_PX }}>
        {Array.from({ length: to - from }, (_, at) => (
          <div key={from + at} className="hr num" style={{ top: at * HOUR_PX }}>
            {String(from + at).padStart(2, '0')}:00
          </div>
        ))}
        {stacked(activities).map(({ activity, lane, lanes }) => {
          const line = lineOf(activity, known);
          const stage = stageOf(pipelines, line.record ?? { type: '' });
          const ms = Date.parse(activity.due_at!);
          const color = stage?.color ?? 8;
          return (
            <Link
              key={activity.id}
              to={line.href ?? '/day'}
              className={`e ${activity.done_at ? 'done' : ''}`}
              title={`${time(ms)} ${activity.title}`}
              style={
                {
                  top: top(minuteOf(ms)),
                  height: activity.kind === 'meeting' ? HOUR_PX - 2 : HOUR_PX / 2 - 2,
                  left: `calc(48px + (100% - 48px) * ${lane / lanes})`,
                  width: `calc((100% - 48px) / ${lanes} - 2px)`,
                  '--c': `var(--stage-${color})`,
                  '--s': `var(--stage-${color}-soft)`,
                  '--t': `var(--stage-${color}-text)`,
                } as React.CSSProperties
              }
            >
              <b className="ell">{activity.title}</b>
              <span className="ell">{line.client || line.about}</span>
            </Link>
          );
        })}
        {date === today && minuteOf(now) >= from * 60 && minuteOf(now) < to * 60 && (
          <i className="now" style={{ top: top(minuteOf(now)) }}>
            <span className="num">{time(now)}</span>
          </i>
        )}
      </div>
    </aside>
  );
}

/** Activities at the same time stand beside each other. */
function stacked(activities: Activity[]): { activity: Activity; lane: number; lanes: number }[] {
  const length = (each: Activity) => (each.kind === 'meeting' ? 60 : 30) * 60_000;
  const out: { activity: Activity; lane: number; lanes: number }[] = [];
  let group: { activity: Activity; lane: number; end: number }[] = [];
  let until = 0;
  const close = () => {
    const lanes = Math.max(1, ...group.map((each) => each.lane + 1));
    for (const { activity, lane } of group) out.push({ activity, lane, lanes });
    group = [];
  };
  for (const activity of activities) {
    const start = Date.parse(activity.due_at!);
    if (start >= until) close();
    const busy = new Set(group.filter((each) => each.end > start).map((each) => each.lane));
    let lane = 0;
    while (busy.has(lane)) lane++;
    group.push({ activity, lane, end: start + length(activity) });
    until = Math.max(until, start + length(activity));
  }
  close();
  return out;
}
