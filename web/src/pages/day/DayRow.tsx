import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { MoneyValue } from '~/api/types.ts';
import { stageOf, useNames, usePipelines } from '~/entities/catalog/catalog.ts';
import { kindIcon } from '~/features/plan/kinds.ts';
import { dayOf, lateness, time, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Money } from '~/ui/Money.tsx';
import { StageRing } from '~/ui/StageRing.tsx';
import type { Line } from './lines.ts';

interface Props {
  line: Line;
  now: number;
  today: string;
  on: boolean;
  /** Shows whose it is. */
  team: boolean;
  onChoose: () => void;
  onDone: () => void;
  onLater: () => void;
}

/** One thing to do: tick it off, open what it is about, call, put it off. */
export function DayRow({ line, now, today, on, team, onChoose, onDone, onLater }: Props) {
  const stage = stageOf(usePipelines(), line.record ?? { type: '' });
  const nameOf = useNames();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (on) row.current?.scrollIntoView({ block: 'nearest' });
  }, [on]);
  const { activity } = line;
  const done = !!activity?.done_at;
  const title = activity ? activity.title : t('Назначьте шаг');
  const amount = line.record?.amount as MoneyValue | null | undefined;
  return (
    <li
      ref={row}
      className={`day-line-row ${on ? 'sel' : ''} ${done ? 'done' : ''}`}
      onMouseEnter={onChoose}
      onFocus={onChoose}
    >
      <button
        type="button"
        className={`check r ${done ? 'on' : ''} ${activity ? '' : 'ghost'}`}
        aria-label={
          activity
            ? done
              ? t('Вернуть в работу: {title}', { title })
              : t('Готово: {title}', { title })
            : t('Назначить шаг: {title}', { title: line.about ?? '' })
        }
        onClick={onDone}
      >
        <Icon name={activity ? 'check' : 'plus'} small />
      </button>
      <Icon name={activity ? kindIcon(activity.kind) : 'plus'} />
      <Link to={line.href ?? '/day'} className="what m ell">
        {title}
      </Link>
      <span className="rec t2">
        {stage && <StageRing kind={stage.kind} color={stage.color} share={stage.share} />}
        <span className="ell">{line.about}</span>
      </span>
      <span className="cl t3 ell">
        {team && line.who ? <Avatar id={line.who} name={nameOf(line.who)} /> : null} {line.client}
      </span>
      <span className="amt num">{amount ? <Money value={amount} /> : null}</span>
      <Moment line={line} now={now} today={today} />
      {on && (
        <span className="acts only-d">
          {line.phone && (
            <a className="btn sm ico" href={`tel:${line.phone}`} aria-label={t('Позвонить')}>
              <Icon name="phone" small />
            </a>
          )}
          {activity && !done && (
            <button type="button" className="btn sm" onClick={onLater}>
              {t('Отложить')}
            </button>
          )}
          <button type="button" className="btn sm" onClick={onDone}>
            {activity ? (done ? t('Вернуть') : t('Готово')) : t('Назначить')}
            <span className="kbd">D</span>
          </button>
        </span>
      )}
    </li>
  );
}

function Moment({ line, now, today }: { line: Line; now: number; today: string }) {
  if (!line.activity) {
    const silent = line.silent ?? 0;
    return (
      <span className="tm num warn">
        {silent < 86_400_000 ? t('с сегодняшнего дня') : t('молчит {time}', { time: lateness(silent) })}
      </span>
    );
  }
  const ms = Date.parse(line.activity.due_at!);
  if (line.activity.done_at) return <span className="tm num t3">{time(ms)}</span>;
  if (ms < now) return <span className="tm num danger m">{lateness(now - ms)}</span>;
  return (
    <span className={`tm num ${dayOf(ms) === today ? '' : 't3'}`}>
      {dayOf(ms) === today ? time(ms) : when(ms, now)}
    </span>
  );
}
