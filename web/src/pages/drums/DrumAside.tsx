import { Link } from '@tanstack/react-router';
import type { Drum, DrumState } from '~/api/types.ts';
import { useDepartments, useNames } from '~/entities/catalog/catalog.ts';
import { duration, workTime } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { headText, hoursText, orderText, takenText, whoText } from './words.ts';

/** By what a drum deals, in plain words. */
export function DrumPolicy({ drum, onEdit }: { drum: Drum; onEdit?: () => void }) {
  const department = useDepartments().find((each) => each.id === drum.department)?.title ?? '';
  const rows: [string, React.ReactNode][] = [
    [t('Кому'), whoText(drum, department)],
    [t('Порядок'), orderText(drum.order)],
    [
      t('Взять за'),
      drum.hours === 'person'
        ? t('{time} рабочего времени', { time: workTime(drum.take_minutes * 60_000) })
        : t('{time} круглосуточно', { time: duration(drum.take_minutes * 60_000) }),
    ],
    [t('Считается взятой'), takenText(drum)],
    [t('На руках не больше'), drum.cap || t('без предела')],
    [t('Прежний ответственный'), drum.former ? t('первым') : t('как все')],
    [
      drum.misses_to_head
        ? t('После {n, plural, one {# пропуска} few {# пропусков} many {# пропусков} other {# пропуска}}', {
            n: drum.misses_to_head,
          })
        : t('После пропусков'),
      drum.misses_to_head ? <HeadLine key="head" drum={drum} /> : t('снова по кругу, руководитель не подключается'),
    ],
    [t('Время барабана'), drum.schedule ? hoursText(drum.schedule.week) : t('время самих людей')],
  ];
  if (drum.hours === 'always' && !drum.schedule) rows[rows.length - 1] = [t('Время барабана'), t('круглосуточно')];
  if (drum.need_day) rows.push([t('Рабочий день'), t('только тем, кто его начал')]);
  for (const source of drum.sources)
    rows.push([
      t('Источник {source}', { source: source.source }),
      t('по {n} в день на человека, без срока', { n: source.per_day }),
    ]);
  return (
    <section className="panel" aria-label={t('Условия')}>
      <header>
        <h2 className="panel-title">{t('Условия')}</h2>
        {onEdit && (
          <Button look="ghost" small icon="edit" className="push" onClick={onEdit}>
            {t('Изменить')}
          </Button>
        )}
      </header>
      <dl className="drum-policy">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What becomes of whom when a record is missed too often. */
function HeadLine({ drum }: { drum: Drum }) {
  const nameOf = useNames();
  return (
    <span>
      {drum.head ? (
        <>
          <Avatar id={drum.head} name={nameOf(drum.head)} silent /> {nameOf(drum.head)}
        </>
      ) : (
        t('руководитель пропустившего')
      )}{' '}
      {headText(drum.head_becomes)}
    </span>
  );
}

/** How often each person missed today. */
export function DrumMisses({ drum, state }: { drum: Drum; state: DrumState }) {
  const nameOf = useNames();
  const most = drum.misses_to_head || 4;
  const people = state.members
    .filter((person) => person.misses_today > 0)
    .sort((a, b) => b.misses_today - a.misses_today)
    .slice(0, 8);
  return (
    <section className="panel" aria-label={t('Пропуски сегодня')}>
      <header>
        <h2 className="panel-title">{t('Пропуски сегодня')}</h2>
        <span className="t3 num people-n">{state.today.missed}</span>
      </header>
      <ul className="drum-misses">
        {people.map((person) => (
          <li key={person.user}>
            <Avatar id={person.user} name={nameOf(person.user)} silent />
            <span className="grow ell">{nameOf(person.user).split(' ')[0]}</span>
            <span className="row g2" aria-hidden="true">
              {Array.from({ length: Math.min(most, 6) }, (_, at) => (
                <i key={String(at)} className={at < person.misses_today ? 'miss' : 'slot'} />
              ))}
            </span>
            <b className="num danger">{person.misses_today}</b>
          </li>
        ))}
      </ul>
      <p className="in f12">
        {!people.length && <span className="t3">{t('Сегодня никто ничего не пропустил.')} </span>}
        <Link to="/incidents" className="link">
          {t('Все инциденты')}
        </Link>
      </p>
    </section>
  );
}

/** What waits for anybody to be free. */
export function DrumWaiting({ state }: { state: DrumState }) {
  const waiting = state.waiting.filter((offer) => offer.state === 'waiting');
  const n = Math.max(state.today.waiting, waiting.length);
  return (
    <section className="panel" aria-label={t('Ждут людей')}>
      <header>
        <h2 className="panel-title">{t('Ждут людей')}</h2>
        <span className="t3 num people-n">{n}</span>
      </header>
      <div className="in f12">
        {waiting.slice(0, 5).map((offer) => (
          <div key={offer.id} className="ell">
            {offer.title}
          </div>
        ))}
        <p className="t3">
          {n
            ? waiting.length && waiting.every((offer) => offer.user)
              ? t('За них пока отвечает руководитель. Первыми уйдут старшие, как только кто-то освободится.')
              : t('Первыми уйдут старшие, как только кто-то освободится.')
            : t('Всё роздано. Когда свободных нет, запись ждёт здесь и первой уходит тому, кто освободится.')}
        </p>
      </div>
    </section>
  );
}
