import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '~/api/client.ts';
import type { RecordData } from '~/api/types.ts';
import { localMoment } from '~/entities/record/values.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { activityKinds } from './kinds.ts';

/** Half past or the full hour about an hour from now: when people usually call back. */
export function soon(now = Date.now()): string {
  const half = 30 * 60_000;
  return new Date(Math.ceil((now + 45 * 60_000) / half) * half).toISOString();
}

/** Asks for the next step of a record: what and when. */
export function PlanStep({ record, onClose, after }: { record: RecordData; onClose: () => void; after?: string }) {
  const client = useQueryClient();
  const [kind, setKind] = useState('call');
  const [title, setTitle] = useState('');
  const [due, setDue] = useState(soon());
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const kinds = activityKinds().filter((each) => each.code !== 'note');

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const text = title.trim() || kinds.find((each) => each.code === kind)!.title;
      await api.post(`/records/${record.type}/${record.id}/activities`, { kind, title: text, due_at: due });
      for (const key of ['board', 'list', 'count']) void client.invalidateQueries({ queryKey: [key, record.type] });
      for (const key of ['record', 'timeline'])
        void client.invalidateQueries({ queryKey: [key, record.type, record.id] });
      onClose();
    } catch (reason) {
      setError(errorText(reason));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog title={t('Следующий шаг')} onClose={onClose} size={420}>
      <form className="col g12" onSubmit={send}>
        <p className="t2 ell">{after ?? record.title}</p>
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
          <label className="label" htmlFor="step-title">
            {t('Что сделать')}
          </label>
          <input
            id="step-title"
            className="input"
            data-autofocus
            value={title}
            placeholder={kinds.find((each) => each.code === kind)?.hint}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <div>
          <label className="label" htmlFor="step-due">
            {t('Когда')}
          </label>
          <input
            id="step-due"
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
          <Button onClick={onClose}>{after ? t('Без шага') : t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={busy}>
            {t('Запланировать')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
