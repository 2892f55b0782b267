import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Pipeline } from '~/api/types.ts';
import { titleOf, usePipelines } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';
import { codeOf } from './kinds.ts';

interface Props {
  pipeline?: Pipeline;
  type: string;
  onMade: (id: number) => void;
  onClose: () => void;
}

/** A new pipeline, or the name of one; a pipeline that others need asks before it goes. */
export function PipelineForm({ pipeline, type, onMade, onClose }: Props) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const siblings = usePipelines(type);
  const form = useForm(
    { title_ru: pipeline?.title_ru ?? '', title_en: pipeline?.title_en ?? '' },
    async (values) => {
      const body = { title_ru: values.title_ru || values.title_en, title_en: values.title_en || values.title_ru };
      if (pipeline) await api.patch(`/pipelines/${pipeline.id}`, body);
      else {
        const made = await api.post<Pipeline>('/pipelines', {
          type,
          code: codeOf(values.title_en || values.title_ru),
          ...body,
        });
        onMade(made.id);
      }
      await client.invalidateQueries({ queryKey: ['pipelines'] });
    },
    onClose,
  );
  const { values, put, errors } = form;
  const remove = async () => {
    try {
      await api.delete(`/pipelines/${pipeline!.id}`);
      await client.invalidateQueries({ queryKey: ['pipelines'] });
      onClose();
      toast({ text: t('Воронка удалена') });
    } catch (error) {
      toast({ kind: 'error', text: t('Воронка осталась'), detail: errorText(error) });
    }
  };
  return (
    <Dialog title={pipeline ? titleOf(pipeline) : t('Новая воронка')} onClose={onClose}>
      <form className="col g12" onSubmit={form.submit}>
        <FormField label={t('Название по-русски')} error={errors.title_ru}>
          <input
            className="input"
            data-autofocus
            value={values.title_ru}
            onChange={(event) => put({ title_ru: event.target.value })}
          />
        </FormField>
        <FormField label={t('Название по-английски')} error={errors.title_en}>
          <input
            className="input"
            value={values.title_en}
            onChange={(event) => put({ title_en: event.target.value })}
          />
        </FormField>
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        {sure && (
          <div className="note d" role="alert">
            <div>{t('Стадии воронки исчезнут из меню и отчётов. Записи в ней сначала перенесите.')}</div>
          </div>
        )}
        <DialogFoot>
          {pipeline && siblings.length > 1 && (
            <Button look={sure ? 'red' : 'redline'} onClick={() => (sure ? void remove() : setSure(true))}>
              {t('Удалить воронку')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {pipeline ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
