import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Fragment, useEffect, useMemo, useState } from 'react';
import { api } from '~/api/client.ts';
import { onLive } from '~/api/live.ts';
import type { RecordData } from '~/api/types.ts';
import {
  type Activity,
  aboutQuery,
  changeActivity,
  daysQuery,
  forgetDay,
  overdueQuery,
  saleFields,
  steplessQuery,
  type Whose,
} from '~/entities/activity/activity.ts';
import { myOffersQuery, takeOffer, teamOffersQuery } from '~/entities/offer/offer.ts';
import { isHead, useMe, usePortal } from '~/entities/session/session.ts';
import { PlanStep } from '~/features/plan/PlanStep.tsx';
import { dayOf, weekdayLong } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { keyName, useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { useNow } from '~/ui/clock.ts';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import type { IconName } from '~/ui/icons.ts';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { DayOffer } from './DayOffer.tsx';
import { DayRow } from './DayRow.tsx';
import { DaySchedule } from './DaySchedule.tsx';
import { addDays, DAYS_SHOWN, daysFromMonday, type Known, type Line, lineOf, linesOf } from './lines.ts';
import { NewActivity } from './NewActivity.tsx';
import { Postpone } from './Postpone.tsx';
import { WeekStrip } from './WeekStrip.tsx';
import './day.css';

/** What one has to do: offers with their clocks, what is late, today, what has no next step, tomorrow. */
export function DayPage() {
  const me = useMe();
  const portal = usePortal();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { date?: string; whose?: string };
  const whose: Whose = search.whose === 'team' && isHead(me) ? 'team' : 'me';
  const now = useNow();
  const today = dayOf(now);
  const date = search.date ?? today;
  const past = daysFromMonday(today);
  const [planning, setPlanning] = useState<{ record: RecordData; after?: string } | null>(null);
  const [adding, setAdding] = useState(false);
  const [postponing, setPostponing] = useState<Activity | null>(null);
  const [chosen, setChosen] = useState('');

  useEffect(() => {
    document.title = `${t('Мой день')} · Voronka`;
  }, []);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onLive((event) => {
      if (event.kind !== 'record' && event.kind !== 'reset') return;
      timer ??= setTimeout(() => {
        timer = undefined;
        forgetDay(client);
      }, 500);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);

  const window = useQuery(daysQuery(whose, -past, DAYS_SHOWN - past));
  const before = useQuery(overdueQuery(whose));
  const offers = useQuery(whose === 'me' ? myOffersQuery : teamOffersQuery).data ?? [];
  const types = portal.simple ? ['deal'] : ['deal', 'lead'];
  const stepless = useQueries({ queries: types.map((type) => steplessQuery(type, whose)) });
  const activities = useMemo(() => merged(before.data, window.data), [before.data, window.data]);
  const known = useKnown(
    activities,
    stepless.flatMap((query) => query.data ?? []),
  );

  const late = activities.filter((each) => !each.done_at && Date.parse(each.due_at!) < now);
  const on = (day: string) => activities.filter((each) => dayOf(Date.parse(each.due_at!)) === day);
  const open = (list: Activity[]) => list.filter((each) => !each.done_at);
  const ofToday = on(today);
  const silent = stepless.flatMap((query) => query.data ?? []);
  const tomorrow = addDays(today, 1);
  const sections: Section[] =
    date === today
      ? [
          {
            id: 'late',
            tone: 'danger',
            icon: 'alert',
            title: t('Просрочено'),
            lines: late.map((each) => lineOf(each, known)),
          },
          {
            id: 'today',
            icon: 'sun',
            title: t('Сегодня'),
            lines: open(ofToday)
              .filter((each) => !late.includes(each))
              .map((each) => lineOf(each, known)),
          },
          { id: 'none', tone: 'warn', icon: 'help', title: t('Без следующего шага'), lines: linesOf(silent, now) },
          {
            id: 'tomorrow',
            icon: 'cal',
            title: t('Завтра'),
            lines: open(on(tomorrow)).map((each) => lineOf(each, known)),
          },
        ]
      : [{ id: 'date', icon: 'cal', title: weekdayLong(date), lines: on(date).map((each) => lineOf(each, known)) }];
  const lines = sections.flatMap((section) => section.lines);
  const current = lines.find((line) => line.key === chosen);
  const loading = window.isPending || before.isPending;
  const problem = window.error ?? before.error;

  const done = async (line: Line) => {
    if (!line.activity) return setPlanning({ record: line.record! });
    const { activity } = line;
    if (activity.done_at)
      return void changeActivity(
        client,
        activity,
        { done_at: null },
        t('Снова в работе: {title}', { title: activity.title }),
      );
    const at = new Date().toISOString();
    const ok = await changeActivity(
      client,
      activity,
      { done_at: at },
      t('Сделано: {title}', { title: activity.title }),
    );
    const about = activity.about?.[0];
    if (!ok || !about || (about.type !== 'deal' && about.type !== 'lead')) return;
    // Finishing the last activity of an open record asks for the next one.
    const record = await api.get<RecordData>(`/records/${about.type}/${about.id}`).catch(() => null);
    if (record && !record.next_at && !record.closed_at)
      setPlanning({ record, after: t('«{title}» сделано. Что дальше?', { title: activity.title }) });
  };
  const move = (by: number) => {
    const at = lines.findIndex((line) => line.key === chosen);
    const next = lines[Math.min(lines.length - 1, Math.max(0, at + by))];
    if (next) setChosen(next.key);
  };
  const group = t('Мой день');
  useAction({ id: 'add', title: t('Новое дело'), group, icon: 'plus', key: 'KeyC', run: () => setAdding(true) });
  useAction({ id: 'day-down', title: t('Ниже'), group, key: 'KeyJ', hidden: true, run: () => move(1) });
  useAction({ id: 'day-up', title: t('Выше'), group, key: 'KeyK', hidden: true, run: () => move(-1) });
  const first = offers.find((offer) => offer.user === me.id);
  useAction(
    first
      ? {
          id: 'take',
          title: t('Взять предложенное'),
          group,
          icon: 'hour',
          key: 'KeyT',
          run: () => void takeOffer(client, first),
        }
      : null,
  );
  useAction(
    current?.activity || current?.record
      ? {
          id: 'done',
          title: t('Готово и следующий шаг'),
          group,
          icon: 'check',
          key: 'KeyD',
          run: () => void done(current),
        }
      : null,
  );
  useAction(
    current?.activity && !current.activity.done_at
      ? {
          id: 'later',
          title: t('Отложить'),
          group,
          icon: 'hour',
          key: 'KeyS',
          run: () => setPostponing(current.activity!),
        }
      : null,
  );
  useAction(
    current?.phone
      ? {
          id: 'call',
          title: t('Позвонить'),
          group,
          icon: 'phone',
          key: 'KeyP',
          run: () => void location.assign(`tel:${current.phone}`),
        }
      : null,
  );
  useAction(
    current?.href
      ? {
          id: 'open',
          title: t('Открыть'),
          group,
          key: 'Enter',
          hidden: true,
          run: () => void navigate({ to: current.href! }),
        }
      : null,
  );

  const switchWhose = (
    <span className="seg" role="group" aria-label={t('Чьи дела')}>
      {(['me', 'team'] as const).map((each) => (
        <button
          key={each}
          type="button"
          className={each === whose ? 'on' : ''}
          aria-pressed={each === whose}
          onClick={() =>
            void navigate({ to: '/day', search: { ...search, whose: each === 'me' ? undefined : each } as never })
          }
        >
          {each === 'me' ? t('Я') : t('Отдел')}
        </button>
      ))}
    </span>
  );
  const counted = { done: ofToday.filter((each) => each.done_at).length, all: ofToday.length };
  const nothing = !loading && !lines.length && !(date === today && offers.length);
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            <Button look="pri" icon="plus" hotkey="KeyC" className="only-d" onClick={() => setAdding(true)}>
              {t('Дело')}
            </Button>
            <Button
              look="pri"
              icon="plus"
              className="only-m"
              aria-label={t('Новое дело')}
              onClick={() => setAdding(true)}
            />
          </>
        }
      >
        <h1>{whose === 'me' ? t('Мой день') : t('День отдела')}</h1>
        <span className="t2 only-d">{weekdayLong(today)}</span>
        {isHead(me) && <span className="only-d">{switchWhose}</span>}
      </TopBar>
      <WeekStrip
        first={addDays(today, -past)}
        today={today}
        chosen={date}
        activities={activities}
        counted={counted}
        onChoose={(day) =>
          void navigate({ to: '/day', search: { ...search, date: day === today ? undefined : day } as never })
        }
      />
      <div className="body day-two">
        <div className="day-left scroll">
          {isHead(me) && <div className="only-m day-whose">{switchWhose}</div>}
          {problem && (
            <ErrorNote
              title={t('День не загрузился')}
              error={problem}
              retry={() => void client.invalidateQueries({ queryKey: ['day'] })}
            />
          )}
          {date === today && offers.length > 0 && (
            <section aria-labelledby="day-offers">
              <Heading
                id="day-offers"
                icon="hour"
                title={whose === 'me' ? t('Предложено вам') : t('Предложено отделу')}
                n={offers.length}
              />
              <div className="day-offers">
                {offers.map((offer) => (
                  <DayOffer key={offer.id} offer={offer} hotkey={offer === first} />
                ))}
              </div>
            </section>
          )}
          {loading && !problem && <SkeletonRows rows={8} />}
          {!loading &&
            sections.map(
              (section) =>
                section.lines.length > 0 && (
                  <section key={section.id} aria-labelledby={`day-${section.id}`}>
                    <Heading
                      id={`day-${section.id}`}
                      icon={section.icon}
                      tone={section.tone}
                      title={section.title}
                      n={section.lines.length}
                    />
                    <ul className="day-lines">
                      {section.lines.map((line) => (
                        <Fragment key={line.key}>
                          <DayRow
                            line={line}
                            now={now}
                            today={today}
                            on={line.key === chosen}
                            team={whose === 'team'}
                            onChoose={() => setChosen(line.key)}
                            onDone={() => void done(line)}
                            onLater={() => line.activity && setPostponing(line.activity)}
                          />
                        </Fragment>
                      ))}
                    </ul>
                  </section>
                ),
            )}
          {nothing && !problem && (
            <EmptyState
              icon="check"
              title={date === today ? t('На сегодня всё') : t('На этот день ничего нет')}
              why={t('Дела появляются здесь сами, когда у лида или сделки есть следующий шаг')}
              action={
                <Button icon="plus" onClick={() => setAdding(true)}>
                  {t('Новое дело')}
                </Button>
              }
            />
          )}
        </div>
        <DaySchedule date={date} today={today} now={now} activities={on(date)} known={known} mine={whose === 'me'} />
      </div>
      <footer className="keys only-d">
        {(
          [
            ['KeyJ', t('ниже')],
            ['KeyK', t('выше')],
            ['Enter', t('открыть')],
            ['KeyT', t('взять')],
            ['KeyP', t('позвонить')],
            ['KeyD', t('готово и следующий шаг')],
            ['KeyS', t('отложить')],
          ] as const
        ).map(([key, text]) => (
          <span key={key}>
            <span className="kbd">{keyName(key)}</span>
            {text}
          </span>
        ))}
      </footer>
      {planning && (
        <PlanStep
          record={planning.record}
          after={planning.after}
          onClose={() => {
            setPlanning(null);
            forgetDay(client);
          }}
        />
      )}
      {adding && <NewActivity date={date} onClose={() => setAdding(false)} />}
      {postponing && <Postpone activity={postponing} onClose={() => setPostponing(null)} />}
    </main>
  );
}

interface Section {
  id: string;
  tone?: 'danger' | 'warn';
  icon: IconName;
  title: string;
  lines: Line[];
}

function Heading({
  id,
  icon,
  title,
  n,
  tone,
}: {
  id: string;
  icon: IconName;
  title: string;
  n: number;
  tone?: string;
}) {
  return (
    <h2 className={`day-head ${tone ?? ''}`} id={id}>
      <Icon name={icon} />
      {title}
      <span className="n">{n}</span>
    </h2>
  );
}

/** Both lists without repeats, by their moment. */
function merged(...lists: (Activity[] | undefined)[]): Activity[] {
  const byId = new Map<number, Activity>();
  for (const list of lists) for (const each of list ?? []) byId.set(each.id, each);
  return [...byId.values()].filter((each) => each.due_at).sort((a, b) => Date.parse(a.due_at!) - Date.parse(b.due_at!));
}

/** The leads, deals and contacts that stand behind the rows. */
function useKnown(activities: Activity[], stepless: RecordData[]): Known {
  const wanted = (type: string) => [
    ...new Set(
      activities.flatMap((each) => (each.about ?? []).filter((about) => about.type === type).map((about) => about.id)),
    ),
  ];
  const deals = useQuery(aboutQuery('deal', wanted('deal'), saleFields('deal'))).data;
  const leads = useQuery(aboutQuery('lead', wanted('lead'), saleFields('lead'))).data;
  const records = [...(deals ?? []), ...(leads ?? []), ...stepless];

  const contacts = [
    ...new Set([
      ...wanted('contact'),
      ...records
        .map((record) => (record.contact as { id: number } | null | undefined)?.id)
        .filter((id): id is number => !!id),
    ]),
  ].sort((a, b) => a - b);

  const cards = useQuery(aboutQuery('contact', contacts, 'title,phones')).data;
  return useMemo(() => {
    const all = new Map<string, RecordData>();
    for (const record of [...(deals ?? []), ...(leads ?? []), ...(cards ?? [])])
      all.set(`${record.type}/${record.id}`, record);
    return all;
  }, [deals, leads, cards]);
}
