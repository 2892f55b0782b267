import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RecordData } from '~/api/types.ts';
import { useNames, useUsers } from '~/entities/catalog/catalog.ts';
import { type Op, seenByQuery } from '~/entities/role/role.ts';
import { opTitle } from '~/entities/role/titles.ts';
import { t } from '~/i18n/index.ts';
import { folded } from '~/i18n/layout.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Badge } from '~/ui/Badge.tsx';
import { Dialog } from '~/ui/Dialog.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import './rights.css';

/** What is worth telling beside seeing. */
const told: Op[] = ['edit', 'move', 'assign', 'delete', 'export'];
const SHOWN = 100;

/** Who sees a record, and what each may do with it. */
export function SeenByDialog({ record, onClose }: { record: RecordData; onClose: () => void }) {
  const nameOf = useNames();
  const users = useUsers();
  const [text, setText] = useState('');
  const { data, error, refetch } = useQuery(seenByQuery(record.type, record.id));
  const position = new Map(users.map((user) => [user.id, user.position]));
  const found = (data ?? [])
    .filter((line) => !text || folded(nameOf(line.user)).includes(folded(text)))
    .sort((a, b) => b.ops.length - a.ops.length || nameOf(a.user).localeCompare(nameOf(b.user)));
  return (
    <Dialog title={t('Кто это видит')} onClose={onClose} size={520}>
      <div className="col g12">
        <p className="t2">{record.title}</p>
        {error && <ErrorNote title={t('Список не загрузился')} error={error} retry={() => void refetch()} />}
        {!data && !error && <SkeletonRows rows={4} />}
        {data && data.length > 8 && (
          <input
            className="input"
            aria-label={t('Найти сотрудника')}
            placeholder={t('Найти сотрудника')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        {data && (
          <ul className="seenby">
            {found.slice(0, SHOWN).map((line) => (
              <li key={line.user}>
                <Avatar id={line.user} name={nameOf(line.user)} silent />
                <span className="grow">
                  <span className="m ell me-name">{nameOf(line.user)}</span>
                  {position.get(line.user) && <span className="f12 t3 ell me-name">{position.get(line.user)}</span>}
                </span>
                <span className="row g4 wrap seenby-ops">
                  {told.every((op) => line.ops.includes(op)) ? (
                    <Badge tone="c">{t('может всё')}</Badge>
                  ) : told.some((op) => line.ops.includes(op)) ? (
                    told.filter((op) => line.ops.includes(op)).map((op) => <Badge key={op}>{opTitle(op)}</Badge>)
                  ) : (
                    <span className="f12 t3">{t('только видеть')}</span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
        {found.length > SHOWN && <p className="f12 t3">{t('Показаны первые {n}. Найдите по имени', { n: SHOWN })}</p>}
        {data && !found.length && <p className="t3">{t('Никого не нашлось')}</p>}
      </div>
    </Dialog>
  );
}
