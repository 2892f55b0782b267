import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Pipeline, Stage } from '~/api/types.ts';
import { type PlacedStage, pipelinesQuery, placed, titleOf } from '~/entities/catalog/catalog.ts';
import { workTime } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { StageRing } from '~/ui/StageRing.tsx';
import { toast } from '~/ui/toasts.ts';
import { kindTitle } from './kinds.ts';

interface Props {
  pipeline: Pipeline;
  chosen?: number;
  onChoose: (stage: Stage) => void;
  onAdd: () => void;
}

/** The list with one element moved from one place to another. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}

/** The stages in their order: by dragging the handle, or with Alt and the arrows on it. */
export function StageOrder({ pipeline, chosen, onChoose, onAdd }: Props) {
  const client = useQueryClient();
  const [said, setSaid] = useState('');
  const stages = placed(pipeline);
  const put = async (from: number, to: number) => {
    if (to < 0 || to >= stages.length || from === to) return;
    const order = moved(pipeline.stages, from, to);
    const show = (list: Stage[]) =>
      client.setQueryData(pipelinesQuery.queryKey, (old: Pipeline[] | undefined) =>
        old?.map((each) => (each.id === pipeline.id ? { ...each, stages: list } : each)),
      );
    show(order);
    setSaid(t('«{stage}» теперь на месте {n}', { stage: titleOf(order[to]), n: to + 1 }));
    try {
      await api.put(`/pipelines/${pipeline.id}/stage-order`, { stages: order.map((each) => each.id) });
    } catch (error) {
      show(pipeline.stages);
      toast({ kind: 'error', text: t('Порядок не изменился'), detail: errorText(error) });
    }
  };
  return (
    <section className="panel" aria-label={t('Стадии')}>
      <header>
        <h2 className="panel-title">{titleOf(pipeline)}</h2>
        <Button look="ghost" small icon="plus" className="push" onClick={onAdd}>
          {t('Стадия')}
        </Button>
      </header>
      <ul className="lines">
        {stages.map((stage, at) => (
          <StageLine
            key={stage.id}
            stage={stage}
            at={at}
            on={stage.id === chosen}
            onChoose={() => onChoose(stage)}
            onPut={(from, to) => void put(from, to)}
          />
        ))}
      </ul>
      <span className="sr" aria-live="polite">
        {said}
      </span>
    </section>
  );
}

function StageLine({
  stage,
  at,
  on,
  onChoose,
  onPut,
}: {
  stage: PlacedStage;
  at: number;
  on: boolean;
  onChoose: () => void;
  onPut: (from: number, to: number) => void;
}) {
  const line = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const put = useRef(onPut);
  put.current = onPut;
  useEffect(() => {
    if (!line.current || !grip.current) return;
    return combine(
      draggable({ element: line.current, dragHandle: grip.current, getInitialData: () => ({ stageAt: at }) }),
      dropTargetForElements({
        element: line.current,
        canDrop: ({ source }) => typeof source.data.stageAt === 'number' && source.data.stageAt !== at,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          put.current(source.data.stageAt as number, at);
        },
      }),
    );
  }, [at]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (!step) return;
    event.preventDefault();
    onPut(at, at + step);
    requestAnimationFrame(() => grip.current?.focus());
  };
  return (
    <li ref={line} className={`${on ? 'on' : ''} ${over ? 'over' : ''}`}>
      <button
        ref={grip}
        type="button"
        className="grip"
        aria-label={t('Переставить «{stage}»: стрелками вверх и вниз', { stage: titleOf(stage) })}
        onKeyDown={onKeyDown}
      >
        <Icon name="grip" small />
      </button>
      <button type="button" className="pick" aria-current={on || undefined} onClick={onChoose}>
        <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
        <span className="m ell">{titleOf(stage)}</span>
        <span className="f12 t3 ell only-d">{stage.goal}</span>
        <span className="push f12 t3 nowrap">
          {stage.limit_seconds
            ? t('лимит {time}', { time: workTime(stage.limit_seconds * 1000) })
            : stage.kind === 'open'
              ? ''
              : kindTitle(stage.kind)}
        </span>
      </button>
    </li>
  );
}
