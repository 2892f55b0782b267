import type { Field } from '~/api/types.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import { fieldText } from '~/entities/record/FieldView.tsx';
import { linesOf } from '~/entities/routing/lines.ts';
import { LineWords, RecordTitle } from '~/entities/routing/RuleWords.tsx';
import { type Answer, fieldAt, passedText, type RoutingPart, type RoutingStep } from '~/entities/routing/routing.ts';
import { t } from '~/i18n/index.ts';
import { Badge, type Tone } from '~/ui/Badge.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { TargetText } from './TargetPicker.tsx';

/** A rule that was tried and what came of it, condition by condition. */
export function TestStep({ step, n, fields }: { step: RoutingStep; n: number; fields: Field[] }) {
  const { rule } = step;
  return (
    <li className={`rule-step ${step.won ? 'on' : ''} ${step.tried ? '' : 'rule-off'}`}>
      <div className="row g8 wrap">
        <b className="m">
          <span className="t3 num">{n}. </span>
          {rule.fallback ? t('Все остальные') : rule.title}
        </b>
        {step.won && (
          <Badge tone="k" icon="check">
            {t('сработало')}
          </Badge>
        )}
        {step.passed && !step.won && <Badge tone="w">{t('пропущено: {why}', { why: passedText(step.passed) })}</Badge>}
        {step.tried && !step.won && !step.passed && <AnswerBadge answer={step.result} />}
        {!step.tried && <Badge>{t('не проверялось: решило правило выше')}</Badge>}
        <span className="push">
          <TargetText target={rule.target} />
        </span>
      </div>
      {step.why && <Part part={step.why} fields={fields} />}
    </li>
  );
}

const tones: Record<Answer, Tone> = { true: 'k', false: '', null: 'w' };

function AnswerBadge({ answer }: { answer: Answer }) {
  const icon = answer === 'true' ? 'check' : answer === 'false' ? 'x' : 'help';
  return (
    <Badge tone={tones[answer]} icon={icon}>
      {answer === 'true' ? t('верно') : answer === 'false' ? t('неверно') : t('неизвестно')}
    </Badge>
  );
}

function Part({ part, fields }: { part: RoutingPart; fields: Field[] }) {
  if (!part.path) {
    if (!part.args?.length) return null;
    const title =
      part.op === 'and' ? t('верно всё из этого') : part.op === 'or' ? t('верно хотя бы одно') : t('неверно, что');
    return (
      <div className="rule-part">
        <span className="row g8">
          <span className="t3 f12">{title}</span>
          <AnswerBadge answer={part.result} />
        </span>
        {part.args.map((arg, at) => (
          <Part key={at} part={arg} fields={fields} />
        ))}
      </div>
    );
  }
  const line = linesOf(part.node ?? null)?.[0];
  return (
    <div className="rule-part rule-term">
      <span className="grow">
        {line ? <LineWords line={line} fields={fields} /> : <code className="code">{part.path.join('.')}</code>}
      </span>
      <span className="t2 f12">
        <Seen part={part} fields={fields} />
      </span>
      <AnswerBadge answer={part.result} />
    </div>
  );
}

/** The value a condition saw. */
function Seen({ part, fields }: { part: RoutingPart; fields: Field[] }) {
  const nameOf = useNames();
  if (part.hidden) {
    return (
      <>
        <Icon name="lock" small /> {t('вам не видно')}
      </>
    );
  }
  if (part.seen === null || part.seen === undefined || (Array.isArray(part.seen) && !part.seen.length))
    return <>{t('значения нет')}</>;
  const field = fieldAt((part.path ?? []).join('.'), fields);
  const link = part.seen as { id?: number };
  const shown =
    field?.link_type && link.id ? (
      <RecordTitle type={field.link_type} id={link.id} />
    ) : (
      fieldText(field ?? { code: '', kind: 'text', title_ru: '', title_en: '' }, part.seen, nameOf)
    );
  return (
    <>
      {t('сейчас')}: <b className="m">{shown}</b>
    </>
  );
}
