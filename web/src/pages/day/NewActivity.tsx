import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '~/api/client.ts';
import { forgetDay } from '~/entities/activity/activity.ts';
import { localMoment } from '~/entities/record/values.ts';
import { useMe } from '~/entities/session/session.ts';
import { activityKinds } from '~/features/plan/kinds.ts';
import { soon } from '~/features/plan/PlanStep.tsx';
import { dayOf, instantAt } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';

/** Something to do that belongs to no lead or deal. */
export function NewActivity({ date, onClose }: { date: string; onClose: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const kinds = activityKinds().filter((each) => each.code !== 'note');
  const [kind, setKind] = useState('todo');
  const [title, setTitle] = useState('');
  const [due, setDue] = useState(date === dayOf(Date.now()) ? soon() : new Date(instantAt(date, 10)).toISOString());
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const text = title.trim() || kinds.find((each) => each.code === kind)!.title;
      await api.post('/records/activity', { title: text, kind, due_at: due, responsible: me.id });
      forgetDay(client);
      toast({ text: t('Запланировано') });
      onClose();
    } catch (reason) {
      setError(errorText(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('Новое дело')} onClose={onClose} size={420}>
      <form className="col g12" onSubmit={send}>
        <fieldset className="seg" aria-label={t('Вид')}>
          {kinds.map((each) => (
            <button
              key={each.code}
              type="button"
              className={each.code === kind ? 'on' : ''}
              aria-pressed={each.code === kind}
              onClick={() => setKind(each.code)}
            >
              {each.title}
            </button>
          ))}
        </fieldset>
        <div>
          <label className="label" htmlFor="new-title">
            {t('Что сделать')}
          </label>
          <input
            id="new-title"
            className="input"
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <div>
          <label className="label" htmlFor="new-due">
            {t('Когда')}
          </label>
          <input
            id="new-due"
            className="input"
            type="datetime-local"
            required
            value={localMoment(due)}
            onChange={(event) => event.target.value && setDue(new Date(event.target.value).toISOString())}
          />
        </div>
        {error && (
          <div className="hint danger" role="alert">
            {error}
          </div>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={busy}>
            {t('Запланировать')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
