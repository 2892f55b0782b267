import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { isoOf, msOf, plusDays, type WorkingDay, weekdayOf, workingDaysQuery } from '~/entities/hours/hours.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { hoursText } from '~/features/workday/WorkdayLine.tsx';
import { dayOf, day as dayText, weekdayShort } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { WorkingDayForm } from './WorkingDayForm.tsx';
import './workingdays.css';

/** The working days of one's people by week: who worked how long, and what was corrected. */
export function WorkingDaysPage() {
  const me = useMe();
  const client = useQueryClient();
  const nameOf = useNames();
  const users = useUsers();
  const today = dayOf(Date.now());
  const [monday, setMonday] = useState(plusDays(today, -weekdayOf(today)));
  const sunday = plusDays(monday, 6);
  const { data, error, isPending, refetch } = useQuery(workingDaysQuery(monday, sunday));
  const [edited, setEdited] = useState<{ user: number; date: string; day?: WorkingDay } | null>(null);
  useEffect(() => {
    document.title = `${t('Рабочие дни')} · Voronka`;
  }, []);
  const dates = Array.from({ length: 7 }, (_, at) => isoOf(msOf(monday) + at * 86_400_000));
  const mine = users.filter(
    (user) =>
      user.active &&
      (user.id === me.id || may(me, 'people') || (user.department && me.head_of?.includes(user.department))),
  );
  const people = [...new Set([...mine.map((user) => user.id), ...(data ?? []).map((each) => each.user)])].sort((a, b) =>
    nameOf(a).localeCompare(nameOf(b)),
  );
  const find = (user: number, date: string) => data?.find((each) => each.user === user && each.day === date);
  const mayPlan = (user: number) => may(me, 'people') || user !== me.id;
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Рабочие дни')}</h1>
      </TopBar>
      <div className="bar lined">
        <Button
          look="ghost"
          small
          icon="cl"
          aria-label={t('Предыдущая неделя')}
          onClick={() => setMonday(plusDays(monday, -7))}
        />
        <b className="week-title" aria-live="polite">
          {dayText(monday)} – {dayText(sunday)}
        </b>
        <Button
          look="ghost"
          small
          icon="cr"
          aria-label={t('Следующая неделя')}
          onClick={() => setMonday(plusDays(monday, 7))}
        />
      </div>
      {isPending && <SkeletonRows />}
      {error && (
        <div className="body centre">
          <ErrorNote title={t('Рабочие дни не загрузились')} error={error} retry={() => void refetch()} />
        </div>
      )}
      {data && (
        <div className="body scroll page">
          <section className="panel strip-wrap" aria-label={t('Неделя')}>
            <table className="workdays">
              <thead>
                <tr>
                  <th scope="col">{t('Сотрудник')}</th>
                  {dates.map((date) => (
                    <th key={date} scope="col" className={`num f12 ${date === today ? 'now' : ''}`}>
                      {weekdayShort(date)} {Number(date.slice(8))}
                    </th>
                  ))}
                  <th scope="col" className="num f12">
                    {t('Всего')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {people.map((user) => {
                  const sum = dates.reduce((total, date) => total + (find(user, date)?.worked_seconds ?? 0), 0);
                  return (
                    <tr key={user}>
                      <th scope="row">
                        <span className="row g8">
                          <Avatar id={user} name={nameOf(user)} silent />
                          <span className="ell">{nameOf(user)}</span>
                        </span>
                      </th>
                      {dates.map((date) => {
                        const found = find(user, date);
                        return (
                          <td key={date} className={date === today ? 'now' : ''}>
                            <Cell
                              day={found}
                              name={nameOf(user)}
                              date={date}
                              onOpen={
                                found || (mayPlan(user) && date <= today)
                                  ? () => setEdited({ user, date, day: found })
                                  : undefined
                              }
                            />
                          </td>
                        );
                      })}
                      <td className="num m">{sum ? hoursText(sum) : ''}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </section>
        </div>
      )}
      {edited && (
        <WorkingDayForm
          user={edited.user}
          date={edited.date}
          day={edited.day}
          zone={users.find((user) => user.id === edited.user)?.zone}
          editable={mayPlan(edited.user)}
          onClose={() => setEdited(null)}
          onDone={() => client.invalidateQueries({ queryKey: ['hours'] })}
        />
      )}
    </main>
  );
}

function Cell({ day, name, date, onOpen }: { day?: WorkingDay; name: string; date: string; onOpen?: () => void }) {
  const going = day?.state === 'started' || day?.state === 'paused';
  const text = day ? hoursText(day.worked_seconds) : '';
  const label = `${name}, ${dayText(date)}: ${text || t('не отмечен')}`;
  if (!onOpen) return <span className="num">{text}</span>;
  return (
    <button
      type="button"
      className={`workcell num ${going ? 'going' : ''}`}
      aria-label={label}
      title={label}
      onClick={onOpen}
    >
      {text || '·'}
      {!!day?.corrections.length && (
        <span title={t('исправлен')}>
          <Icon name="edit" small />
        </span>
      )}
    </button>
  );
}
