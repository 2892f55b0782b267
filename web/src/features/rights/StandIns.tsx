import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import { useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { forgetRights, type StandIn, standInsQuery } from '~/entities/role/role.ts';
import { day, dayOf, instantAt } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { toast } from '~/ui/toasts.ts';
import { refusalText } from './refusal.ts';
import './rights.css';

/** The first instant of a day, and the first one after it, in the reader's zone. */
const dayStart = (iso: string) => new Date(instantAt(iso, 0)).toISOString();
const dayEnd = (iso: string) =>
  dayStart(new Date(Date.parse(`${iso}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10));

/** «до 5 декабря»: the last whole day. */
function period(one: StandIn): string {
  if (!one.until) return '';
  const last = day(Date.parse(one.until) - 1000);
  return one.from
    ? t('с {from} по {until}', { from: day(Date.parse(one.from)), until: last })
    : t('по {until}', { until: last });
}

/** Who stands in for whom: of one person, or of everybody. */
export function StandIns({ user }: { user?: number }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const { data } = useQuery(standInsQuery);
  const [adding, setAdding] = useState(false);
  const shown = (data ?? []).filter((one) => !user || one.user === user || one.for === user);
  const end = async (one: StandIn) => {
    try {
      await api.delete(`/stand-ins/${one.id}`);
      toast({ text: t('{name} больше не замещает: {for}', { name: nameOf(one.user), for: nameOf(one.for) }) });
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось'), detail: errorText(error) });
    }
    forgetRights(client);
  };
  return (
    <div className="col">
      {shown.length > 0 ? (
        <ul className="standins">
          {shown.map((one) => (
            <li key={one.id}>
              <Avatar id={one.user} name={nameOf(one.user)} silent />
              <span className="grow">
                {one.kind === 'assistant'
                  ? t('{name}: помощник, видит всё, что видит {for}', { name: nameOf(one.user), for: nameOf(one.for) })
                  : t('{name}: заместитель, может всё, что может {for}', {
                      name: nameOf(one.user),
                      for: nameOf(one.for),
                    })}
                {period(one) && <span className="t3"> {period(one)}</span>}
              </span>
              <Button
                look="ghost"
                small
                icon="x"
                aria-label={t('Закончить замещение: {name}', { name: nameOf(one.user) })}
                onClick={() => void end(one)}
              />
            </li>
          ))}
        </ul>
      ) : (
        !adding && <p className="t3">{t('Никто никого не замещает')}</p>
      )}
      {adding ? (
        <StandInForm user={user} onDone={() => setAdding(false)} />
      ) : (
        <div>
          <Button small icon="plus" onClick={() => setAdding(true)}>
            {t('Помощник или заместитель')}
          </Button>
        </div>
      )}
    </div>
  );
}

function StandInForm({ user, onDone }: { user?: number; onDone: () => void }) {
  const client = useQueryClient();
  const users = useUsers();
  const today = dayOf(Date.now());
  const [kind, setKind] = useState<StandIn['kind']>('assistant');
  const [who, setWho] = useState<number | null>(user ?? null);
  const [whom, setWhom] = useState<number | null>(null);
  const [from, setFrom] = useState(today);
  const [until, setUntil] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const people = users
    .filter((each) => each.active)
    .map((each) => ({
      value: String(each.id),
      title: each.name,
      hint: each.position,
      sign: <Avatar id={each.id} name={each.name} silent />,
    }));
  const ready = who && whom && (kind === 'assistant' || until);
  const add = async () => {
    if (!ready) return;
    setBusy(true);
    setError('');
    try {
      const time = kind === 'deputy' ? { from: from > today ? dayStart(from) : undefined, until: dayEnd(until) } : {};
      await api.post('/stand-ins', { user: who, for: whom, kind, ...time });
      forgetRights(client);
      onDone();
    } catch (refusal) {
      setError(refusalText(refusal));
      setBusy(false);
    }
  };
  return (
    // It may stand inside the form of a person: Enter here is no answer to that one.
    <div
      role="group"
      aria-label={t('Помощник или заместитель')}
      className="standin-form col g12"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        if (event.target.type === 'date') void add();
      }}
    >
      <div className="seg" role="group" aria-label={t('Как замещает')}>
        <button
          type="button"
          className={kind === 'assistant' ? 'on' : ''}
          aria-pressed={kind === 'assistant'}
          onClick={() => setKind('assistant')}
        >
          {t('Помощник: видит всегда')}
        </button>
        <button
          type="button"
          className={kind === 'deputy' ? 'on' : ''}
          aria-pressed={kind === 'deputy'}
          onClick={() => setKind('deputy')}
        >
          {t('Заместитель: может, на время')}
        </button>
      </div>
      <div className="pair">
        <div>
          <span className="label">{t('Кто замещает')}</span>
          <Picker
            label={t('Кто замещает')}
            options={people}
            value={who ? String(who) : null}
            onPick={(id) => setWho(Number(id) || null)}
          />
        </div>
        <div>
          <span className="label">{t('Кого')}</span>
          <Picker
            label={t('Кого')}
            options={people.filter((each) => each.value !== String(who))}
            value={whom ? String(whom) : null}
            onPick={(id) => setWhom(Number(id) || null)}
          />
        </div>
        {kind === 'deputy' && (
          <>
            <FormField label={t('С какого дня')}>
              <input
                className="input"
                type="date"
                min={today}
                value={from}
                onChange={(event) => setFrom(event.target.value || today)}
              />
            </FormField>
            <FormField label={t('По какой день')}>
              <input
                className="input"
                type="date"
                min={from}
                value={until}
                onChange={(event) => setUntil(event.target.value)}
              />
            </FormField>
          </>
        )}
      </div>
      {error && (
        <div className="hint danger" role="alert">
          <Icon name="alert" small /> {error}
        </div>
      )}
      <div className="row">
        <Button small look="pri" busy={busy} disabled={!ready} onClick={() => void add()}>
          {t('Назначить')}
        </Button>
        <Button small onClick={onDone}>
          {t('Отмена')}
        </Button>
      </div>
    </div>
  );
}
