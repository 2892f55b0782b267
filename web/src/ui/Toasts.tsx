import { t } from '~/i18n/index.ts';
import { keyName } from './actions.ts';
import { Icon } from './Icon.tsx';
import { dismiss, useToasts } from './toasts.ts';

/** The messages at the foot of the screen. */
export function Toasts() {
  const toasts = useToasts();
  const latestUndo = toasts.findLast((entry) => entry.undo);
  return (
    <section className="toasts" aria-label={t('Сообщения')} aria-live="polite">
      {toasts.map((entry) => (
        <div key={entry.id} className="toast" role={entry.kind === 'error' ? 'alert' : undefined}>
          <Icon name={entry.icon ?? (entry.kind === 'error' ? 'alert' : 'check')} />
          <span className="grow">
            {entry.text}
            {entry.detail && <span className="toast-detail">{entry.detail}</span>}
          </span>
          {entry.action && (
            <button
              type="button"
              className="act"
              onClick={() => {
                dismiss(entry.id);
                entry.action?.run();
              }}
            >
              {entry.action.title}
            </button>
          )}
          {entry.undo && (
            <button
              type="button"
              className="act"
              onClick={() => {
                dismiss(entry.id);
                entry.undo?.();
              }}
            >
              {t('Вернуть')}
            </button>
          )}
          {entry === latestUndo && <span className="kbd only-d">{keyName('mod+KeyZ')}</span>}
          <button
            type="button"
            className="toast-close"
            aria-label={t('Скрыть сообщение')}
            onClick={() => dismiss(entry.id)}
          >
            <Icon name="x" small />
          </button>
        </div>
      ))}
    </section>
  );
}
