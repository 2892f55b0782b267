import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import { titleOf } from '~/entities/catalog/catalog.ts';
import type { Condition } from '~/entities/record/condition.ts';
import { linesOf, type RuleLine, type RuleOperator, ruleText } from '~/entities/routing/lines.ts';
import { ruleOperatorsFor } from '~/entities/routing/operators.ts';
import { fieldAt, type RoutingRule, type RoutingTarget } from '~/entities/routing/routing.ts';
import { ConditionValue } from '~/features/filter/ConditionValue.tsx';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { ConditionBuilder } from '~/ui/ConditionBuilder.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { useForm } from '~/ui/useForm.ts';
import { sampleCondition } from './samples.ts';
import { TargetPicker } from './TargetPicker.tsx';
import { useFacts } from './useFacts.ts';

interface Props {
  rule?: RoutingRule;
  onClose: () => void;
}

interface Values {
  title: string;
  target: RoutingTarget;
  when: string;
}

/** A rule: what it is called, when it holds, who gets the record. */
export function RuleForm({ rule, onClose }: Props) {
  const client = useQueryClient();
  const fields = useFacts();
  const [lines, setLines] = useState<RuleLine[] | null>(() => linesOf(rule?.when ?? null));
  const last = rule?.fallback ?? false;
  const form = useForm<Values>(
    {
      title: rule?.title ?? '',
      target: rule?.target ?? { kind: 'drum' },
      when: rule?.text ?? 'true',
    },
    async ({ title, target, when }) => {
      const body = {
        target: { kind: target.kind, id: target.id, way: target.way },
        ...(last ? {} : { title: title.trim(), when: lines ? ruleText(lines, fields) : when }),
      };
      if (last) await api.patch('/routing-rules/last', body);
      else if (rule) await api.patch(`/routing-rules/${rule.id}`, body);
      else await api.post('/routing-rules', body);
      await client.invalidateQueries({ queryKey: ['routing-rules'] });
    },
    onClose,
  );
  const { values, put, errors } = form;
  const free = (text: string) =>
    fieldAt(
      `request.field.${text
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_]/gu, '_')}`,
      [],
    )!;
  const all = [
    ...fields,
    ...(lines ?? [])
      .filter((line) => !fields.some((field) => field.code === line.f))
      .map((line) => fieldAt(line.f, fields)),
  ].filter((field) => field !== undefined);
  return (
    <Dialog
      title={last ? t('Если ни одно правило не подошло') : rule ? t('Правило') : t('Новое правило')}
      onClose={onClose}
      size={720}
    >
      <form className="col g16" onSubmit={(event) => void form.submit(event)}>
        {!last && (
          <FormField label={t('Название')} error={errors.title}>
            <input
              className="input"
              required
              data-autofocus
              value={values.title}
              placeholder={t('Крупные заказы')}
              onChange={(event) => put({ title: event.target.value })}
            />
          </FormField>
        )}
        {!last && lines && (
          <fieldset className="ff">
            <legend className="label">{t('Когда верно всё')}</legend>
            {!lines.length && <p className="t3 f12">{t('Без условий правило ловит всё')}</p>}
            <ConditionBuilder<RuleOperator>
              fields={all.map((field) => ({
                code: field.code,
                title: titleOf(field),
                operators: ruleOperatorsFor(field),
              }))}
              lines={lines}
              onChange={(next) => setLines(next as RuleLine[])}
              value={(line, change) => {
                const field = fieldAt(line.f, all);
                if (!field) return null;
                if (line.o === 'any')
                  return (
                    <input
                      className="input"
                      aria-label={t('Значение')}
                      placeholder={t('слова через запятую')}
                      value={String(line.v ?? '')}
                      onChange={(event) => change(event.target.value)}
                    />
                  );
                return <ConditionValue field={field} line={line as Condition} onChange={change} />;
              }}
              create={{
                title: (text) => t('Поле обращения «{name}»', { name: text }),
                field: (text) => {
                  const made = free(text);
                  return { code: made.code, title: titleOf(made), operators: ruleOperatorsFor(made) };
                },
              }}
            />
            {errors.when && (
              <div className="hint danger" role="alert">
                {errors.when}
              </div>
            )}
            <button
              type="button"
              className="btn ghost sm"
              onClick={() => {
                put({ when: ruleText(lines, all) });
                setLines(null);
              }}
            >
              {t('Записать текстом: «или», «не», скобки')}
            </button>
          </fieldset>
        )}
        {!last && !lines && (
          <FormField
            label={t('Условие')}
            error={errors.when}
            hint={t('Например: {example}', { example: sampleCondition })}
          >
            <textarea
              className="area mono"
              rows={5}
              spellCheck={false}
              value={values.when}
              onChange={(event) => put({ when: event.target.value })}
            />
          </FormField>
        )}
        <TargetPicker target={values.target} onChange={(target) => put({ target })} last={last} error={errors.target} />
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {t('Сохранить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
