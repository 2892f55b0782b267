import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog } from '~/ui/Dialog.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';

interface Keep {
  months: number;
  views: number;
}

const KEY = ['access-journal-keeping'];

/** How long lines are kept. */
export function KeepDialog({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<Keep>('/access-journal/keeping', undefined, signal),
  });
  return (
    <Dialog title={t('Срок хранения')} onClose={onClose} size={420}>
      {error && <ErrorNote title={t('Настройки не загрузились')} error={error} retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} />}
      {data && <KeepForm keep={data} onClose={onClose} />}
    </Dialog>
  );
}

function KeepForm({ keep, onClose }: { keep: Keep; onClose: () => void }) {
  const client = useQueryClient();
  const form = useForm(
    keep,
    async (values) => {
      client.setQueryData(KEY, await api.put<Keep>('/access-journal/keeping', values));
    },
    () => {
      toast({ text: t('Срок хранения сохранён') });
      onClose();
    },
  );
  const { values, put, errors } = form;
  const months = (name: 'months' | 'views', label: string) => (
    <FormField label={label} error={errors[name]}>
      <input
        className="input"
        type="number"
        min={1}
        max={120}
        required
        value={values[name]}
        onChange={(event) => put({ [name]: Number(event.target.value) } as Partial<Keep>)}
      />
    </FormField>
  );
  return (
    <form className="form" onSubmit={form.submit}>
      <p className="t2">{t('Что старше, удаляется само раз в день. Вернуть удалённое нельзя')}</p>
      {months('months', t('Журнал, месяцев'))}
      {months('views', t('Просмотры карточек, месяцев'))}
      {errors[''] && (
        <p className="hint danger" role="alert">
          {errors['']}
        </p>
      )}
      <div className="row">
        <Button look="pri" type="submit" busy={form.busy}>
          {t('Сохранить')}
        </Button>
      </div>
    </form>
  );
}
