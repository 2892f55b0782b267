import { useState } from 'react';
import { api } from '~/api/client.ts';
import { countryTitle } from '~/entities/hours/hours.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { useForm } from '~/ui/useForm.ts';

interface Props {
  country: string;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

interface Answer {
  taken: number;
  wrong: { line: number; message: string }[];
}

/** Days of a year out of a file or pasted text. */
export function CalendarImport({ country, onClose, onDone }: Props) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const form = useForm(
    { text: '' },
    async ({ text }) => {
      setAnswer(await api.post<Answer>('/calendar-imports', { country, text }));
      await onDone();
    },
    () => {},
  );
  return (
    <Dialog title={t('Календарь: {country}', { country: countryTitle(country) })} size={520} onClose={onClose}>
      <form className="col g12" onSubmit={form.submit}>
        <FormField
          label={t('Строки: дата, вид, название, с какого дня перенос')}
          hint={t('Вид: off выходной, short на час короче, work рабочий, plain обычный')}
          error={form.errors.text}
        >
          <textarea
            className="input area num"
            rows={8}
            required
            data-autofocus
            placeholder={`2027-01-01,off,${t('Новый год')}\n2027-02-20,work,,2027-02-22`}
            value={form.values.text}
            onChange={(event) => form.put({ text: event.target.value })}
          />
        </FormField>
        <FormField label={t('Или файл CSV')}>
          <input
            type="file"
            accept=".csv,text/csv,text/plain"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) void file.text().then((text) => form.put({ text }));
            }}
          />
        </FormField>
        {answer && (
          <div role="status">
            <p className="m">
              {t('{n, plural, one {Взят # день} few {Взято # дня} many {Взято # дней} other {Взято # дня}}', {
                n: answer.taken,
              })}
            </p>
            {answer.wrong.map((line) => (
              <p key={line.line} className="f12 danger">
                {t('Строка {line}: {message}', line)}
              </p>
            ))}
          </div>
        )}
        {form.errors[''] && (
          <div className="hint danger" role="alert">
            {form.errors['']}
          </div>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Закрыть')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {t('Загрузить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
