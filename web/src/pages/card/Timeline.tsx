import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { api } from '~/api/client.ts';
import type { RecordData, RecordType, TimelineItem } from '~/api/types.ts';
import type { PlacedStage } from '~/entities/catalog/catalog.ts';
import { timelineQuery } from '~/entities/record/queries.ts';
import { PlanStep } from '~/features/plan/PlanStep.tsx';
import { dayHeading, dayOf } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { toast } from '~/ui/toasts.ts';
import { PlannedItem } from './PlannedItem.tsx';
import { TimelineRow } from './TimelineRow.tsx';

type Show = 'all' | 'talk' | 'changes';

/** Whether an entry is an activity that is still ahead: those stand on top, not in the story. */
export function isPlanned(item: TimelineItem): boolean {
  return !!item.activity && !item.activity.done_at && !!item.activity.due_at;
}

function fits(item: TimelineItem, show: Show): boolean {
  if (show === 'all') return true;
  const talk = !!item.activity || !!item.diff?.request;
  return show === 'talk' ? talk : !talk;
}

/** A missed offer is an entry of its own; the incident made of it would say the same once more. */
function isToldTwice(item: TimelineItem): boolean {
  return item.kind === 'incident' && item.diff?.incident?.kind === 'missed_offer';
}

/** Planned on top, then what happened by days, each automatic change with its cause. */
export function Timeline({ record, type, stages }: { record: RecordData; type?: RecordType; stages: PlacedStage[] }) {
  const client = useQueryClient();
  const [show, setShow] = useState<Show>('all');
  const [asking, setAsking] = useState<string | null>(null);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    timelineQuery(record.type, record.id),
  );
  if (isPending) return <SkeletonRows rows={5} />;
  if (error) return <ErrorNote title={t('Лента не загрузилась')} error={error} retry={() => void refetch()} />;

  const items = data.pages.flatMap((page) => page.items);
  const planned = data.pages[0]?.planned ?? [];
  const happened = items.filter((item) => !isPlanned(item) && !isToldTwice(item) && fits(item, show));

  const reload = () => {
    for (const queryKey of [
      ['timeline', record.type, record.id],
      ['record', record.type, record.id],
      ['board', record.type],
      ['list', record.type],
    ])
      void client.invalidateQueries({ queryKey });
  };
  const complete = async (activity: RecordData) => {
    try {
      await api.patch(`/records/activity/${activity.id}`, {
        version: activity.version,
        done_at: new Date().toISOString(),
      });
      reload();
      const left = planned.filter((each) => each.id !== activity.id);
      toast({
        text: t('Сделано: {title}', { title: activity.title }),
        undo: () => void api.patch(`/records/activity/${activity.id}`, { done_at: null }).then(reload),
      });
      // Finishing the last activity asks for the next one.
      if (!left.length && !record.closed_at && type?.staged) setAsking(activity.title);
    } catch (reason) {
      toast({ kind: 'error', text: t('Не отмечено'), detail: errorText(reason) });
    }
  };

  let day = '';
  const filter: [Show, string][] = [
    ['all', t('Всё')],
    ['talk', t('Общение')],
    ['changes', t('Изменения')],
  ];
  return (
    <div className="tl">
      {planned.length > 0 && (
        <>
          <div className="sep">
            <h2 className="b">{t('Запланировано')}</h2>
            <span className="n">{planned.length}</span>
          </div>
          {planned.map((activity, at) => (
            <PlannedItem
              key={activity.id}
              activity={activity}
              first={at === 0}
              onDone={() => void complete(activity)}
            />
          ))}
        </>
      )}
      {happened.map((item, at) => {
        const ms = Date.parse(item.at);
        const next = dayOf(ms);
        const head = next !== day;
        day = next;
        return (
          // Activities and entries of the journal are numbered apart.
          <Fragment key={`${item.activity ? 'activity' : 'entry'} ${item.id}`}>
            {head && (
              <div className="sep">
                <h2 className="b">{dayHeading(ms)}</h2>
                {at === 0 && <ShowSwitch show={show} entries={filter} onShow={setShow} />}
              </div>
            )}
            <TimelineRow item={item} type={type} stages={stages} />
          </Fragment>
        );
      })}
      {!happened.length && (
        <div className="sep">
          <span className="t3">{show === 'all' ? t('Пока ничего не произошло') : t('Такого здесь ещё не было')}</span>
          <ShowSwitch show={show} entries={filter} onShow={setShow} />
        </div>
      )}
      {hasNextPage && (
        <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('Показать раньше')}
        </Button>
      )}
      {asking !== null && (
        <PlanStep
          record={record}
          after={t('«{title}» сделано. Что дальше?', { title: asking })}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

function ShowSwitch({
  show,
  entries,
  onShow,
}: {
  show: Show;
  entries: [Show, string][];
  onShow: (show: Show) => void;
}) {
  return (
    <span className="push seg" role="group" aria-label={t('Что показать')}>
      {entries.map(([code, title]) => (
        <button
          key={code}
          type="button"
          className={code === show ? 'on' : ''}
          aria-pressed={code === show}
          onClick={() => onShow(code)}
        >
          {title}
        </button>
      ))}
    </span>
  );
}
