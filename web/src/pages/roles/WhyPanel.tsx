import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page, SearchHit } from '~/api/types.ts';
import { pluralOf, titleOf, useNames, useTypes, useUsers } from '~/entities/catalog/catalog.ts';
import { recordQuery } from '~/entities/record/queries.ts';
import { matrixQuery, type Op, ops, seenQuery, whyQuery } from '~/entities/role/role.ts';
import { areaTitle, opTitle } from '~/entities/role/titles.ts';
import { useMe } from '~/entities/session/session.ts';
import { typeIcon } from '~/features/places/place.ts';
import { lookAs } from '~/features/rights/lookAs.ts';
import { Answered } from '~/features/rights/WhyAnswer.tsx';
import { number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog } from '~/ui/Dialog.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { toast } from '~/ui/toasts.ts';
import { FieldsPanel } from './FieldsPanel.tsx';
import { MatrixTable } from './MatrixPanel.tsx';
import type { RightsSearch } from './search.ts';

interface Props {
  search: RightsSearch;
  onAsk: (question: RightsSearch) => void;
}

/** "What does X see, and why?": a person, an operation, a record, and the answer as a chain. */
export function WhyPanel({ search, onAsk }: Props) {
  const me = useMe();
  const users = useUsers();
  const nameOf = useNames();
  const types = useTypes();
  const [text, setText] = useState('');
  const [whole, setWhole] = useState(false);
  const [busy, setBusy] = useState(false);
  const user = search.user;
  const op: Op = search.op ?? 'see';
  const asked = !!user && !!search.type && !!search.id;
  const question = { user, type: search.type ?? '', id: search.id ?? 0, op };
  const { data: why, error, refetch } = useQuery({ ...whyQuery(question), enabled: asked });
  const { data: record } = useQuery({
    ...recordQuery(search.type ?? '', search.id ?? 0),
    enabled: !!search.type && !!search.id,
  });
  const { data: hits } = useQuery({
    queryKey: ['search', text.trim()],
    enabled: text.trim().length > 1,
    staleTime: 10_000,
    queryFn: ({ signal }) => api.get<Page<SearchHit>>('/search', { q: text.trim() }, signal).then((page) => page.items),
  });
  const chosen = search.type && search.id ? `${search.type}/${search.id}` : null;
  const records = [
    ...(record && chosen && !(hits ?? []).some((hit) => `${hit.type}/${hit.id}` === chosen)
      ? [{ type: search.type!, id: search.id!, title: record.title }]
      : []),
    ...(hits ?? []),
  ];
  const look = async () => {
    setBusy(true);
    try {
      await lookAs(user!);
    } catch (refusal) {
      setBusy(false);
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(refusal) });
    }
  };
  return (
    <aside className="rights-why" aria-label={t('Что видит и почему')}>
      <h2 className="rights-why-title f14 b">{t('Что видит и почему')}</h2>
      <div className="rights-why-body">
        <div>
          <span className="label">{t('Кто')}</span>
          <Picker
            label={t('Кто')}
            placeholder={t('выберите человека')}
            options={users
              .filter((each) => each.active)
              .map((each) => ({
                value: String(each.id),
                title: each.name,
                hint: each.position,
                sign: <Avatar id={each.id} name={each.name} silent />,
              }))}
            value={user ? String(user) : null}
            onPick={(id) => onAsk({ user: Number(id) || undefined })}
          />
        </div>
        <FormField label={t('Что хочет сделать')}>
          <select className="input" value={op} onChange={(event) => onAsk({ op: event.target.value as Op })}>
            {ops.map((each) => (
              <option key={each} value={each}>
                {opTitle(each)}
              </option>
            ))}
          </select>
        </FormField>
        <div>
          <span className="label">{t('Запись')}</span>
          <Picker
            label={t('Запись')}
            placeholder={t('название, телефон, номер')}
            options={records.map((hit) => ({
              value: `${hit.type}/${hit.id}`,
              title: hit.title,
              hint: titleOf(types.find((type) => type.code === hit.type)),
              sign: <Icon name={typeIcon(hit.type)} small />,
            }))}
            value={chosen}
            clearable
            onSearch={setText}
            onPick={(picked) => {
              const [type, id] = picked?.split('/') ?? [];
              onAsk({ type, id: Number(id) || undefined });
            }}
          />
        </div>
        {asked && <Answered why={why} error={error} retry={() => void refetch()} question={question} />}
        {!asked && (
          <p className="t3">
            {t('Выберите человека и запись: программа ответит, какая строка какой роли это решает.')}
          </p>
        )}
        {user && <SeenTotal user={user} />}
        {user && (
          <>
            <Button icon="list" onClick={() => setWhole(true)}>
              {t('Все права одной таблицей')}
            </Button>
            {user !== me.id && (
              <Button
                icon="eye"
                busy={busy}
                title={t('Только чтение, просмотр записывается в журнал')}
                onClick={() => void look()}
              >
                {t('Посмотреть как {name}', { name: nameOf(user) })}
              </Button>
            )}
          </>
        )}
      </div>
      {whole && user && <WholeRights user={user} name={nameOf(user)} onClose={() => setWhole(false)} />}
    </aside>
  );
}

/** A number, with a plus when counting stopped there. */
const atLeast = (n: number, exact: boolean | undefined) => number(n) + (exact === false && n >= 1000 ? '+' : '');

/** How many records of each type somebody sees, of all there are. */
function SeenTotal({ user }: { user: number }) {
  const types = useTypes();
  const nameOf = useNames();
  const { data: seen } = useQuery({ ...seenQuery(user, types[0]?.code ?? ''), enabled: types.length > 0 });
  if (!seen?.length) return null;
  return (
    <div className="seen-total">
      <span className="label">{t('Всего видит {name}', { name: nameOf(user) })}</span>
      {seen.map((line) => (
        <div key={line.type} className="row">
          <span className="ell">{pluralOf(types.find((type) => type.code === line.type)) || line.type}</span>
          <b className="num push">{atLeast(line.sees, line.exact)}</b>
          <span className="t3 num seen-of">
            {typeof line.of === 'number' ? t('из {n}', { n: atLeast(line.of, line.exact) }) : ''}
          </span>
        </div>
      ))}
    </div>
  );
}

function WholeRights({ user, name, onClose }: { user: number; name: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(matrixQuery({ user }));
  return (
    <Dialog title={t('Что может {name}', { name })} onClose={onClose} size={860}>
      {error ? (
        <ErrorNote title={t('Таблица не загрузилась')} error={error} retry={() => void refetch()} />
      ) : (
        <div className="col g12">
          <MatrixTable matrix={data} />
          {!!data?.fields?.length && <FieldsPanel matrix={data} />}
          {data && (
            <p className="t2">
              {data.areas?.length
                ? t('В самом портале ведёт: {areas}', { areas: data.areas.map(areaTitle).join('; ') })
                : t('В самом портале ничего не ведёт')}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}
