import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import {
  type CalendarDay,
  calendarDaysQuery,
  calendarsQuery,
  countries,
  countryTitle,
  dayKindTitle,
  isoOf,
  msOf,
  plusDays,
  weekdayOf,
} from '~/entities/hours/hours.ts';
import { dayOf, weekdayLong, weekdayShort } from '~/i18n/format.ts';
import { language, t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CalendarImport } from './CalendarImport.tsx';
import { DayForm } from './DayForm.tsx';

/** The year as twelve months: days off, short days and worked days of rest, each editable. */
export function YearCalendar({ country: first, editable }: { country: string; editable: boolean }) {
  const client = useQueryClient();
  const today = dayOf(Date.now());
  const [picked, setCountry] = useState('');
  const country = picked || (first && first !== 'none' ? first : 'RU');
  const [year, setYear] = useState(Number(today.slice(0, 4)));
  const [active, setActive] = useState(today);
  const [edited, setEdited] = useState<string | null>(null);
  const [importing, setImporting] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const { data: calendars } = useQuery(calendarsQuery);
  const { data: days } = useQuery(calendarDaysQuery(country, year));
  const known = calendars?.find((each) => each.country === country);
  const byDate = new Map(days?.map((day) => [day.date, day]));
  const reload = () => client.invalidateQueries({ queryKey: ['hours'] });
  const focus = active.startsWith(`${year}-`) ? active : `${year}-01-01`;
  const walk = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -7,
      ArrowDown: 7,
      PageUp: -28,
      PageDown: 28,
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = plusDays(focus, step);
    setActive(next);
    setYear(Number(next.slice(0, 4)));
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-date="${next}"]`)?.focus());
  };
  return (
    <section className="panel" aria-label={t('Календарь')}>
      <header>
        <h2 className="panel-title">{t('Календарь')}</h2>
        <select
          className="input fit"
          aria-label={t('Страна')}
          value={country}
          onChange={(event) => setCountry(event.target.value)}
        >
          {countries
            .filter((code) => code !== 'none')
            .map((code) => (
              <option key={code} value={code}>
                {countryTitle(code)}
              </option>
            ))}
        </select>
        <span className="push" />
        <span className="year-nav">
          <Button look="ghost" small icon="cl" aria-label={t('Предыдущий год')} onClick={() => setYear(year - 1)} />
          <b className="num" aria-live="polite">
            {year}
          </b>
          <Button look="ghost" small icon="cr" aria-label={t('Следующий год')} onClick={() => setYear(year + 1)} />
        </span>
        {editable && (
          <Button look="ghost" small icon="up" onClick={() => setImporting(true)}>
            {t('Загрузить год')}
          </Button>
        )}
      </header>
      {known && (year > known.last_year || year < known.first_year) && (
        <p className="in note-line">
          {t('Праздников этого года в программе нет: отметьте дни сами или загрузите файлом')}
        </p>
      )}
      <div className="year" ref={grid} role="group" aria-label={t('Дни года')} onKeyDown={walk}>
        {Array.from({ length: 12 }, (_, month) => (
          <Month
            key={month}
            year={year}
            month={month}
            today={today}
            focus={focus}
            byDate={byDate}
            onPick={editable ? setEdited : undefined}
            onFocus={setActive}
          />
        ))}
      </div>
      <p className="in year-key f12 t2">
        <span className="cal off">1</span> {t('выходной')} <span className="cal short">2</span> {t('на час короче')}{' '}
        <span className="cal work">3</span> {t('рабочий')} <span className="cal edited">4</span> {t('изменено вами')}
      </p>
      {edited && (
        <DayForm
          country={country}
          date={edited}
          day={byDate.get(edited)}
          onClose={() => setEdited(null)}
          onDone={reload}
        />
      )}
      {importing && <CalendarImport country={country} onClose={() => setImporting(false)} onDone={reload} />}
    </section>
  );
}

interface MonthProps {
  year: number;
  month: number;
  today: string;
  focus: string;
  byDate: Map<string, CalendarDay>;
  onPick?: (date: string) => void;
  onFocus: (date: string) => void;
}

function Month({ year, month, today, focus, byDate, onPick, onFocus }: MonthProps) {
  const first = `${year}-${String(month + 1).padStart(2, '0')}-01`;
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const title = new Intl.DateTimeFormat(language() === 'ru' ? 'ru-RU' : 'en-GB', {
    month: 'long',
    timeZone: 'UTC',
  }).format(msOf(first));
  return (
    <div className="month">
      <h3 className="f12 b">{title}</h3>
      <div className="month-days">
        {Array.from({ length: 7 }, (_, at) => (
          <span key={`head ${at}`} className="f11 t3" aria-hidden="true">
            {weekdayShort(`2024-01-0${at + 1}`)}
          </span>
        ))}
        {Array.from({ length: weekdayOf(first) }, (_, at) => (
          <span key={`pad ${at}`} />
        ))}
        {Array.from({ length }, (_, at) => {
          const date = isoOf(msOf(first) + at * 86_400_000);
          const day = byDate.get(date);
          const rest = weekdayOf(date) > 4;
          const kind = day && day.kind !== 'plain' ? day.kind : rest ? 'rest' : '';
          const short = day?.kind === 'short' && rest ? 'work' : '';
          const said = day
            ? [dayKindTitle(day.kind), day.title, day.moved_from && t('перенос с {date}', { date: day.moved_from })]
                .filter(Boolean)
                .join(', ')
            : '';
          const label = [weekdayLong(date), said].filter(Boolean).join(': ');
          return (
            <button
              key={date}
              type="button"
              data-date={date}
              className={`cal ${kind} ${short} ${day?.edited ? 'edited' : ''} ${date === today ? 'today' : ''}`}
              title={said || undefined}
              aria-label={label}
              tabIndex={date === focus ? 0 : -1}
              aria-disabled={onPick ? undefined : true}
              onFocus={() => onFocus(date)}
              onClick={() => onPick?.(date)}
            >
              {at + 1}
            </button>
          );
        })}
      </div>
    </div>
  );
}
