import type { RecordData } from '~/api/types.ts';
import { type PlacedStage, stageOf, titleOf, useLostReasons, usePipelines } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { StageRing } from '~/ui/StageRing.tsx';

interface Props {
  record: RecordData;
  to: PlacedStage;
  onReason: (reason: string | number) => void;
  onClose: () => void;
}

/** Asks why a record is lost; a press on the reason moves it. */
export function LostForm({ record, to, onReason, onClose }: Props) {
  const reasons = useLostReasons(record.type);
  const from = stageOf(usePipelines(), record);
  return (
    <Dialog title={t('Почему отказ?')} onClose={onClose} size={400}>
      <p className="row g6 t2">
        {from && <StageRing kind={from.kind} color={from.color} share={from.share} />}
        {from && titleOf(from)}
        <Icon name="ar" small />
        <StageRing kind={to.kind} color={to.color} share={to.share} />
        <b className="ell">{titleOf(to)}</b>
      </p>
      <ul className="choices">
        {reasons.map((reason, at) => (
          <li key={reason.id}>
            <button
              type="button"
              className="choice"
              data-autofocus={at === 0 || undefined}
              onClick={() => onReason(reason.code ?? reason.id)}
            >
              <span className="grow">{titleOf(reason)}</span>
            </button>
          </li>
        ))}
      </ul>
      {!reasons.length && <p className="t3">{t('Причин отказа ещё нет: их добавляют в настройках воронки')}</p>}
    </Dialog>
  );
}
