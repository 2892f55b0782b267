import { api } from '~/api/client.ts';
import { type CalendarDay, type DayKind, dayKindTitle } from '~/entities/hours/hours.ts';
import { weekdayLong } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { useForm } from '~/ui/useForm.ts';

interface Props {
  country: string;
  date: string;
  day?: CalendarDay;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

const kinds: DayKind[] = ['off', 'short', 'work', 'plain'];

/** What a day of the calendar is: off, short, worked or ordinary. */
export function DayForm({ country, date, day, onClose, onDone }: Props) {
  const path = `/calendar-days/${country}/${date}`;
  const form = useForm(
    { kind: day?.kind ?? ('off' as DayKind), title: day?.title ?? '' },
    async (values) => {
      await api.put(path, values);
      await onDone();
    },
    onClose,
  );
  const back = async () => {
    await api.delete(path);
    await onDone();
    onClose();
  };
  return (
    <Dialog title={weekdayLong(date)} onClose={onClose}>
      <form className="col g12" onSubmit={form.submit}>
        <fieldset className="col g4 plain-set">
          <legend className="label">{t('Какой это день')}</legend>
          {kinds.map((kind) => (
            <label key={kind} className="row g8">
              <input
                type="radio"
                name="kind"
                value={kind}
                checked={form.values.kind === kind}
                onChange={() => form.put({ kind })}
              />
              {dayKindTitle(kind)}
            </label>
          ))}
        </fieldset>
        <FormField label={t('Название')} error={form.errors.title}>
          <input
            className="input"
            maxLength={120}
            value={form.values.title}
            onChange={(event) => form.put({ title: event.target.value })}
          />
        </FormField>
        <p className="hint">{t('Сроки, которые сейчас идут, пересчитаются сами')}</p>
        {form.errors[''] && (
          <div className="hint danger" role="alert">
            {form.errors['']}
          </div>
        )}
        <DialogFoot>
          {day?.edited && (
            <Button look="redline" onClick={() => void back()}>
              {t('Вернуть как было')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {t('Сохранить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
