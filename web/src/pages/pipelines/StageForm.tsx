import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Pipeline, StageKind } from '~/api/types.ts';
import { type PlacedStage, placed, titleOf } from '~/entities/catalog/catalog.ts';
import { countQuery } from '~/entities/record/queries.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';
import { codeOf, kindTitle } from './kinds.ts';
import { RemoveStage } from './RemoveStage.tsx';

const units = { minutes: 60, hours: 3600 } as const;
type Unit = keyof typeof units;

/** A limit as a number of the largest unit that divides it. There are no days: one of a calendar is three of work. */
export function splitLimit(seconds: number): { amount: string; unit: Unit } {
  if (!seconds) return { amount: '', unit: 'hours' };
  const unit = seconds % units.hours === 0 ? 'hours' : 'minutes';
  return { amount: String(Math.round(seconds / units[unit])), unit };
}

/** What a stage is called, how it looks, how long a record may stay, and what to do on it. */
export function StageForm({
  pipeline,
  stage,
  onClose,
}: {
  pipeline: Pipeline;
  stage?: PlacedStage;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const { data: holds } = useQuery({
    ...countQuery(pipeline.type, `stage = "${stage?.code}"`, pipeline.code),
    // A stage on its way out is asked about no more: soon nobody knows it.
    enabled: !!stage && !removing,
  });
  const first = {
    title_ru: stage?.title_ru ?? '',
    title_en: stage?.title_en ?? '',
    kind: stage?.kind ?? ('open' as StageKind),
    color: stage?.color ?? (pipeline.stages.length % 10) + 1,
    ...splitLimit(stage?.limit_seconds ?? 0),
    goal: stage?.goal ?? '',
    role: stage?.role ?? '',
    task: stage?.task ?? '',
    product: stage?.product ?? '',
    instruction: stage?.instruction ?? '',
  };
  const form = useForm(
    first,
    async ({ amount, unit, ...rest }) => {
      const body = {
        ...rest,
        title_ru: rest.title_ru || rest.title_en,
        title_en: rest.title_en || rest.title_ru,
        limit_seconds: amount ? Math.round(Number(amount) * units[unit]) : 0,
      };
      await (stage
        ? api.patch(`/stages/${stage.id}`, body)
        : api.post(`/pipelines/${pipeline.id}/stages`, { code: codeOf(rest.title_en || rest.title_ru), ...body }));
      await client.invalidateQueries({ queryKey: ['pipelines'] });
    },
    () => {
      toast({ text: stage ? t('Сохранено') : t('Стадия добавлена') });
      if (!stage) onClose();
    },
  );
  const { values, put, errors } = form;
  const texts: [keyof typeof first & string, string, string][] = [
    ['goal', t('Цель'), t('Ради чего стадия')],
    ['role', t('Кто делает'), t('Роль в процессе')],
    ['task', t('Что сделать'), ''],
    ['product', t('Результат'), t('Что появляется в конце')],
  ];
  return (
    <section className="panel" aria-label={stage ? titleOf(stage) : t('Новая стадия')}>
      <header>
        <h2 className="panel-title">{stage ? titleOf(stage) : t('Новая стадия')}</h2>
        {stage && holds && (
          <span className="t3">
            {t('{n, plural, one {# запись} few {# записи} many {# записей} other {# записи}}', { n: holds.count })}
          </span>
        )}
      </header>
      <form className="in form" onSubmit={form.submit}>
        <div className="pair">
          <FormField label={t('Название по-русски')} error={errors.title_ru}>
            <input
              className="input"
              autoFocus={!stage}
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
          <FormField
            label={t('Вид')}
            hint={t('На «ждёт» срок стадии не идёт, успех и отказ закрывают запись')}
            error={errors.kind}
          >
            <select
              className="input"
              value={values.kind}
              onChange={(event) => put({ kind: event.target.value as StageKind })}
            >
              {(['open', 'waiting', 'won', 'lost'] as const).map((kind) => (
                <option key={kind} value={kind}>
                  {kindTitle(kind)}
                </option>
              ))}
            </select>
          </FormField>
          <div>
            <span className="label">{t('Лимит времени')}</span>
            <div className="row g6">
              <input
                className="input"
                type="number"
                min="1"
                aria-label={t('Лимит времени')}
                placeholder={t('без лимита')}
                value={values.amount}
                onChange={(event) => put({ amount: event.target.value })}
              />
              <select
                className="input"
                aria-label={t('Единица')}
                value={values.unit}
                onChange={(event) => put({ unit: event.target.value as Unit })}
              >
                <option value="minutes">{t('минут')}</option>
                <option value="hours">{t('часов')}</option>
              </select>
            </div>
            <div className="hint">{t('рабочего времени')}</div>
          </div>
        </div>
        <div role="radiogroup" aria-label={t('Цвет')} className="swatches">
          {Array.from({ length: 10 }, (_, at) => at + 1).map((color) => (
            <button
              key={color}
              type="button"
              role="radio"
              aria-checked={values.color === color}
              aria-label={t('Цвет {n}', { n: color })}
              className={`swatch ${values.color === color ? 'on' : ''}`}
              style={{ background: `var(--stage-${color})` }}
              onClick={() => put({ color })}
            />
          ))}
        </div>
        <div className="pair">
          {texts.map(([code, title, hint]) => (
            <FormField key={code} label={title} error={errors[code]}>
              <input
                className="input"
                placeholder={hint}
                value={String(values[code])}
                onChange={(event) => put({ [code]: event.target.value })}
              />
            </FormField>
          ))}
        </div>
        <FormField
          label={t('Инструкция')}
          hint={t('Каждая строка станет пунктом на карточке')}
          error={errors.instruction}
        >
          <textarea
            className="area"
            rows={4}
            value={values.instruction}
            onChange={(event) => put({ instruction: event.target.value })}
          />
        </FormField>
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          {stage && (
            <Button look="redline" onClick={() => setRemoving(true)}>
              {t('Убрать стадию')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Закрыть')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {stage ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
      {removing && stage && (
        <RemoveStage
          stage={stage}
          others={placed(pipeline).filter((each) => each.id !== stage.id)}
          holds={holds?.count}
          onClose={() => setRemoving(false)}
          onGone={() => {
            setRemoving(false);
            onClose();
          }}
        />
      )}
    </section>
  );
}
