import { useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Drum } from '~/api/types.ts';
import { useUsers } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';

/** A drum: its people, how long they have, after how many misses the head hears of it. */
export function DrumForm({
  drum,
  onClose,
  onMade,
}: {
  drum?: Drum;
  onClose: () => void;
  onMade: (id: number) => void;
}) {
  const client = useQueryClient();
  const users = useUsers().filter((user) => user.active);
  const reload = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['drums'] }),
      client.invalidateQueries({ queryKey: ['drum-state'] }),
    ]);
  const form = useForm(
    {
      title: drum?.title ?? '',
      take_minutes: drum?.take_minutes ?? 30,
      misses_to_head: drum?.misses_to_head ?? 4,
      head: drum?.head ?? null,
      members: drum?.members ?? [],
    },
    async (values) => {
      const saved = await (drum ? api.patch<Drum>(`/drums/${drum.id}`, values) : api.post<Drum>('/drums', values));
      if (!drum && saved) onMade(saved.id);
      await reload();
    },
    onClose,
  );
  const { values, put, errors } = form;
  const people = users.map((user) => ({
    value: String(user.id),
    title: user.name,
    hint: user.position,
    sign: <Avatar id={user.id} name={user.name} silent />,
  }));
  const nameOf = new Map(users.map((user) => [user.id, user.name]));
  const remove = async () => {
    try {
      await api.delete(`/drums/${drum!.id}`);
      await reload();
      onClose();
      toast({ text: t('Барабан убран') });
    } catch (error) {
      toast({ kind: 'error', text: t('Барабан остался'), detail: errorText(error) });
    }
  };
  return (
    <Dialog title={drum ? drum.title : t('Новый барабан')} onClose={onClose} size={480}>
      <form className="col g12" onSubmit={form.submit}>
        <FormField label={t('Название')} error={errors.title}>
          <input
            className="input"
            required
            data-autofocus
            value={values.title}
            onChange={(event) => put({ title: event.target.value })}
          />
        </FormField>
        <div className="pair">
          <FormField label={t('Взять за, минут')} error={errors.take_minutes}>
            <input
              className="input"
              type="number"
              min="1"
              max="10080"
              required
              value={values.take_minutes}
              onChange={(event) => put({ take_minutes: Number(event.target.value) })}
            />
          </FormField>
          <FormField label={t('Пропусков до руководителя')} error={errors.misses_to_head}>
            <input
              className="input"
              type="number"
              min="0"
              max="100"
              required
              value={values.misses_to_head}
              onChange={(event) => put({ misses_to_head: Number(event.target.value) })}
            />
          </FormField>
        </div>
        <div>
          <span className="label">{t('Руководитель')}</span>
          <Picker
            label={t('Руководитель')}
            options={people}
            value={values.head ? String(values.head) : null}
            clearable
            onPick={(picked) => put({ head: picked ? Number(picked) : null })}
          />
        </div>
        <div>
          <span className="label">{t('Люди по порядку')}</span>
          <div className="row g4 wrap">
            {values.members.map((member) => (
              <span key={member.user} className="chip">
                {nameOf.get(member.user) ?? member.user}
                <button
                  type="button"
                  aria-label={t('Убрать: {title}', { title: nameOf.get(member.user) ?? member.user })}
                  onClick={() => put({ members: values.members.filter((each) => each.user !== member.user) })}
                >
                  <Icon name="x" small />
                </button>
              </span>
            ))}
            <div className="grow">
              <Picker
                label={t('Люди по порядку')}
                placeholder={t('добавить')}
                options={people.filter((each) => !values.members.some((member) => String(member.user) === each.value))}
                value={null}
                onPick={(picked) =>
                  picked && put({ members: [...values.members, { user: Number(picked), active: true }] })
                }
              />
            </div>
          </div>
        </div>
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          {drum && (
            <Button look="redline" onClick={() => void remove()}>
              {t('Убрать барабан')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {drum ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
