import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { MoneyValue, RecordData, RecordType, Visit } from '~/api/types.ts';
import { fieldOf, type PlacedStage, titleOf, useNames } from '~/entities/catalog/catalog.ts';
import { OfferStrip } from '~/entities/offer/OfferStrip.tsx';
import { isOpen } from '~/entities/offer/offer.ts';
import { visitsQuery } from '~/entities/record/queries.ts';
import { useMe } from '~/entities/session/session.ts';
import { dayLong, number, workTime } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { serverNow } from '~/ui/clock.ts';
import { InlineField } from '~/ui/InlineField.tsx';
import { MenuButton } from '~/ui/MenuButton.tsx';
import { Money } from '~/ui/Money.tsx';
import { type BarStage, StageBar } from '~/ui/StageBar.tsx';
import { useRightsEntries } from './useRightsEntries.tsx';

interface Props {
  record: RecordData;
  type?: RecordType;
  stage?: PlacedStage;
  stages: PlacedStage[];
  next?: PlacedStage;
  readOnly: boolean;
  onSave: (code: string, value: unknown) => Promise<unknown>;
  /** Missing what the reader may not do. */
  onMove?: (to: PlacedStage) => void;
  onMenu?: () => void;
  onDelete?: () => void;
}

/** Title, sum, responsible, the stage bar, the offer, and the one main button: the next stage. */
export function CardHead({ record, type, stage, stages, next, readOnly, onSave, onMove, onMenu, onDelete }: Props) {
  const nameOf = useNames();
  const me = useMe();
  // The one main button: who is offered the record takes it first.
  const offered = isOpen(record.offer) && record.offer.user === me.id;
  const amount = record.amount as MoneyValue | null | undefined;
  const rights = useRightsEntries(record);
  return (
    <div className="head">
      <div className="row g12 head-line">
        <h1 className="f20 grow head-title">
          <InlineField
            label={t('Название')}
            value={record.title}
            readOnly={readOnly || fieldOf(type, 'title')?.read_only}
            display={(value) => <span className="ell">{value}</span>}
            editor={({ value, onChange, inputProps }) => (
              <input
                {...inputProps}
                className="input title-input"
                value={value}
                onChange={(event) => onChange(event.target.value)}
              />
            )}
            onSave={(value) => onSave('title', value)}
          />
        </h1>
        <MenuButton
          position="bottom-end"
          label={t('Ещё')}
          target={<Button look="ghost" icon="dots" aria-label={t('Ещё')} />}
          entries={[
            ...(type?.staged && onMenu
              ? [{ title: t('Перенести в…'), icon: 'ar' as const, hint: 'M', run: onMenu }]
              : []),
            {
              title: t('Скопировать ссылку'),
              icon: 'link',
              run: () => void navigator.clipboard?.writeText(location.href),
            },
            ...rights.entries,
            ...(onDelete
              ? [null, { title: t('Удалить'), icon: 'trash' as const, danger: true, hint: 'Del', run: onDelete }]
              : []),
          ]}
        />
        {rights.element}
        {next && onMove && (
          <Button
            look={offered ? '' : 'pri'}
            icon="ar"
            className="only-d"
            hotkey="mod+Enter"
            onClick={() => onMove(next)}
          >
            {t('В «{stage}»', { stage: titleOf(next) })}
          </Button>
        )}
      </div>
      <div className="row g16 wrap head-facts">
        {amount && (
          <span className="f16">
            <Money value={amount} />
          </span>
        )}
        {record.responsible ? (
          <span className="row g6">
            <Avatar id={record.responsible} name={nameOf(record.responsible)} silent />
            {nameOf(record.responsible)}
          </span>
        ) : fieldOf(type, 'responsible') ? (
          <span className="warn">{t('Ответственного нет')}</span>
        ) : null}
        <span className="t3">
          {record.created_at
            ? t('№ {id} от {day}', { id: number(record.id), day: dayLong(Date.parse(record.created_at)) })
            : t('№ {id}', { id: number(record.id) })}
        </span>
      </div>
      {isOpen(record.offer) && (
        <div className="head-offer">
          <OfferStrip offer={{ ...record.offer, type: record.type, record: record.id }} />
        </div>
      )}
      {stage && <Stages record={record} stage={stage} stages={stages} onMove={onMove} />}
    </div>
  );
}

function Stages({
  record,
  stage,
  stages,
  onMove,
}: Pick<Props, 'record' | 'stages' | 'onMove'> & { stage: PlacedStage }) {
  const { data: visits, dataUpdatedAt } = useQuery(visitsQuery(record.type, record.id));
  useTick(visits?.some((visit) => visit.runs_until) ?? false);
  const now = serverNow();
  const bar = barOf(stages, stage, visits ?? [], dataUpdatedAt + now - Date.now(), now);
  const limit = stage.limit_seconds ? stage.limit_seconds * 1000 : 0;
  const spent = bar.find((each) => each.state === 'current')?.used;
  return (
    <>
      <StageBar
        label={t('Стадии')}
        stages={bar}
        readOnly={!onMove}
        onPick={(code) => {
          const to = stages.find((each) => each.code === code);
          if (to) onMove?.(to);
        }}
      />
      {limit > 0 && spent !== undefined && (
        <div className="row f12 dem">
          <span className={`push ${spent >= 1 ? 'danger m' : 't3'}`}>
            {spent >= 1
              ? t('лимит стадии превышен на {time}', { time: workTime((spent - 1) * limit) })
              : t('до лимита {time}', { time: workTime((1 - spent) * limit) })}
          </span>
        </div>
      )}
    </>
  );
}

/** Draws anew twice a minute while a clock of working time runs. */
function useTick(runs: boolean) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => tick((n) => n + 1), 30_000);
    return () => clearInterval(timer);
  }, [runs]);
}

/** The working time of a visit in ms: what the server counted, and what has passed since if its clock runs. */
export function workOf(visit: Visit, asked: number, now: number): number {
  const since = visit.runs_until ? Math.max(0, Math.min(now, Date.parse(visit.runs_until)) - asked) : 0;
  return (visit.work_seconds ?? 0) * 1000 + since;
}

const spentText = (ms: number) => (ms < 60_000 ? t('{minutes} мин', { minutes: 0 }) : workTime(ms));

/** What each stage of the bar says: time spent behind, time of the limit now, the limit ahead. All of it is working time. */
export function barOf(
  stages: PlacedStage[],
  current: PlacedStage,
  visits: Visit[],
  asked: number,
  now: number,
): BarStage[] {
  const spent = new Map<string, number>();
  for (const visit of visits) spent.set(visit.stage, (spent.get(visit.stage) ?? 0) + workOf(visit, asked, now));
  const at = stages.findIndex((stage) => stage.id === current.id);
  return stages
    .filter((stage) => stage.kind !== 'waiting' || stage.id === current.id || spent.has(stage.code))
    .map((stage) => {
      const limit = stage.limit_seconds ? stage.limit_seconds * 1000 : 0;
      const here = stage.id === current.id;
      const behind = stages.indexOf(stage) < at && stage.kind !== 'lost';
      const took = spent.get(stage.code);
      const end = stage.kind === 'won' || stage.kind === 'lost';
      let note = '';
      if (here && !end && took !== undefined)
        note = limit
          ? t('{spent} / {limit}', { spent: spentText(took), limit: workTime(limit) })
          : took
            ? spentText(took)
            : '';
      else if (behind) note = took ? spentText(took) : '';
      else if (limit && !end) note = t('лимит {time}', { time: workTime(limit) });
      return {
        code: stage.code,
        title: titleOf(stage),
        kind: stage.kind,
        color: ((stage.color - 1 + 10) % 10) + 1,
        share: stage.share,
        state: here ? 'current' : behind ? 'done' : 'next',
        note,
        used: here && limit && took !== undefined ? took / limit : undefined,
      };
    });
}
