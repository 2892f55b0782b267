import type { RecordData } from '~/api/types.ts';
import { kindIcon } from '~/features/plan/kinds.ts';
import { lateness, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { serverNow } from '~/ui/clock.ts';
import { Icon } from '~/ui/Icon.tsx';

interface Props {
  activity: RecordData;
  /** The nearest one is the record's next step. */
  first: boolean;
  onDone: () => void;
}

/** An activity ahead: what, when, and the ring that finishes it. */
export function PlannedItem({ activity, first, onDone }: Props) {
  const due = Date.parse(String(activity.due_at));
  const late = due < serverNow();
  return (
    <article className={`ev plan ${late ? 'late' : ''}`}>
      <span className={`ic ${late ? 'd' : 'p'}`}>
        <Icon name={kindIcon(activity.kind as string)} small />
      </span>
      <div className="grow">
        <div className="row g6">
          <button
            type="button"
            className="check r done-ring"
            aria-label={t('Сделано: {title}', { title: activity.title })}
            title={t('Сделано')}
            onClick={onDone}
          >
            <Icon name="check" small />
          </button>
          <b className="m ell">{activity.title}</b>
          {first && <span className="badge c only-d">{t('следующий шаг')}</span>}
          <time className={`push b ${late ? 'danger' : ''}`}>
            {late ? t('просрочено {time}', { time: lateness(serverNow() - due) }) : when(due)}
          </time>
        </div>
        {activity.text ? <p className="t2 pre">{String(activity.text)}</p> : null}
      </div>
    </article>
  );
}
