import type { Drum, DrumStanding, DrumState } from '~/api/types.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { barText, reasonText } from '~/entities/drum/reasons.ts';
import { when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Badge } from '~/ui/Badge.tsx';
import { DrumRing } from './DrumRing.tsx';
import { weightText } from './words.ts';

/** Those who can be offered something in the order it will come, then those who can't. */
export function inOrder(people: readonly DrumStanding[]): DrumStanding[] {
  return [...people].sort((a, b) => (a.place || 1e6) - (b.place || 1e6));
}

/** Who is next and why, and why the others aren't. */
export function DrumQueue({ drum, state }: { drum: Drum; state: DrumState }) {
  const people = inOrder(state.members);
  return (
    <section className="panel" aria-label={t('Кто следующий и почему')}>
      <header>
        <h2 className="panel-title">{t('Кто следующий и почему')}</h2>
      </header>
      {people.length ? (
        <div className="drum-next">
          <DrumRing people={people} />
          <ol className="drum-who">
            {people.map((person) => (
              <Row key={person.user} drum={drum} person={person} />
            ))}
          </ol>
        </div>
      ) : (
        <p className="in t3">{t('В барабане никого: добавьте людей в участниках')}</p>
      )}
    </section>
  );
}

function Row({ drum, person }: { drum: Drum; person: DrumStanding }) {
  const nameOf = useNames();
  const bar = person.place ? '' : barText(person.reason);
  const reason = person.place === 1 || !person.place ? reasonText(person.reason) : '';
  const why = [
    reason === bar ? '' : reason,
    person.until ? t('до {time}', { time: when(Date.parse(person.until)) }) : '',
    person.cap
      ? t('на руках {n} из {cap}', { n: person.open, cap: person.cap })
      : person.open
        ? t('на руках {n}', { n: person.open })
        : '',
    drum.order !== 'turn' && person.weight !== 1 ? t('вес {weight}', { weight: weightText(person.weight) }) : '',
    person.taken_today ? t('взято сегодня {n}', { n: person.taken_today }) : '',
  ].filter(Boolean);
  return (
    <li className={person.place === 1 ? 'first' : person.place ? '' : 'out'}>
      <span className="no num">{person.place || '–'}</span>
      <Avatar id={person.user} name={nameOf(person.user)} size="l" silent />
      <span className="grow">
        <span className="row g6">
          <b className="m ell">{nameOf(person.user)}</b>
          {person.place === 1 && <Badge tone="c">{t('следующий')}</Badge>}
          {bar && <Badge tone={person.reason === 'busy' ? 'w' : ''}>{bar}</Badge>}
          {person.misses_today > 0 && (
            <Badge tone="d">
              {t('{n, plural, one {# пропуск} few {# пропуска} many {# пропусков} other {# пропуска}}', {
                n: person.misses_today,
              })}
            </Badge>
          )}
        </span>
        {why.length > 0 && <span className="f12 t3 ell me-name">{why.join('; ')}</span>}
      </span>
    </li>
  );
}
