import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Field } from '~/api/types.ts';
import { RuleWords } from '~/entities/routing/RuleWords.tsx';
import { passedText, type RoutingRule, rulesQuery } from '~/entities/routing/routing.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { toast } from '~/ui/toasts.ts';
import { TargetText } from './TargetPicker.tsx';

interface Props {
  rules: RoutingRule[];
  fields: Field[];
  onEdit: (rule: RoutingRule) => void;
}

/** The rules in their order: by dragging the handle, or with the arrows on it. The last one stays last. */
export function RuleOrder({ rules, fields, onEdit }: Props) {
  const client = useQueryClient();
  const [said, setSaid] = useState('');
  const own = rules.filter((rule) => !rule.fallback);
  const last = rules.find((rule) => rule.fallback);
  const show = (list: RoutingRule[]) => client.setQueryData(rulesQuery.queryKey, list);
  const put = async (from: number, to: number) => {
    if (to < 0 || to >= own.length || from === to) return;
    const order = [...own];
    const [one] = order.splice(from, 1);
    if (!one) return;
    order.splice(to, 0, one);
    show(last ? [...order, last] : order);
    setSaid(t('«{rule}» теперь на месте {n}', { rule: one.title, n: to + 1 }));
    try {
      await api.put('/routing-rules/order', { rules: order.map((rule) => rule.id) });
    } catch (error) {
      show(rules);
      toast({ kind: 'error', text: t('Порядок не изменился'), detail: errorText(error) });
    }
  };
  const change = async (rule: RoutingRule, run: () => Promise<unknown>) => {
    try {
      await run();
      await client.invalidateQueries({ queryKey: ['routing-rules'] });
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось: {title}', { title: rule.title }), detail: errorText(error) });
    }
  };
  return (
    <section className="panel" aria-label={t('Правила')}>
      <ol className="lines rules">
        {own.map((rule, at) => (
          <RuleLine
            key={rule.id}
            rule={rule}
            at={at}
            fields={fields}
            onPut={(from, to) => void put(from, to)}
            onEdit={() => onEdit(rule)}
            onSwitch={() => void change(rule, () => api.patch(`/routing-rules/${rule.id}`, { active: !rule.active }))}
            onRemove={() => void change(rule, () => api.delete(`/routing-rules/${rule.id}`))}
          />
        ))}
        {last && (
          <li className="rule-last">
            <span className="grip" aria-hidden="true">
              <Icon name="lock" small />
            </span>
            <button type="button" className="pick rule-pick" onClick={() => onEdit(last)}>
              <span className="rule-what">
                <b className="m">{t('Все остальные')}</b>
                <span className="f12 t2 rule-when">
                  <RuleWords rule={last} fields={fields} />
                </span>
              </span>
              <TargetText target={last.target} />
            </button>
            {last.problem && (
              <Badge tone="d" icon="alert">
                {passedText(last.problem)}
              </Badge>
            )}
          </li>
        )}
      </ol>
      <span className="sr" aria-live="polite">
        {said}
      </span>
    </section>
  );
}

interface LineProps {
  rule: RoutingRule;
  at: number;
  fields: Field[];
  onPut: (from: number, to: number) => void;
  onEdit: () => void;
  onSwitch: () => void;
  onRemove: () => void;
}

function RuleLine({ rule, at, fields, onPut, onEdit, onSwitch, onRemove }: LineProps) {
  const line = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const put = useRef(onPut);
  put.current = onPut;
  useEffect(() => {
    if (!line.current || !grip.current) return;
    return combine(
      draggable({ element: line.current, dragHandle: grip.current, getInitialData: () => ({ ruleAt: at }) }),
      dropTargetForElements({
        element: line.current,
        canDrop: ({ source }) => typeof source.data.ruleAt === 'number' && source.data.ruleAt !== at,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          put.current(source.data.ruleAt as number, at);
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
    <li ref={line} className={`${over ? 'over' : ''} ${rule.active ? '' : 'rule-off'}`}>
      <button
        ref={grip}
        type="button"
        className="grip"
        aria-label={t('Переставить «{stage}»: стрелками вверх и вниз', { stage: rule.title })}
        onKeyDown={onKeyDown}
      >
        <Icon name="grip" small />
      </button>
      <button type="button" className="pick rule-pick" onClick={onEdit}>
        <span className="rule-what">
          <b className="m">
            <span className="t3 num">{at + 1}. </span>
            {rule.title}
          </b>
          <span className="f12 t2 rule-when">
            <RuleWords rule={rule} fields={fields} />
          </span>
        </span>
        <TargetText target={rule.target} />
      </button>
      {rule.problem && (
        <Badge tone="d" icon="alert">
          {passedText(rule.problem)}
        </Badge>
      )}
      {!rule.active && <Badge>{t('выключено')}</Badge>}
      <Button
        look="ghost"
        small
        icon={rule.active ? 'pause' : 'play'}
        aria-label={
          rule.active ? t('Выключить «{title}»', { title: rule.title }) : t('Включить «{title}»', { title: rule.title })
        }
        onClick={onSwitch}
      />
      <Button
        look="ghost"
        small
        icon="trash"
        aria-label={t('Удалить «{title}»', { title: rule.title })}
        onClick={onRemove}
      />
    </li>
  );
}
