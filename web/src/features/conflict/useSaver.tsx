import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { RecordData } from '~/api/types.ts';
import { fieldOf, titleOf, useNames, useType } from '~/entities/catalog/catalog.ts';
import { fieldText } from '~/entities/record/FieldView.tsx';
import { type Conflict, conflictOf, patchRecord } from '~/entities/record/mutations.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

interface Clash {
  record: RecordData;
  fields: Record<string, unknown>;
  conflict: Conflict;
}

/** Saves single fields with a way back; when two people changed the same one it shows both values and asks. */
export function useSaver(): {
  save: (record: RecordData, fields: Record<string, unknown>) => Promise<void>;
  element: ReactNode;
} {
  const client = useQueryClient();
  const [clash, setClash] = useState<Clash | null>(null);

  const save = async (record: RecordData, fields: Record<string, unknown>, base?: number): Promise<void> => {
    const before = Object.fromEntries(Object.keys(fields).map((code) => [code, record[code] ?? null]));
    try {
      const saved = await patchRecord(client, record, fields, base);
      toast({
        text: t('Сохранено'),
        undo: () => {
          void patchRecord(client, { ...record, ...saved }, before).catch((error) =>
            toast({ kind: 'error', text: t('Не вернулось'), detail: errorText(error) }),
          );
        },
      });
    } catch (error) {
      const conflict = conflictOf(error);
      if (!conflict) throw error;
      setClash({ record, fields, conflict });
      void client.invalidateQueries({ queryKey: ['record', record.type, record.id] });
    }
  };

  const element = clash && (
    <ConflictDialog
      clash={clash}
      onClose={() => setClash(null)}
      onMine={() => {
        setClash(null);
        void save(clash.record, clash.fields, clash.conflict.version).catch((error) =>
          toast({ kind: 'error', text: t('Не сохранено'), detail: errorText(error) }),
        );
      }}
    />
  );
  return { save, element };
}

function ConflictDialog({ clash, onClose, onMine }: { clash: Clash; onClose: () => void; onMine: () => void }) {
  const type = useType(clash.record.type);
  const nameOf = useNames();
  return (
    <Dialog title={t('Это поле только что изменили')} onClose={onClose} size={520}>
      <p className="t2">{t('Пока вы правили, другой человек сохранил своё значение. Выберите, какое оставить.')}</p>
      {Object.entries(clash.conflict.fields).map(([code, { yours, theirs }]) => {
        const field = fieldOf(type, code) ?? {
          code,
          kind: 'text' as const,
          title_ru: code === 'title' ? 'Название' : code,
          title_en: code === 'title' ? 'Title' : code,
        };
        return (
          <dl key={code} className="clash">
            <dt className="label">{titleOf(field)}</dt>
            <dd className="clash-side">
              <span className="f12 t3">{t('Ваше')}</span>
              <b>{fieldText(field, yours, nameOf)}</b>
            </dd>
            <dd className="clash-side">
              <span className="f12 t3">{t('Сохранённое')}</span>
              <b>{fieldText(field, theirs, nameOf)}</b>
            </dd>
          </dl>
        );
      })}
      <DialogFoot>
        <Button onClick={onClose}>{t('Оставить сохранённое')}</Button>
        <Button look="pri" data-autofocus onClick={onMine}>
          {t('Записать моё')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
