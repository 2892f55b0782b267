import { useNames } from '~/entities/catalog/catalog.ts';
import { type Absence, absenceTitle, dayMs, isoOf, msOf, weekdayOf } from '~/entities/hours/hours.ts';
import { weekdayShort } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';

interface Props {
  first: string;
  last: string;
  today: string;
  absences: Absence[];
}

/** A month as a strip: people down, days across. The list below says the same in words. */
export function MonthStrip({ first, last, today, absences }: Props) {
  const nameOf = useNames();
  const length = Math.round((msOf(last) - msOf(first)) / dayMs) + 1;
  const days = Array.from({ length }, (_, at) => isoOf(msOf(first) + at * dayMs));
  const people = [...new Set(absences.map((absence) => absence.user))].sort((a, b) =>
    nameOf(a).localeCompare(nameOf(b)),
  );
  if (!people.length) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="panel strip-wrap" aria-label={t('Месяц')} tabIndex={0}>
      <table className="strip f11">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">{t('Сотрудник')}</span>
            </th>
            {days.map((date) => (
              <th
                key={date}
                scope="col"
                className={`num ${weekdayOf(date) > 4 ? 't3' : ''} ${date === today ? 'now' : ''}`}
                title={weekdayShort(date)}
              >
                {Number(date.slice(8))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((user) => (
            <tr key={user}>
              <th scope="row" className="ell">
                {nameOf(user)}
              </th>
              {days.map((date) => {
                const found = absences.find((each) => each.user === user && each.first <= date && date <= each.last);
                return (
                  <td
                    key={date}
                    className={`${weekdayOf(date) > 4 ? 'rest' : ''} ${date === today ? 'now' : ''}`}
                    title={found && absenceTitle(found.kind)}
                  >
                    {found && (
                      <span className={`away ${found.kind} ${found.from || found.to ? 'part' : ''}`}>
                        <span className="sr">{absenceTitle(found.kind)}</span>
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
