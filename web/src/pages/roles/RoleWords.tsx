import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { forgetRights, type Grant, keepRole, type Role, rolesQuery } from '~/entities/role/role.ts';
import { fixedHint, roleName } from '~/entities/role/titles.ts';
import { FieldWords, GrantWords } from '~/features/rights/LineWords.tsx';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { InlineField } from '~/ui/InlineField.tsx';
import { MenuButton } from '~/ui/MenuButton.tsx';
import { toast } from '~/ui/toasts.ts';
import { type Line, LineForm } from './LineForm.tsx';
import { RoleHistory } from './RoleHistory.tsx';
import { useRoleSaver } from './useRoleSaver.ts';

interface Props {
  role: Role;
  /** The numbers of lines to light up, from 1. */
  lit: ReadonlySet<number>;
  onGone: () => void;
  onChoose: (id: number) => void;
}

/** A role in words: every line a sentence with a pencil; lines about fields come after the others. */
export function RoleWords({ role, lit, onGone, onChoose }: Props) {
  const client = useQueryClient();
  const nameOf = useNames();
  const save = useRoleSaver();
  const [editing, setEditing] = useState<{ line: Line; at: number | null } | null>(null);
  const [history, setHistory] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const locked = role.fixed === 'admin';
  const name = roleName(role);
  useEffect(() => {
    if (lit.size) list.current?.querySelector('.lit')?.scrollIntoView({ block: 'nearest' });
  }, [lit]);

  const put = (line: Line, at: number | null) => {
    const { grants, fields } = role;
    if (line.kind === 'grant') {
      const next = at === null ? [...grants, line.grant] : grants.map((old, n) => (n === at ? line.grant : old));
      return save(role, { grants: next }, at === null ? t('Строка добавлена') : t('Строка изменена'));
    }
    const next = at === null ? [...fields, line.rule] : fields.map((old, n) => (n === at ? line.rule : old));
    return save(role, { fields: next }, at === null ? t('Строка добавлена') : t('Строка изменена'));
  };
  const remove = (kind: Line['kind'], at: number) =>
    kind === 'grant'
      ? save(role, { grants: role.grants.filter((_, n) => n !== at) }, t('Строка убрана'))
      : save(role, { fields: role.fields.filter((_, n) => n !== at) }, t('Строка убрана'));

  const made = async (ask: Promise<Role>, text: string) => {
    try {
      const done = await ask;
      keepRole(client, done);
      forgetRights(client);
      toast({ text });
      return done;
    } catch (error) {
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(error) });
    }
  };
  const copy = async () => {
    const title = t('{role}, копия', { role: name });
    const done = await made(api.post<Role>('/roles', { title, copy_of: role.id }), t('Роль скопирована'));
    if (done) onChoose(done.id);
  };
  const drop = async () => {
    try {
      await api.delete(`/roles/${role.id}`);
    } catch (error) {
      toast({ kind: 'error', text: t('Роль осталась'), detail: errorText(error) });
      return;
    }
    client.setQueryData(rolesQuery.queryKey, (old) => old?.filter((each) => each.id !== role.id));
    forgetRights(client);
    onGone();
    const { title, grants, fields, areas, holders } = role;
    toast({
      text: t('Роль «{role}» удалена', { role: name }),
      undo: () =>
        void made(api.post<Role>('/roles', { title, grants, fields, areas, holders }), t('Роль возвращена')).then(
          (back) => back && onChoose(back.id),
        ),
    });
  };
  const edit = (line: Line, at: number) => setEditing({ line, at });
  return (
    <section className="panel" aria-label={t('{role} словами', { role: name })}>
      <header>
        {role.fixed ? (
          <h2 className="panel-title ell">{t('{role} словами', { role: name })}</h2>
        ) : (
          <h2 className="panel-title role-title">
            <InlineField
              label={t('Название роли')}
              value={role.title}
              display={(value) => <span className="ell">{value}</span>}
              editor={({ value, onChange, inputProps }) => (
                <input
                  {...inputProps}
                  className="input"
                  maxLength={120}
                  value={value}
                  onChange={(event) => onChange(event.target.value)}
                />
              )}
              onSave={(title) => save(role, { title }, t('Роль переименована'))}
            />
          </h2>
        )}
        <span className="t3 f12 people-n only-d">
          {t('{n, plural, one {# человек} few {# человека} many {# человек} other {# человека}}', { n: role.people })}
        </span>
        <span className="push" />
        {role.changed_at && (
          <button type="button" className="f12 t3 people-n under only-d" onClick={() => setHistory(true)}>
            {role.changed_by
              ? t('правка: {name}, {day}', { name: nameOf(role.changed_by), day: day(Date.parse(role.changed_at)) })
              : t('правка {day}', { day: day(Date.parse(role.changed_at)) })}
          </button>
        )}
        <MenuButton
          position="bottom-end"
          label={t('Что сделать с ролью')}
          target={<Button look="ghost" small icon="dots" aria-label={t('Что сделать с ролью')} />}
          entries={[
            ...(locked ? [] : [{ title: t('Скопировать роль'), icon: 'copy' as const, run: () => void copy() }]),
            { title: t('История роли'), icon: 'history', run: () => setHistory(true) },
            ...(role.fixed && role.changed
              ? [
                  {
                    title: t('Вернуть как было сначала'),
                    icon: 'undo' as const,
                    run: () => void made(api.post<Role>(`/roles/${role.id}/reset`), t('Роль снова как сначала')),
                  },
                ]
              : []),
            ...(role.fixed
              ? []
              : [null, { title: t('Удалить роль'), icon: 'trash' as const, danger: true, run: () => void drop() }]),
          ]}
        />
      </header>
      {role.fixed && <p className="f12 t3 role-hint">{fixedHint(role.fixed)}</p>}
      <ol className="grants" ref={list}>
        {role.grants.map((grant, at) => (
          <GrantLine
            key={at}
            at={at}
            lit={lit.has(at + 1)}
            no={grant.deny}
            onEdit={locked ? undefined : () => edit({ kind: 'grant', grant }, at)}
          >
            <GrantWords grant={grant} onChip={locked ? undefined : () => edit({ kind: 'grant', grant }, at)} />
          </GrantLine>
        ))}
        {role.fields.map((rule, at) => (
          <GrantLine
            key={`f${at}`}
            at={role.grants.length + at}
            lit={lit.has(role.grants.length + at + 1)}
            no
            onEdit={locked ? undefined : () => edit({ kind: 'field', rule }, at)}
          >
            <FieldWords rule={rule} onChip={locked ? undefined : () => edit({ kind: 'field', rule }, at)} />
          </GrantLine>
        ))}
      </ol>
      {!role.grants.length && !role.fields.length && !locked && (
        <p className="in t3">{t('Строк ещё нет: роль ничего не даёт и ничего не запрещает')}</p>
      )}
      {!locked && (
        <Button
          look="ghost"
          small
          icon="plus"
          className="role-add"
          onClick={() => setEditing({ line: newLine(), at: null })}
        >
          {t('Разрешить или запретить')}
        </Button>
      )}
      {editing && (
        <LineForm
          line={editing.line}
          fresh={editing.at === null}
          onClose={() => setEditing(null)}
          onSave={(line) => put(line, editing.at)}
          onRemove={editing.at === null ? undefined : () => remove(editing.line.kind, editing.at!)}
        />
      )}
      {history && <RoleHistory role={role} onClose={() => setHistory(false)} />}
    </section>
  );
}

/** What a new line begins with: to see one's own. */
function newLine(): Line {
  return { kind: 'grant', grant: { types: [], ops: ['see'], scopes: ['own'] } satisfies Grant };
}

function GrantLine({
  at,
  lit,
  no,
  onEdit,
  children,
}: {
  at: number;
  lit: boolean;
  no?: boolean;
  onEdit?: () => void;
  children: React.ReactNode;
}) {
  return (
    <li className={`${lit ? 'lit' : ''} ${no ? 'no' : ''}`}>
      <span className="line-n f11 t3 num">{at + 1}</span>
      <Icon name={no ? 'x' : 'check'} small />
      <span className="grow">
        {no && <span className="sr">{t('Нельзя:')} </span>}
        {children}
      </span>
      {onEdit && (
        <Button look="ghost" small icon="edit" aria-label={t('Изменить строку {n}', { n: at + 1 })} onClick={onEdit} />
      )}
    </li>
  );
}
