import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Field, RecordType, TimelineItem } from '~/api/types.ts';
import { fieldOf, type PlacedStage, placed, titleOf, useNames, usePipelines } from '~/entities/catalog/catalog.ts';
import { reasonText } from '~/entities/drum/reasons.ts';
import { fieldText, valueTitle } from '~/entities/record/FieldView.tsx';
import { RequestOrigin } from '~/entities/request/RequestOrigin.tsx';
import { passedText } from '~/entities/routing/routing.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { kindIcon } from '~/features/plan/kinds.ts';
import { moment, time } from '~/i18n/format.ts';
import { language, t } from '~/i18n/index.ts';
import { Icon } from '~/ui/Icon.tsx';
import type { IconName } from '~/ui/icons.ts';
import { StageRing } from '~/ui/StageRing.tsx';

interface Props {
  item: TimelineItem;
  type?: RecordType;
  stages: PlacedStage[];
}

/** One entry of the timeline: who or what, what happened, when, and why if it wasn't a person. */
export function TimelineRow(props: Props) {
  const { item } = props;
  const [why, setWhy] = useState(false);
  const told = useStory(props);
  const automatic = isAutomatic(item);
  const ms = Date.parse(item.at);
  return (
    <article className="ev">
      <span className={`ic ${automatic ? 'a' : ''}`}>
        <Icon name={told.icon} small />
      </span>
      <div className="grow">
        <div className="row g6 ev-line">
          <span className="ev-text">{told.text}</span>
          {automatic && (
            <button type="button" className="why" aria-expanded={why} onClick={() => setWhy(!why)}>
              <Icon name="bolt" small />
              {t('почему?')}
            </button>
          )}
          <time className="push" dateTime={item.at} title={moment(ms)}>
            {time(ms)}
          </time>
        </div>
        {told.body && <p className="t2 pre">{told.body}</p>}
        {told.more}
        {why && <Because item={item} />}
      </div>
    </article>
  );
}

/** Whether automation, not a person's hand, did it. */
export function isAutomatic(item: TimelineItem): boolean {
  const kind = item.cause?.kind;
  return !!kind && kind !== 'person' && kind !== 'user';
}

/** The reason of an automatic change in words, with the values it had. */
function Because({ item }: { item: TimelineItem }) {
  const nameOf = useNames();
  const me = useMe();
  const cause = item.cause ?? {};
  const offer = item.diff?.offer;
  const routed = routedBy(item);
  const names: Record<string, string> = {
    drum: t('Барабан'),
    routing: t('Правило распределения'),
    rule: t('Правило'),
    process: t('Процесс'),
    intake: t('Приём обращения'),
    import: t('Импорт'),
    stage_limit: t('Лимит времени'),
    demo: t('Пример'),
    api: t('Программа через API'),
    system: t('Система'),
  };
  const due = instant(offer?.due_at ?? item.diff?.incident?.due_at);
  const where = (
    { drum: '/drums', intake: '/settings/forms', routing: '/settings/routing', import: '/settings/import' } as const
  )[cause.kind ?? ''];
  const what = `${names[cause.code ?? ''] ?? names[cause.kind ?? ''] ?? cause.kind}${quoted(cause.title)}`;
  return (
    <div className="because">
      {where && (where === '/drums' || may(me, 'keys')) ? (
        <Link className="m" to={where} hash={where === '/settings/import' ? `import-${cause.id}` : undefined}>
          {what}
        </Link>
      ) : (
        <b className="m">{what}</b>
      )}
      {offer?.reasons?.map((reason) => (
        <span key={reason.user}>
          {nameOf(reason.user)}: {reasonText(reason.code)}
        </span>
      ))}
      {item.diff?.request?.accepted_by && (
        <span>{t('Прошло проверку: {name}', { name: nameOf(item.diff.request.accepted_by) })}</span>
      )}
      {offer?.round && offer.round > 1 ? <span>{t('Круг {n}', { n: offer.round })}</span> : null}
      {routed?.passed?.map((each) => (
        <span key={each.rule.code}>
          {t('«{rule}» пропущено: {why}', { rule: each.rule.title ?? each.rule.code, why: passedText(each.why) })}
        </span>
      ))}
      {due ? <span>{t('Срок {time}', { time: moment(due) })}</span> : null}
    </div>
  );
}

/** A moment of the journal in ms, however it is written; nothing when it is none. */
function instant(value: number | string | undefined): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  return ms && Number.isFinite(ms) ? ms : undefined;
}

/** A name in quotes after a word; a name that has quotes of its own goes bare. */
function quoted(title: string | undefined): string {
  if (!title) return '';
  return title.includes('«') || title.includes('"')
    ? `: ${title}`
    : language() === 'ru'
      ? ` «${title}»`
      : ` "${title}"`;
}

interface Story {
  icon: IconName;
  text: ReactNode;
  body?: string;
  more?: ReactNode;
}

/** An entry told as a sentence. */
function useStory({ item, type, stages }: Props): Story {
  const nameOf = useNames();
  const actor = item.actor ? nameOf(item.actor) : '';
  const kind = item.kind;
  const about = nameOf(item.diff?.offer?.user ?? item.diff?.incident?.user) || actor;
  const pipelines = usePipelines(type?.code);

  if (item.activity) {
    const activity = item.activity;
    const done = activity.kind !== 'note' && activity.done_at;
    return {
      icon: kindIcon(activity.kind as string),
      text: (
        <>
          {done ? <Icon name="check" small /> : null}{' '}
          <b className="m">{activity.kind === 'note' ? actor || t('Заметка') : activity.title}</b>
          {activity.kind !== 'note' && actor && <span className="t3"> {actor}</span>}
        </>
      ),
      body:
        String((activity.kind === 'note' ? activity.text || activity.title : activity.result || activity.text) ?? '') ||
        undefined,
    };
  }
  switch (kind) {
    case 'created':
      return { icon: 'plus', text: actor ? t('{name}: новая запись', { name: actor }) : t('Новая запись') };
    case 'deleted':
      return { icon: 'trash', text: t('{name}: в корзину', { name: actor || t('Система') }) };
    case 'restored':
      return { icon: 'undo', text: t('{name}: из корзины', { name: actor || t('Система') }) };
    case 'request_came':
    case 'repeat_came':
      return {
        icon: 'form',
        text: (
          <b className="m">
            {kind === 'repeat_came' ? t('Повторное обращение') : t('Обращение')}
            {quoted(item.cause?.title)}
          </b>
        ),
        body: requestText(item, type),
        more: type && item.diff?.request && <RequestOrigin type={type} about={item.diff.request} />,
      };
    case 'routed': {
      const routed = routedBy(item);
      const to = routed?.user ? nameOf(routed.user) : routed?.drum ? t('барабан') : t('никому');
      return { icon: 'route', text: t('Распределено: {who}', { who: to }) };
    }
    case 'offer_made':
      return { icon: 'drum', text: t('Предложено: {name}', { name: about }) };
    case 'offer_waiting':
      return { icon: 'hour', text: t('Некому взять, ждёт людей') };
    case 'offer_escalated':
      return { icon: 'bell', text: <b className="m">{t('Подключён руководитель: {name}', { name: about })}</b> };
    case 'offer_taken':
      return { icon: 'drum', text: <b className="m">{t('Взято в работу: {name}', { name: about })}</b> };
    case 'offer_missed':
      return { icon: 'alert', text: <span className="danger">{t('Пропуск: {name}', { name: about })}</span> };
    case 'incident':
      return {
        icon: 'alert',
        text: (
          <span className="danger">
            {item.diff?.incident?.kind === 'stage_limit' || item.diff?.incident?.kind === 'stage_overdue'
              ? t('Стадия просрочена')
              : item.diff?.incident?.kind === 'routing_loop'
                ? t('Правила отдают запись по кругу')
                : t('Пропуск: {name}', { name: about })}
          </span>
        ),
      };
    case 'offer_withdrawn':
      return { icon: 'drum', text: t('Предложение снято: {name}', { name: about }) };
  }
  const diff = Object.entries(item.diff ?? {});
  const stage = item.diff?.stage as { to?: unknown } | undefined;
  if (stage && kind !== 'created') {
    const is = (each: PlacedStage) => each.code === stage.to || each.id === stage.to;
    // A record that has come from another pipeline was on stages of that one.
    const passed = item.diff?.pipeline as { to?: unknown } | undefined;
    const into = pipelines.find((each) => each.code === passed?.to || each.id === passed?.to);
    const to = (into && placed(into).find(is)) ?? stages.find(is) ?? pipelines.flatMap(placed).find(is);
    return {
      icon: 'ar',
      text: (
        <>
          {actor ? t('{name}: перенос в', { name: actor }) : t('Перенос в')}{' '}
          {to && <StageRing kind={to.kind} color={to.color} share={to.share} size={12} />}{' '}
          <b className="m">{to ? titleOf(to) : String(stage.to ?? '')}</b>
          {into && <span className="t3"> {titleOf(into)}</span>}
        </>
      ),
    };
  }
  const shown = diff
    .filter(
      (entry): entry is [string, { from?: unknown; to?: unknown }] => typeof entry[1] === 'object' && entry[1] !== null,
    )
    .filter(
      ([code]) =>
        !['version', 'updated_at', 'stage_entered_at', 'next_at', 'next_title', 'dept_pos', 'department'].includes(
          code,
        ),
    );
  return {
    icon: 'edit',
    text: (
      <>
        {actor && <span>{actor}: </span>}
        {shown.length
          ? shown.map(([code, { from, to }], at) => (
              <span key={code}>
                {at > 0 && '; '}
                <Change field={describe(type, code)} from={from} to={to} nameOf={nameOf} />
              </span>
            ))
          : t('изменено')}
      </>
    ),
  };
}

function describe(type: RecordType | undefined, code: string): Field {
  const known: Record<string, Field> = {
    title: { code, kind: 'text', title_ru: 'Название', title_en: 'Title' },
    responsible: { code, kind: 'user', title_ru: 'Ответственный', title_en: 'Responsible' },
    lost_reason: { code, kind: 'text', title_ru: 'Причина отказа', title_en: 'Lost reason' },
  };
  return fieldOf(type, code) ?? known[code] ?? { code, kind: 'text', title_ru: code, title_en: code };
}

function Change({
  field,
  from,
  to,
  nameOf,
}: {
  field: Field;
  from: unknown;
  to: unknown;
  nameOf: (id: number) => string;
}) {
  const blank = from === null || from === undefined || from === '' || (Array.isArray(from) && !from.length);
  return (
    <>
      {titleOf(field)} {!blank && <s className="t3">{fieldText(field, from, nameOf)}</s>} {!blank && '→'}{' '}
      <b className="m">{fieldText(field, to, nameOf)}</b>
    </>
  );
}

/** What a rule decided, as the journal keeps it. */
function routedBy(item: TimelineItem) {
  const diff = item.diff as { routing?: Routed } | null | undefined;
  return diff?.routing;
}

interface Routed {
  user?: number;
  drum?: number;
  passed?: { rule: { code: string; title?: string }; why: string }[];
}

/** What was written and where it came from; a source the type has no title for is a code, and no news to anybody. */
function requestText(item: TimelineItem, type: RecordType | undefined): string | undefined {
  const { text, source } = item.diff?.request ?? {};
  const sources = fieldOf(type, 'source');
  const from = source && sources?.values?.some((each) => each.code === source) ? valueTitle(sources, source) : '';
  return [text, from].filter(Boolean).join('\n') || undefined;
}
