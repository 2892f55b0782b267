import { Link } from '@tanstack/react-router';
import { fieldOf, titleOf, useNames, useType, useUsers } from '~/entities/catalog/catalog.ts';
import { type Question, type Reason, scopes, type Why } from '~/entities/role/role.ts';
import { opTitle, roleName, scopeTitle } from '~/entities/role/titles.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Icon } from '~/ui/Icon.tsx';
import './rights.css';

/** Whether a line decided: one that forbids beats all that allow. */
export function decides(why: Why, reason: Reason): boolean {
  return reason.holds && !!reason.deny === !why.allowed;
}

/** The answer to "what does X see, and why?" as a chain of lines, the deciding one marked. */
export function WhyAnswer({ why, question }: { why: Why; question: Question }) {
  const me = useMe();
  const nameOf = useNames();
  const type = useType(question.type);
  const own = !question.user || question.user === me.id;
  const op = opTitle(question.op);
  if (!why.found && !why.reasons?.length)
    return (
      <div className="answer no" role="status">
        <Icon name="x" />
        <b className="m">{own ? t('Записи нет или она вам не видна') : t('Такой записи нет')}</b>
      </div>
    );
  const headline = own
    ? why.allowed
      ? t('Вы можете {op}', { op })
      : t('Вам нельзя {op}', { op })
    : why.allowed
      ? t('Да, может {op}', { op })
      : t('Нет, не может {op}', { op });
  const reasons = why.reasons ?? [];
  const fields = why.fields ?? [];
  return (
    <div className="col g12">
      <div className={`answer ${why.allowed ? 'yes' : 'no'}`} role="status">
        <Icon name={why.allowed ? 'check' : 'x'} />
        <b className="m">{headline}</b>
      </div>
      {reasons.length + fields.length > 0 ? (
        <ol className="chainw">
          {reasons.map((reason, at) => (
            <ReasonLine key={at} reason={reason} at={at} decided={decides(why, reason)} />
          ))}
          {fields.map((rule) => {
            const field = fieldOf(type, rule.field);
            return (
              <li key={rule.field}>
                <i className="n">
                  <Icon name={rule.access === 'hidden' ? 'x' : 'lock'} />
                </i>
                <div>
                  {rule.access === 'hidden'
                    ? t('Поле «{field}» скрыто.', { field: titleOf(field) || rule.field })
                    : t('Поле «{field}» нельзя менять.', { field: titleOf(field) || rule.field })}{' '}
                  {rule.role && <RoleLine role={rule.role} line={rule.line} />}
                </div>
              </li>
            );
          })}
        </ol>
      ) : (
        <p className="t2">
          {own
            ? t('Ни одна из ваших ролей об этом не говорит, а что не разрешено, то нельзя.')
            : t('Ни одна из ролей об этом не говорит, а что не разрешено, то нельзя.')}
        </p>
      )}
      {!why.allowed && !!why.ask?.length && (
        <div>
          <span className="label">{t('Кто может помочь')}</span>
          <ul className="askers">
            {why.ask.map((id) => (
              <li key={id} className="row g6">
                <Avatar id={id} name={nameOf(id)} silent />
                <AskName id={id} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** The name of somebody to ask, with the address to write to. */
function AskName({ id }: { id: number }) {
  const nameOf = useNames();
  const user = useUsers().find((each) => each.id === id);
  return user?.email ? (
    <a className="link ell" href={`mailto:${user.email}`}>
      {nameOf(id)}
    </a>
  ) : (
    <span>{nameOf(id)}</span>
  );
}

function ReasonLine({ reason, at, decided }: { reason: Reason; at: number; decided: boolean }) {
  const nameOf = useNames();
  return (
    <li className={decided ? (reason.deny ? 'no' : 'yes') : ''} aria-current={decided || undefined}>
      <i className="n">{decided ? <Icon name={reason.deny ? 'x' : 'check'} /> : at + 1}</i>
      <div>
        {reason.text || missText(reason)} <RoleLine role={reason.role} line={reason.line} />
        {reason.through ? <span className="t3"> {t('Замещая: {name}', { name: nameOf(reason.through) })}</span> : null}
      </div>
    </li>
  );
}

/** Why a line does or doesn't fit, where the server sends no sentence. */
function missText(reason: Reason): string {
  const whose = reason.scope && scopes.includes(reason.scope) ? scopeTitle(reason.scope) : '';
  if (reason.holds) return reason.deny ? t('Это запрещено.') : t('Подходит: {scope}.', { scope: whose });
  if (reason.misses === 'stage') return t('Запись на другой стадии.');
  if (reason.misses === 'pipeline') return t('Запись в другой воронке.');
  return t('Не подходит: {scope}.', { scope: whose });
}

/** Which line of which role says so; for those who may see roles it leads there. */
function RoleLine({ role, line }: { role: Reason['role']; line?: number }) {
  const me = useMe();
  const text = line
    ? t('Роль «{role}», строка {line}', { role: roleName(role), line })
    : t('Роль «{role}»', { role: roleName(role) });
  if (!may(me, 'roles') || !role.id) return <span className="t3">{text}</span>;
  return (
    <Link className="t3 under" to="/settings/rights" search={(old: object) => ({ ...old, role: role.id, line })}>
      {text}
    </Link>
  );
}
