import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Drum, DrumDecision } from '~/api/types.ts';
import { hrefOf, useNames } from '~/entities/catalog/catalog.ts';
import { decisionsQuery } from '~/entities/drum/drum.ts';
import { reasonText } from '~/entities/drum/reasons.ts';
import { duration, isToday, time, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge, type Tone } from '~/ui/Badge.tsx';

/** A state of an offer as a badge. */
function stateBadge(state: string): [string, Tone] {
  switch (state) {
    case 'taken':
      return [t('взято'), 'k'];
    case 'missed':
      return [t('пропуск'), 'd'];
    case 'escalated':
      return [t('руководителю'), 'w'];
    case 'withdrawn':
      return [t('снято'), ''];
    case 'waiting':
      return [t('ждёт людей'), 'w'];
    case 'dealt':
      return [t('дождалось'), ''];
    default:
      return [t('предложено'), 'c'];
  }
}

/** What the drum decided lately, with the reasons. */
export function DrumDecisions({ drum }: { drum: Drum }) {
  const [state, setState] = useState('');
  const { data } = useQuery(decisionsQuery(drum.id, state));
  return (
    <section className="panel" aria-label={t('Журнал назначений')}>
      <header>
        <h2 className="panel-title">{t('Журнал назначений')}</h2>
        <span className="seg push">
          {[
            ['', t('Всё')],
            ['missed', t('Пропуски')],
            ['escalated', t('Подключения')],
          ].map(([value = '', title]) => (
            <button
              key={value}
              type="button"
              className={state === value ? 'on' : ''}
              aria-pressed={state === value}
              onClick={() => setState(value)}
            >
              {title}
            </button>
          ))}
        </span>
      </header>
      <ul className="drum-log">
        {[...(data ?? [])].sort(byTime).map((decision) => (
          <Line key={decision.id} decision={decision} />
        ))}
      </ul>
      {data && !data.length && <p className="in t3">{t('Пока ничего не было')}</p>}
    </section>
  );
}

/** When a line says it was: the decision, of an open offer when it was made. */
function moment(decision: DrumDecision): string {
  return decision.decided_at ?? decision.offered_at;
}

/** The newest first, by the time a line shows. */
function byTime(a: DrumDecision, b: DrumDecision): number {
  return Date.parse(moment(b)) - Date.parse(moment(a)) || b.id - a.id;
}

function Line({ decision }: { decision: DrumDecision }) {
  const nameOf = useNames();
  const [badge, tone] = stateBadge(decision.state);
  const at = Date.parse(moment(decision));
  const took = decision.decided_at ? at - Date.parse(decision.offered_at) : 0;
  const why = decision.reasons?.find((reason) => reason.user === decision.user);
  const passed = decision.reasons?.filter((reason) => reason.user !== decision.user) ?? [];
  const name = decision.title || t('Запись {id}', { id: decision.record ?? decision.id });
  return (
    <li>
      <time dateTime={moment(decision)}>{isToday(at) ? time(at) : when(at)}</time>
      <Badge tone={tone}>{badge}</Badge>
      <span className="ell">
        {decision.title ? (
          <Link to={hrefOf(decision.type ?? 'lead', decision.record ?? 0)}>{name}</Link>
        ) : (
          <span className="t3">{name}</span>
        )}
        {decision.user ? (
          <>
            {', '}
            <b className="m">{nameOf(decision.user)}</b>
          </>
        ) : null}
        {took > 0 && decision.state === 'taken' && <>{t(', за {time}', { time: duration(took) })}</>}
      </span>
      <span
        className="t3 ell"
        title={passed.map((reason) => `${nameOf(reason.user)}: ${reasonText(reason.code)}`).join('\n')}
      >
        {why ? reasonText(why.code) : ''}
        {passed.length > 0 && (
          <>
            {why ? '; ' : ''}
            {t('мимо: {names}', {
              names: passed
                .slice(0, 2)
                .map((reason) => `${nameOf(reason.user).split(' ')[0]} (${reasonText(reason.code)})`)
                .join(', '),
            })}
            {passed.length > 2 && t(' и ещё {n}', { n: passed.length - 2 })}
          </>
        )}
      </span>
    </li>
  );
}
