import { Link } from '@tanstack/react-router';
import { ApiError } from '~/api/client.ts';
import {
  fieldOf,
  titleOf,
  useDepartments,
  useNames,
  usePipelines,
  useType,
  useUsers,
} from '~/entities/catalog/catalog.ts';
import type { Question, Reason, Why } from '~/entities/role/role.ts';
import { opTitle, roleName } from '~/entities/role/titles.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { type ReasonNames, reasonText } from './reason.ts';
import './rights.css';

/** Whether a line decided: one that forbids beats all that allow. */
export function decides(why: Why, reason: Reason): boolean {
  return reason.holds && reason.deny === !why.allowed;
}

/** The answer to "what does X see, and why?" as a chain of lines, the deciding ones marked. */
export function WhyAnswer({ why, question }: { why: Why; question: Question }) {
  const me = useMe();
  const nameOf = useNames();
  const departments = useDepartments();
  const pipelines = usePipelines();
  const type = useType(question.type);
  const own = why.user === me.id;
  const op = opTitle(question.op);
  const headline = own
    ? why.allowed
      ? t('Вы можете {op}', { op })
      : t('Вам нельзя {op}', { op })
    : why.allowed
      ? t('Да, может {op}', { op })
      : t('Нет, не может {op}', { op });
  const names: ReasonNames = {
    who: own ? '' : nameOf(why.user),
    person: nameOf,
    department: (id) => departments.find((each) => each.id === id)?.title ?? '',
    pipeline: (id) => titleOf(pipelines.find((each) => each.id === id)),
    stage: (id) => titleOf(pipelines.flatMap((each) => each.stages).find((each) => each.id === id)),
    moves: question.op === 'move',
  };
  const { reasons } = why;
  // Of a hidden field people themselves don't learn the name.
  const fields = why.fields.filter((rule) => !own || rule.access !== 'hidden' || fieldOf(type, rule.field));
  return (
    <div className="col g12">
      <div className={`answer ${why.allowed ? 'yes' : 'no'}`} role="status">
        <Icon name={why.allowed ? 'check' : 'x'} />
        <b className="m">{headline}</b>
      </div>
      {!reasons.length && (
        <p className="t2">
          {own
            ? t('Ни одна из ваших ролей об этом не говорит, а что не разрешено, то нельзя.')
            : t('Ни одна из ролей об этом не говорит, а что не разрешено, то нельзя.')}
        </p>
      )}
      {reasons.length + fields.length > 0 && (
        <ol className="chainw">
          {reasons.map((reason, at) => {
            const decided = decides(why, reason);
            return (
              <li key={at} className={decided ? (reason.deny ? 'no' : 'yes') : ''} aria-current={decided || undefined}>
                <i className="n">{decided ? <Icon name={reason.deny ? 'x' : 'check'} /> : at + 1}</i>
                <div>
                  {reason.deny && <b className="m">{t('Нельзя:')} </b>}
                  {reasonText(reason, why.facts ?? {}, names)}{' '}
                  {!reason.holds && <span className="t3">{t('Не подходит.')} </span>}
                  {reason.role && <RoleLine role={reason.role} line={reason.line} />}
                  {reason.through ? (
                    <span className="t3"> {t('Замещая: {name}', { name: nameOf(reason.through) })}</span>
                  ) : null}
                </div>
              </li>
            );
          })}
          {fields.map((rule) => {
            const field = titleOf(fieldOf(type, rule.field)) || rule.field;
            return (
              <li key={rule.field}>
                <i className="n">
                  <Icon name={rule.access === 'hidden' ? 'x' : 'lock'} />
                </i>
                <div>
                  {rule.access === 'hidden'
                    ? t('Поле «{field}» скрыто.', { field })
                    : t('Поле «{field}» нельзя менять.', { field })}
                </div>
              </li>
            );
          })}
        </ol>
      )}
      {!why.allowed && why.ask.length > 0 && (
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

/** An answer, or that there is none: of what one doesn't see one learns nothing, not even that it is there. */
export function Answered({
  why,
  error,
  retry,
  question,
}: {
  why?: Why;
  error: unknown;
  retry: () => void;
  question: Question;
}) {
  if (error instanceof ApiError && error.status === 404)
    return (
      <div className="answer no" role="status">
        <Icon name="x" />
        <b className="m">{t('Записи нет или она вам не видна')}</b>
      </div>
    );
  if (error) return <ErrorNote title={t('Ответа нет')} error={error} retry={retry} />;
  return why ? <WhyAnswer why={why} question={question} /> : <SkeletonRows rows={3} />;
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

/** Which line of which role says so; for those who may see roles it leads there. */
function RoleLine({ role, line }: { role: NonNullable<Reason['role']>; line: number }) {
  const me = useMe();
  const text = t('Роль «{role}», строка {line}', { role: roleName(role), line });
  if (!may(me, 'roles')) return <span className="t3">{text}</span>;
  return (
    <Link className="t3 under" to="/settings/rights" search={(old: object) => ({ ...old, role: role.id, line })}>
      {text}
    </Link>
  );
}
