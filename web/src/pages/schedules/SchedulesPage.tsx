import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '~/api/client.ts';
import { useDepartments, useNames } from '~/entities/catalog/catalog.ts';
import { countries, countryTitle, type Schedule, schedulesQuery, weekdays } from '~/entities/hours/hours.ts';
import { showIntervals } from '~/entities/hours/intervals.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { weekdayShort } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import { ScheduleForm } from './ScheduleForm.tsx';
import { YearCalendar } from './YearCalendar.tsx';
import './schedules.css';

/** When the company works: the portal's week, who has another one, and the calendar of the year. */
export function SchedulesPage() {
  const me = useMe();
  const client = useQueryClient();
  const nameOf = useNames();
  const departments = useDepartments();
  const { data: schedules, error, isPending, refetch } = useQuery(schedulesQuery);
  const [edited, setEdited] = useState<Schedule | 'new' | null>(null);
  useEffect(() => {
    document.title = `${t('Графики и календарь')} · Voronka`;
  }, []);
  const reload = () => client.invalidateQueries({ queryKey: ['hours'] });
  const portal = schedules?.find((each) => each.owner === 'portal');
  const own = schedules?.filter((each) => each.owner !== 'portal') ?? [];
  const titleOf = (schedule: Schedule) =>
    schedule.owner === 'person'
      ? nameOf(schedule.id)
      : (departments.find((each) => each.id === schedule.id)?.title ?? t('Отдел'));
  const setCountry = async (country: string) => {
    try {
      await api.put('/schedules/portal/0', { country });
      await reload();
    } catch (reason) {
      toast({ kind: 'error', text: t('Календарь не изменился'), detail: errorText(reason) });
    }
  };
  return (
    <main className="sheet">
      <TopBar
        end={
          <>
            <Button look="pri" icon="plus" className="only-d" onClick={() => setEdited('new')}>
              {t('Свой график')}
            </Button>
            <Button
              look="pri"
              icon="plus"
              className="only-m"
              aria-label={t('Свой график')}
              onClick={() => setEdited('new')}
            />
          </>
        }
      >
        <h1 className="ell">{t('Графики и календарь')}</h1>
      </TopBar>
      <div className="body scroll page schedules">
        {isPending && <SkeletonRows rows={4} />}
        {error && <ErrorNote title={t('Графики не загрузились')} error={error} retry={() => void refetch()} />}
        {portal && (
          <section className="panel" aria-label={t('График компании')}>
            <header>
              <h2 className="panel-title">{t('График компании')}</h2>
              <span className="push" />
              {portal.editable && (
                <Button look="ghost" small icon="edit" onClick={() => setEdited(portal)}>
                  {t('Изменить')}
                </Button>
              )}
            </header>
            <div className="in">
              <WeekLine schedule={portal} />
              <p className="hint">
                {t('Часы считаются по часам того, кто работает; пояс компании: {zone}', {
                  zone: portal.own.zone ?? '',
                })}
              </p>
              {portal.editable ? (
                <label className="row g8 wrap country">
                  <span className="label">{t('Праздники')}</span>
                  <select
                    className="input fit"
                    value={portal.country || 'none'}
                    onChange={(event) => void setCountry(event.target.value)}
                  >
                    {countries.map((code) => (
                      <option key={code} value={code}>
                        {countryTitle(code)}
                      </option>
                    ))}
                  </select>
                </label>
              ) : (
                <p>{countryTitle(portal.country)}</p>
              )}
            </div>
          </section>
        )}
        {schedules && (
          <section className="panel" aria-label={t('Свои графики')}>
            <header>
              <h2 className="panel-title">{t('Свои графики отделов и людей')}</h2>
            </header>
            {own.length ? (
              <ul className="lines">
                {own.map((schedule) => (
                  <li key={`${schedule.owner} ${schedule.id}`}>
                    <button
                      type="button"
                      className="pick"
                      disabled={!schedule.editable}
                      onClick={() => setEdited(schedule)}
                    >
                      <span className="grow">
                        <span className="m ell me-name">{titleOf(schedule)}</span>
                        <WeekLine schedule={schedule} />
                      </span>
                      <Badge>{schedule.owner === 'person' ? t('сотрудник') : t('отдел')}</Badge>
                    </button>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="in t2">
                {t('Все работают по графику компании. Отделу, смене или одному человеку можно дать свой.')}
              </p>
            )}
          </section>
        )}
        {portal && <YearCalendar country={portal.country} editable={may(me, 'portal')} />}
      </div>
      {edited && (
        <ScheduleForm
          schedule={edited === 'new' ? undefined : edited}
          taken={own}
          onClose={() => setEdited(null)}
          onDone={reload}
        />
      )}
    </main>
  );
}

/** A week in one line; days alike in a row are said once. */
function WeekLine({ schedule }: { schedule: Schedule }) {
  const week = schedule.effective.week;
  const runs: { from: number; to: number; text: string }[] = [];
  weekdays.forEach((day, at) => {
    const text = showIntervals(week[day]) || t('выходной');
    const last = runs[runs.length - 1];
    if (last?.text === text) last.to = at;
    else runs.push({ from: at, to: at, text });
  });
  const nameOf = (at: number) => weekdayShort(`2024-01-0${at + 1}`); // a Monday
  return (
    <span className="week-line f12 t2 num">
      {runs.map((run) => (
        <span key={run.from}>
          {run.from === run.to ? nameOf(run.from) : `${nameOf(run.from)}–${nameOf(run.to)}`} {run.text}
        </span>
      ))}
    </span>
  );
}
