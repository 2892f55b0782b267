import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Drum, DrumMember, DrumState } from '~/api/types.ts';
import { useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { toast } from '~/ui/toasts.ts';

/** The people of a drum: their order, weight, how much at once, a pause. */
export function DrumMembers({ drum, state }: { drum: Drum; state?: DrumState }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const users = useUsers().filter((user) => user.active);
  const named = drum.who === 'named';
  // Of a department everybody is shown; only those who differ are written down.
  const shown: DrumMember[] = named
    ? drum.members
    : (state?.members ?? []).map(
        (person) => drum.members.find((each) => each.user === person.user) ?? { user: person.user, active: true },
      );
  const put = async (list: DrumMember[]) => {
    try {
      await api.patch(`/drums/${drum.id}`, { members: list });
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось'), detail: errorText(error) });
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: ['drums'] }),
      client.invalidateQueries({ queryKey: ['drum-state', drum.id] }),
    ]);
  };
  const change = (user: number, more: Partial<DrumMember>) => {
    const list = drum.members.some((each) => each.user === user)
      ? drum.members
      : [...drum.members, { user, active: true }];
    void put(list.map((each) => (each.user === user ? { ...each, ...more } : each)));
  };
  const step = (at: number, by: number) => {
    const list = [...drum.members];
    const [one] = list.splice(at, 1);
    if (one) list.splice(at + by, 0, one);
    void put(list);
  };
  return (
    <section className="panel" aria-label={t('Участники')}>
      <header>
        <h2 className="panel-title">{t('Участники')}</h2>
        <span className="t3 num people-n">{shown.length}</span>
      </header>
      <ol className="lines drum-people">
        {shown.map((member, at) => (
          <li key={member.user}>
            <span className="t3 num drum-n">{at + 1}</span>
            <Avatar id={member.user} name={nameOf(member.user)} silent />
            <span className={`grow ell ${member.active ? 'm' : 't3'}`}>{nameOf(member.user)}</span>
            {!member.active && <Badge>{t('на паузе')}</Badge>}
            {drum.may_edit ? (
              <>
                <Figure
                  label={t('Вес')}
                  value={member.weight ?? 1}
                  step={0.1}
                  least={0.1}
                  onPut={(weight) => change(member.user, { weight })}
                />
                <Figure
                  label={t('На руках')}
                  value={member.cap ?? 0}
                  step={1}
                  least={0}
                  empty={t('как у всех')}
                  onPut={(cap) => change(member.user, { cap })}
                />
                <span className="row g4">
                  {named && (
                    <>
                      <Button
                        look="ghost"
                        small
                        icon="cu"
                        disabled={at === 0}
                        aria-label={t('Выше: {name}', { name: nameOf(member.user) })}
                        onClick={() => step(at, -1)}
                      />
                      <Button
                        look="ghost"
                        small
                        icon="cd"
                        disabled={at === shown.length - 1}
                        aria-label={t('Ниже: {name}', { name: nameOf(member.user) })}
                        onClick={() => step(at, 1)}
                      />
                    </>
                  )}
                  <Button
                    look="ghost"
                    small
                    icon={member.active ? 'pause' : 'play'}
                    aria-label={
                      member.active
                        ? t('Поставить на паузу: {name}', { name: nameOf(member.user) })
                        : t('Вернуть в очередь: {name}', { name: nameOf(member.user) })
                    }
                    onClick={() => change(member.user, { active: !member.active })}
                  />
                  {named && (
                    <Button
                      look="ghost"
                      small
                      icon="x"
                      aria-label={t('Убрать: {title}', { title: nameOf(member.user) })}
                      onClick={() => void put(drum.members.filter((each) => each.user !== member.user))}
                    />
                  )}
                </span>
              </>
            ) : null}
          </li>
        ))}
      </ol>
      {drum.may_edit && named && (
        <div className="in drum-add">
          <Picker
            label={t('Добавить человека')}
            placeholder={t('Добавить человека')}
            options={users
              .filter((user) => !drum.members.some((each) => each.user === user.id))
              .map((user) => ({
                value: String(user.id),
                title: user.name,
                hint: user.position,
                sign: <Avatar id={user.id} name={user.name} silent />,
              }))}
            value={null}
            onPick={(picked) => picked && void put([...drum.members, { user: Number(picked), active: true }])}
          />
        </div>
      )}
      <p className="in f12 t3">
        {t(
          'Вес — доля записей: 0,5 получает вдвое реже. «На руках» — сколько предложений сразу; пусто — как в условиях.',
        )}
      </p>
    </section>
  );
}

/** A small number that is sent when one leaves it. */
function Figure({
  label,
  value,
  step,
  least,
  empty,
  onPut,
}: {
  label: string;
  value: number;
  step: number;
  least: number;
  empty?: string;
  onPut: (value: number) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const shown = empty && !value ? '' : String(value);
  return (
    <label className="row g4 f12 t3 nowrap">
      {label}
      <input
        className="input drum-figure"
        type="number"
        step={step}
        min={least}
        max={100}
        placeholder={empty}
        value={text ?? shown}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          if (text !== null && text !== shown && (text || empty)) onPut(Number(text) || 0);
          setText(null);
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </label>
  );
}
