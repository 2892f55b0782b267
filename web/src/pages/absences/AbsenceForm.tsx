import { useState } from 'react';
import { api } from '~/api/client.ts';
import { useUsers } from '~/entities/catalog/catalog.ts';
import { type Absence, type AbsenceKind, absenceKinds, absenceTitle } from '~/entities/hours/hours.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { dayOf } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { useForm } from '~/ui/useForm.ts';

interface Props {
  absence?: Absence;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

/** Who is away, why, from when to when, and who stands in. */
export function AbsenceForm({ absence, onClose, onDone }: Props) {
  const me = useMe();
  const people = useUsers().filter((user) => user.active);
  const today = dayOf(Date.now());
  const [part, setPart] = useState(!!(absence?.from || absence?.to));
  const form = useForm(
    {
      user: absence?.user ?? null,
      kind: (absence?.kind || 'vacation') as AbsenceKind,
      first: absence?.first ?? today,
      last: absence?.last ?? today,
      from: absence?.from || '14:00',
      to: absence?.to || '18:00',
      substitute: absence?.substitute ?? null,
      note: absence?.note ?? '',
    },
    async ({ user, ...rest }) => {
      const body = { ...rest, from: part ? rest.from : '', to: part ? rest.to : '' };
      await (absence ? api.patch(`/absences/${absence.id}`, body) : api.post('/absences', { user, ...body }));
      await onDone();
    },
    onClose,
  );
  const { values, put, errors } = form;
  const options = (list: typeof people) =>
    list.map((user) => ({
      value: String(user.id),
      title: user.name,
      hint: user.position,
      sign: <Avatar id={user.id} name={user.name} silent />,
    }));
  const mine = people.filter((user) => may(me, 'people') || (user.department && me.head_of?.includes(user.department)));
  const remove = async () => {
    await api.delete(`/absences/${absence!.id}`);
    await onDone();
    onClose();
  };
  return (
    <Dialog
      title={absence ? (people.find((user) => user.id === absence.user)?.name ?? '') : t('Новое отсутствие')}
      onClose={onClose}
    >
      <form className="col g12" onSubmit={form.submit}>
        {!absence && (
          <div>
            <span className="label">{t('Кто')}</span>
            <Picker
              label={t('Кто')}
              options={options(mine)}
              value={values.user ? String(values.user) : null}
              onPick={(picked) => put({ user: picked ? Number(picked) : null })}
            />
            {errors.user && (
              <div className="hint danger" role="alert">
                {errors.user}
              </div>
            )}
          </div>
        )}
        <FormField label={t('Почему')} error={errors.kind}>
          <select
            className="input"
            value={values.kind}
            onChange={(event) => put({ kind: event.target.value as AbsenceKind })}
          >
            {absenceKinds.map((kind) => (
              <option key={kind} value={kind}>
                {absenceTitle(kind)}
              </option>
            ))}
          </select>
        </FormField>
        <div className="two-dates">
          <FormField label={t('Первый день')} error={errors.first}>
            <input
              className="input"
              type="date"
              required
              value={values.first}
              onChange={(event) =>
                put({
                  first: event.target.value,
                  last: event.target.value > values.last ? event.target.value : values.last,
                })
              }
            />
          </FormField>
          <FormField label={t('Последний день')} error={errors.last}>
            <input
              className="input"
              type="date"
              required
              min={values.first}
              value={values.last}
              onChange={(event) => put({ last: event.target.value })}
            />
          </FormField>
        </div>
        <label className="row g8">
          <input type="checkbox" checked={part} onChange={(event) => setPart(event.target.checked)} />
          {t('Только часть дня')}
        </label>
        {part && (
          <div className="two-dates">
            <FormField label={t('С какого времени')} error={errors.from}>
              <input
                className="input"
                type="time"
                required
                value={values.from}
                onChange={(event) => put({ from: event.target.value })}
              />
            </FormField>
            <FormField label={t('До какого времени')} error={errors.to}>
              <input
                className="input"
                type="time"
                required
                value={values.to}
                onChange={(event) => put({ to: event.target.value })}
              />
            </FormField>
          </div>
        )}
        <div>
          <span className="label">{t('Кто замещает')}</span>
          <Picker
            label={t('Кто замещает')}
            placeholder={t('никто')}
            clearable
            options={options(people.filter((user) => user.id !== values.user))}
            value={values.substitute ? String(values.substitute) : null}
            onPick={(picked) => put({ substitute: picked ? Number(picked) : null })}
          />
          {errors.substitute && (
            <div className="hint danger" role="alert">
              {errors.substitute}
            </div>
          )}
        </div>
        <FormField label={t('Заметка')} error={errors.note}>
          <input
            className="input"
            maxLength={500}
            value={values.note}
            onChange={(event) => put({ note: event.target.value })}
          />
        </FormField>
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          {absence && (
            <Button look="redline" onClick={() => void remove()}>
              {t('Убрать')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy} disabled={!values.user}>
            {absence ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
