import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { RecordData } from '~/api/types.ts';
import { type PlacedStage, placed, stageOf, titleOf, usePipelines } from '~/entities/catalog/catalog.ts';
import { changeWithUndo } from '~/entities/record/mutations.ts';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { StageRing } from '~/ui/StageRing.tsx';
import { LostForm } from './LostForm.tsx';

interface Mover {
  /** Moves a record to a stage; a lost one asks for the reason first. */
  move: (record: RecordData, to: PlacedStage) => void;
  /** Opens "Move to…", the way without a mouse. */
  menu: (record: RecordData) => void;
  /** The dialogs; draw it once on the page. */
  element: ReactNode;
}

/** Moving records between stages: optimistic, with a way back, asking for what the stage wants. */
export function useMover(type: string): Mover {
  const client = useQueryClient();
  const pipelines = usePipelines(type);
  const [chosen, setChosen] = useState<RecordData | null>(null);
  const [lost, setLost] = useState<{ record: RecordData; to: PlacedStage } | null>(null);

  const go = (record: RecordData, to: PlacedStage, more: Record<string, unknown> = {}) => {
    const from = stageOf(pipelines, record);
    const fields = {
      ...(from && from.pipeline.id !== to.pipeline.id ? { pipeline: to.pipeline.code } : {}),
      stage: to.code,
      ...more,
    };
    void changeWithUndo(client, record, fields, t('Перенесено в «{stage}»', { stage: titleOf(to) }));
  };

  const move = (record: RecordData, to: PlacedStage) => {
    if (to.kind === 'lost') setLost({ record, to });
    else go(record, to);
  };

  const close = () => setChosen(null);
  const element = (
    <>
      {chosen && (
        <Dialog title={t('Перенести в…')} onClose={close} size={360}>
          <p className="t2 ell">{chosen.title}</p>
          <ul className="choices">
            {placed(stageOf(pipelines, chosen)?.pipeline ?? pipelines[0]).map((stage, at, all) => {
              const here = stage.code === chosen.stage;
              return (
                <li key={stage.id}>
                  <button
                    type="button"
                    className="choice"
                    aria-current={here || undefined}
                    disabled={here}
                    data-autofocus={at === (all[0]?.code === chosen.stage ? 1 : 0) || undefined}
                    onClick={() => {
                      close();
                      move(chosen, stage);
                    }}
                  >
                    <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
                    <span className="grow ell">{titleOf(stage)}</span>
                    {here && <Icon name="check" small />}
                  </button>
                </li>
              );
            })}
          </ul>
        </Dialog>
      )}
      {lost && (
        <LostForm
          record={lost.record}
          to={lost.to}
          onClose={() => setLost(null)}
          onReason={(reason) => {
            setLost(null);
            go(lost.record, lost.to, { lost_reason: reason });
          }}
        />
      )}
    </>
  );
  return { move, menu: setChosen, element };
}
