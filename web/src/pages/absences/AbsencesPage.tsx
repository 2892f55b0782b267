import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNames } from '~/entities/catalog/catalog.ts';
import { type Absence, absencesQuery, absenceTitle, plusDays } from '~/entities/hours/hours.ts';
import { isHead, may, useMe } from '~/entities/session/session.ts';
import { day, dayOf, when } from '~/i18n/format.ts';
import { language, t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { useAction } from '~/ui/actions.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { AbsenceForm } from './AbsenceForm.tsx';
import { MonthStrip } from './MonthStrip.tsx';
import './absences.css';

/** Who is away and when: a month at a glance, a list, and a form for those who may enter absences. */
export function AbsencesPage() {
  const me = useMe();
  const client = useQueryClient();
  const nameOf = useNames();
  const today = dayOf(Date.now());
  const [month, setMonth] = useState(`${today.slice(0, 7)}-01`);
  const last = plusDays(shifted(month, 1), -1);
  const { data, error, isPending, refetch } = useQuery(absencesQuery(month, last));
  const [edited, setEdited] = useState<Absence | 'new' | null>(null);
  const mayAdd = may(me, 'people') || isHead(me);
  useEffect(() => {
    document.title = `${t('Отсутствия')} · Voronka`;
  }, []);
  useAction({
    id: 'add-absence',
    title: t('Добавить отсутствие'),
    group: t('Люди'),
    icon: 'plus',
    key: 'KeyC',
    hidden: !mayAdd,
    run: () => mayAdd && setEdited('new'),
  });
  const title = new Intl.DateTimeFormat(language() === 'ru' ? 'ru-RU' : 'en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
    .format(Date.parse(`${month}T00:00:00Z`))
    .replace(/\s?г\.$/, '');
  const dates = (absence: Absence) => {
    if (!absence.id) return absence.away_until ? t('до {when}', { when: when(Date.parse(absence.away_until)) }) : '';
    const days = absence.first === absence.last ? day(absence.first) : `${day(absence.first)} – ${day(absence.last)}`;
    return absence.from || absence.to ? `${days}, ${absence.from}–${absence.to}` : days;
  };
  return (
    <main className="sheet">
      <TopBar
        end={
          mayAdd && (
            <Button look="pri" icon="plus" hotkey="KeyC" onClick={() => setEdited('new')}>
              {t('Отсутствие')}
            </Button>
          )
        }
      >
        <h1>{t('Отсутствия')}</h1>
      </TopBar>
      <div className="bar lined">
        <Button
          look="ghost"
          small
          icon="cl"
          aria-label={t('Предыдущий месяц')}
          onClick={() => setMonth(shifted(month, -1))}
        />
        <b className="month-title" aria-live="polite">
          {title}
        </b>
        <Button
          look="ghost"
          small
          icon="cr"
          aria-label={t('Следующий месяц')}
          onClick={() => setMonth(shifted(month, 1))}
        />
      </div>
      {isPending && <SkeletonRows />}
      {error && (
        <div className="body centre">
          <ErrorNote title={t('Отсутствия не загрузились')} error={error} retry={() => void refetch()} />
        </div>
      )}
      {data && !data.length && (
        <div className="body centre">
          <EmptyState
            icon="check"
            title={t('В этом месяце все на месте')}
            why={
              mayAdd
                ? t('Пока человека нет, предложения идут другим, а сроки его записей ждут')
                : t('Отсутствия вносит руководитель')
            }
          />
        </div>
      )}
      {data && data.length > 0 && (
        <div className="body scroll page">
          <MonthStrip first={month} last={last} today={today} absences={data.filter((each) => each.id > 0)} />
          <section className="panel" aria-label={t('Список')}>
            <ul className="lines">
              {data.map((absence) => (
                <li key={absence.id || `user ${absence.user}`}>
                  <button
                    type="button"
                    className="pick"
                    disabled={!absence.editable}
                    onClick={() => setEdited(absence)}
                  >
                    <Avatar id={absence.user} name={nameOf(absence.user)} silent />
                    <span className="grow">
                      <span className="m ell me-name">{nameOf(absence.user)}</span>
                      <span className="f12 t3 ell me-name">
                        {[
                          dates(absence),
                          absence.substitute ? t('замещает {name}', { name: nameOf(absence.substitute) }) : '',
                          absence.note,
                        ]
                          .filter(Boolean)
                          .join(' · ')}
                      </span>
                    </span>
                    {absence.away_until && <Badge tone="w">{t('сейчас нет')}</Badge>}
                    <Badge>{absenceTitle(absence.kind)}</Badge>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        </div>
      )}
      {edited && (
        <AbsenceForm
          absence={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(null)}
          onDone={() => client.invalidateQueries({ queryKey: ['hours'] })}
        />
      )}
    </main>
  );
}

/** The first day of a month so many months on. */
function shifted(month: string, by: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}-01`;
}
