import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import { type PlacedStage, titleOf } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { toast } from '~/ui/toasts.ts';

interface Props {
  stage: PlacedStage;
  others: PlacedStage[];
  holds?: number;
  onClose: () => void;
  onGone: () => void;
}

/** Asks where the records of a stage go before it is removed; names the loss in numbers. */
export function RemoveStage({ stage, others, holds, onClose, onGone }: Props) {
  const client = useQueryClient();
  const [to, setTo] = useState(others[0]?.id ?? 0);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await api.delete(`/stages/${stage.id}`, { move_to: to || undefined });
      await client.invalidateQueries({ queryKey: ['pipelines'] });
      for (const key of ['board', 'list', 'totals', 'count']) void client.invalidateQueries({ queryKey: [key] });
      toast({ text: t('Стадия убрана') });
      onGone();
    } catch (error) {
      toast({ kind: 'error', text: t('Стадия осталась'), detail: errorText(error) });
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('Убрать стадию «{stage}»?', { stage: titleOf(stage) })} onClose={onClose}>
      <p className="t2">
        {holds
          ? t(
              '{n, plural, one {На ней # запись. Скажите, куда её перенести.} few {На ней # записи. Скажите, куда их перенести.} many {На ней # записей. Скажите, куда их перенести.} other {На ней # записи. Скажите, куда их перенести.}} История посещений сохранится.',
              { n: holds },
            )
          : t('Видимых вам записей на ней нет. Если есть чужие, они перейдут на выбранную стадию.')}
      </p>
      <FormField label={t('Перенести записи в')}>
        <select className="input" value={to} onChange={(event) => setTo(Number(event.target.value))}>
          {others.map((each) => (
            <option key={each.id} value={each.id}>
              {titleOf(each)}
            </option>
          ))}
        </select>
      </FormField>
      <DialogFoot>
        <Button onClick={onClose}>{t('Отмена')}</Button>
        <Button look="red" busy={busy} onClick={() => void remove()}>
          {t('Убрать стадию')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
