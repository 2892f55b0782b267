import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Activity, changeActivity } from '~/entities/activity/activity.ts';
import { localMoment } from '~/entities/record/values.ts';
import { dayOf, instantAt, when } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { addDays, daysFromMonday } from './lines.ts';

/** Puts an activity off: one press for the usual moments, any moment by hand. */
export function Postpone({ activity, onClose }: { activity: Activity; onClose: () => void }) {
  const client = useQueryClient();
  const [due, setDue] = useState(activity.due_at ?? new Date().toISOString());
  const [busy, setBusy] = useState(false);
  const today = dayOf(Date.now());
  const hour = Math.ceil((Date.now() + 60 * 60_000) / (5 * 60_000)) * 5 * 60_000;
  const choices: [string, number][] = [
    [t('Через час'), hour],
    [t('Завтра утром'), instantAt(addDays(today, 1), 10)],
    [t('В понедельник'), instantAt(addDays(today, 7 - daysFromMonday(today)), 10)],
  ];
  const put = async (at: string) => {
    setBusy(true);
    const text = t('Отложено на {time}: {title}', { time: when(Date.parse(at)), title: activity.title });
    if (await changeActivity(client, activity, { due_at: at }, text)) onClose();
    setBusy(false);
  };
  return (
    <Dialog title={t('Отложить')} onClose={onClose} size={420}>
      <form
        className="col g12"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void put(due);
        }}
      >
        <p className="t2 ell">{activity.title}</p>
        <div className="row g8 wrap">
          {choices.map(([title, ms], at) => (
            <Button
              key={title}
              data-autofocus={at === 0 || undefined}
              busy={busy}
              onClick={() => void put(new Date(ms).toISOString())}
            >
              {title}
            </Button>
          ))}
        </div>
        <div>
          <label className="label" htmlFor="later-due">
            {t('Когда')}
          </label>
          <input
            id="later-due"
            className="input"
            type="datetime-local"
            required
            value={localMoment(due)}
            onChange={(event) => event.target.value && setDue(new Date(event.target.value).toISOString())}
          />
        </div>
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={busy}>
            {t('Отложить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
