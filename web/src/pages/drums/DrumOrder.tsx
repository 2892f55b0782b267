import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Drum, DrumMember } from '~/api/types.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { drumStateQuery } from '~/entities/drum/drum.ts';
import { reasonText } from '~/entities/drum/reasons.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** The people of a drum in their order: who is next and why, how much each holds and missed. */
export function DrumOrder({ drum, admin }: { drum: Drum; admin: boolean }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const { data: state } = useQuery(drumStateQuery(drum.id));
  const members = state?.members ?? drum.members.map((member) => ({ ...member, open: 0, misses_today: 0, reason: '' }));
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
  const plain = drum.members;
  const step = (at: number, by: number) => {
    const list = [...plain];
    const [one] = list.splice(at, 1);
    if (one) list.splice(at + by, 0, one);
    void put(list);
  };
  return (
    <section className="panel" aria-label={t('Очередь')}>
      <header>
        <h2 className="panel-title">{t('Очередь')}</h2>
        <span className="t3 num people-n">{members.length}</span>
      </header>
      <ol className="lines drum-order">
        {members.map((member, at) => (
          <li key={member.user} className={state?.next === member.user ? 'on' : ''}>
            <span className="t3 num drum-n">{at + 1}</span>
            <Avatar id={member.user} name={nameOf(member.user)} silent />
            <span className="grow">
              <span className={`ell me-name ${member.active ? 'm' : 't3'}`}>{nameOf(member.user)}</span>
              {member.reason && member.active && <span className="f12 t3 me-name">{reasonText(member.reason)}</span>}
            </span>
            {state?.next === member.user && <Badge tone="c">{t('следующий')}</Badge>}
            {member.open > 0 && <Badge>{t('{n} на руках', { n: member.open })}</Badge>}
            {member.misses_today > 0 && (
              <Badge tone="d" icon="alert">
                {t(
                  '{n, plural, one {# пропуск сегодня} few {# пропуска сегодня} many {# пропусков сегодня} other {# пропуска сегодня}}',
                  { n: member.misses_today },
                )}
              </Badge>
            )}
            {!member.active && <Badge>{t('на паузе')}</Badge>}
            {admin && plain[at]?.user === member.user && (
              <span className="row g4">
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
                  disabled={at === members.length - 1}
                  aria-label={t('Ниже: {name}', { name: nameOf(member.user) })}
                  onClick={() => step(at, 1)}
                />
                <Button
                  look="ghost"
                  small
                  icon={member.active ? 'pause' : 'play'}
                  aria-label={
                    member.active
                      ? t('Поставить на паузу: {name}', { name: nameOf(member.user) })
                      : t('Вернуть в очередь: {name}', { name: nameOf(member.user) })
                  }
                  onClick={() =>
                    void put(
                      plain.map((each) => (each.user === member.user ? { ...each, active: !each.active } : each)),
                    )
                  }
                />
              </span>
            )}
          </li>
        ))}
      </ol>
      {!members.length && <p className="in t3">{t('В барабане никого: добавьте людей в настройках')}</p>}
    </section>
  );
}
