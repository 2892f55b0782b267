import type { PlacedStage } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { StageRing } from '~/ui/StageRing.tsx';

/** What to do on the stage: goal, task, product and the text of the instruction. */
export function InstructionPanel({ stage }: { stage: PlacedStage }) {
  const lines = (stage.instruction ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const facts: [string, string | undefined][] = [
    [t('Цель'), stage.goal],
    [t('Кто делает'), stage.role],
    [t('Что сделать'), stage.task],
    [t('Результат'), stage.product],
  ];
  return (
    <section className="panel" aria-label={t('Что делать на стадии')}>
      <header>
        <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
        <h2 className="panel-title">{t('Что делать на стадии')}</h2>
      </header>
      <div className="in col">
        {facts.map(
          ([title, text]) =>
            text && (
              <div key={title}>
                <div className="f12 t3">{title}</div>
                <div>{text}</div>
              </div>
            ),
        )}
        {lines.length > 0 && (
          <ul className="script">
            {lines.map((line, at) => (
              <li key={at}>
                <i aria-hidden="true" />
                <span>{line.replace(/^[-•*\d.)\s]+/, '')}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
