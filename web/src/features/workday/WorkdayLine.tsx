import type { WorkingDay } from '~/entities/hours/hours.ts';
import { t } from '~/i18n/index.ts';
import { useNow } from '~/ui/clock.ts';
import { Icon } from '~/ui/Icon.tsx';
import { actsOf, useWorkingDay } from './useWorkingDay.ts';

/** Hours and minutes of some seconds: 3:07. */
export function hoursText(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function stateText(day: WorkingDay): string {
  switch (day.state) {
    case 'started':
      return t('Работаю');
    case 'paused':
      return t('Перерыв');
    case 'finished':
      return t('День завершён');
    default:
      return t('Начать день');
  }
}

/** The working day above oneself in the rail: how long it runs, and the likeliest thing to do with it. */
export function WorkdayLine() {
  const { day, act } = useWorkingDay();
  if (!day) return null;
  const [first] = actsOf(day);
  if (!first) return null;
  return (
    <div className={`workday ${day.state}`}>
      <span className="grow ell f12">{stateText(day)}</span>
      {day.state !== 'not_started' && <Running day={day} />}
      <button
        type="button"
        className="btn ghost sm ico"
        title={first.title}
        aria-label={first.title}
        onClick={() => void act(first.act)}
      >
        <Icon name={first.icon} small />
      </button>
    </div>
  );
}

/** How long the day has been worked, going on while it does. */
function Running({ day }: { day: WorkingDay }) {
  const now = useNow();
  const more = day.state === 'started' ? Math.max(0, (now - Date.parse(day.now)) / 1000) : 0;
  return (
    <span className="num f12 m" title={t('Отработано сегодня')}>
      {hoursText(day.worked_seconds + more)}
    </span>
  );
}
