import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Drum, OwnHours } from '~/api/types.ts';
import { pipelinesQuery, titleOf, useDepartments, useTypes, useUsers } from '~/entities/catalog/catalog.ts';
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
import { DrumHours } from './DrumHours.tsx';
import { DrumSources } from './DrumSources.tsx';

/** What of a drum can be set up here; its people have a page of their own. */
export type Draft = Pick<
  Drum,
  | 'title'
  | 'take_minutes'
  | 'misses_to_head'
  | 'who'
  | 'order'
  | 'cap'
  | 'former'
  | 'taken_by'
  | 'head_becomes'
  | 'hours'
  | 'need_day'
  | 'sources'
  | 'members'
> & { head: number | null; department: number | null; take_stage: number | null; schedule: OwnHours | null };

function draftOf(drum?: Drum): Draft {
  return {
    title: drum?.title ?? '',
    take_minutes: drum?.take_minutes ?? 30,
    misses_to_head: drum?.misses_to_head ?? 4,
    head: drum?.head ?? null,
    who: drum?.who ?? 'named',
    department: drum?.department ?? null,
    take_stage: drum?.take_stage ?? null,
    order: drum?.order ?? 'turn',
    cap: drum?.cap ?? 0,
    former: drum?.former ?? false,
    taken_by: drum?.taken_by ?? ['stage'],
    head_becomes: drum?.head_becomes ?? 'responsible',
    hours: drum?.hours ?? 'person',
    schedule: drum?.schedule ?? null,
    need_day: drum?.need_day ?? false,
    sources: drum?.sources ?? [],
    members: drum?.members ?? [],
  };
}

/** A drum: whom it deals to and in what order, how long they have, when the head hears of it. */
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
  const departments = useDepartments();
  const reload = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['drums'] }),
      client.invalidateQueries({ queryKey: ['drum-state'] }),
    ]);
  const form = useForm(
    draftOf(drum),
    async ({ schedule, members, ...values }) => {
      const body = { ...values, schedule: schedule ?? { week: {} }, ...(drum ? {} : { members }) };
      const saved = await (drum ? api.patch<Drum>(`/drums/${drum.id}`, body) : api.post<Drum>('/drums', body));
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
  const tick = (deed: string, on: boolean) =>
    put({ taken_by: on ? [...values.taken_by, deed] : values.taken_by.filter((each) => each !== deed) });
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
    <Dialog title={drum ? drum.title : t('Новый барабан')} onClose={onClose} size={560}>
      <form className="col g16 drum-form" onSubmit={form.submit}>
        <FormField label={t('Название')} error={errors.title}>
          <input
            className="input"
            required
            data-autofocus
            value={values.title}
            onChange={(event) => put({ title: event.target.value })}
          />
        </FormField>

        <fieldset>
          <legend>{t('Кому и в каком порядке')}</legend>
          <div className="pair">
            <FormField label={t('Кому')} error={errors.who}>
              <select
                className="input"
                value={values.who}
                onChange={(event) => put({ who: event.target.value as Draft['who'] })}
              >
                <option value="named">{t('названным людям')}</option>
                <option value="department">{t('всему отделу')}</option>
                <option value="department_of_first">{t('отделу первого ответственного')}</option>
                <option value="department_above">{t('отделу над первым ответственным')}</option>
              </select>
            </FormField>
            <FormField label={t('Порядок')} error={errors.order}>
              <select
                className="input"
                value={values.order}
                onChange={(event) => put({ order: event.target.value as Draft['order'] })}
              >
                <option value="turn">{t('по кругу')}</option>
                <option value="weighted">{t('по кругу, с весом')}</option>
                <option value="least">{t('сначала тому, у кого меньше в работе')}</option>
              </select>
            </FormField>
          </div>
          {values.who === 'named'
            ? !drum && (
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
                        options={people.filter(
                          (each) => !values.members.some((member) => String(member.user) === each.value),
                        )}
                        value={null}
                        onPick={(picked) =>
                          picked && put({ members: [...values.members, { user: Number(picked), active: true }] })
                        }
                      />
                    </div>
                  </div>
                </div>
              )
            : departments.length > 0 && (
                <FormField
                  label={t('Отдел')}
                  error={errors.department}
                  hint={values.who === 'department' ? undefined : t('если запись ещё ни у кого не была')}
                >
                  <select
                    className="input"
                    value={values.department ?? ''}
                    onChange={(event) => put({ department: Number(event.target.value) || null })}
                  >
                    <option value="">{t('Не указано')}</option>
                    {departments.map((each) => (
                      <option key={each.id} value={each.id}>
                        {each.title}
                      </option>
                    ))}
                  </select>
                </FormField>
              )}
          <FormField label={t('На руках не больше')} error={errors.cap} hint={t('0 — без предела')}>
            <input
              className="input fit"
              type="number"
              min="0"
              max="1000"
              value={values.cap}
              onChange={(event) => put({ cap: Number(event.target.value) })}
            />
          </FormField>
          <label className="tick">
            <input
              type="checkbox"
              checked={values.former}
              onChange={(event) => put({ former: event.target.checked })}
            />
            {t('Сначала тому, кто вёл этого клиента раньше')}
          </label>
        </fieldset>

        <fieldset>
          <legend>{t('Срок и время')}</legend>
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
            <FormField label={t('Время идёт')} error={errors.hours}>
              <select
                className="input"
                value={values.hours}
                onChange={(event) => put({ hours: event.target.value as Draft['hours'] })}
              >
                <option value="person">{t('по рабочему времени человека')}</option>
                <option value="always">{t('круглосуточно')}</option>
              </select>
            </FormField>
          </div>
          <label className="tick">
            <input
              type="checkbox"
              checked={values.need_day}
              onChange={(event) => put({ need_day: event.target.checked })}
            />
            {t('Только тем, кто начал рабочий день')}
          </label>
          <DrumHours value={values.schedule} error={errors.schedule} onPut={(schedule) => put({ schedule })} />
        </fieldset>

        <fieldset>
          <legend>{t('Что считается взятием')}</legend>
          <label className="tick">
            <input type="checkbox" checked disabled />
            {t('кнопка «Взять»')}
          </label>
          <label className="tick">
            <input
              type="checkbox"
              checked={values.taken_by.includes('stage')}
              onChange={(event) => tick('stage', event.target.checked)}
            />
            {t('перенос на другую стадию')}
          </label>
          <label className="tick">
            <input
              type="checkbox"
              checked={values.taken_by.includes('own_stage')}
              onChange={(event) => tick('own_stage', event.target.checked)}
            />
            {t('перенос на стадию, выбранную ниже')}
          </label>
          <label className="tick">
            <input
              type="checkbox"
              checked={values.taken_by.includes('activity')}
              onChange={(event) => tick('activity', event.target.checked)}
            />
            {t('сделанное дело по записи')}
          </label>
          <TakeStage value={values.take_stage} error={errors.take_stage} onPut={(take_stage) => put({ take_stage })} />
        </fieldset>

        <fieldset>
          <legend>{t('Если пропускают')}</legend>
          <div className="pair">
            <FormField
              label={t('Пропусков до руководителя')}
              error={errors.misses_to_head}
              hint={t('0 — не подключать')}
            >
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
            <FormField label={t('Руководитель')} error={errors.head_becomes}>
              <select
                className="input"
                value={values.head_becomes}
                onChange={(event) => put({ head_becomes: event.target.value as Draft['head_becomes'] })}
              >
                <option value="responsible">{t('становится ответственным')}</option>
                <option value="observer">{t('становится наблюдателем')}</option>
                <option value="told">{t('узнаёт об этом')}</option>
              </select>
            </FormField>
          </div>
          <div>
            <span className="label">{t('Кто руководитель')}</span>
            <Picker
              label={t('Кто руководитель')}
              placeholder={t('руководитель пропустившего')}
              options={people}
              value={values.head ? String(values.head) : null}
              clearable
              onPick={(picked) => put({ head: picked ? Number(picked) : null })}
            />
          </div>
        </fieldset>

        <DrumSources value={values.sources} error={errors.sources} onPut={(sources) => put({ sources })} />

        {(errors[''] || errors.members) && (
          <div className="hint danger" role="alert">
            {errors[''] || errors.members}
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

/** Where a taken record goes. */
function TakeStage({
  value,
  error,
  onPut,
}: {
  value: number | null;
  error?: string;
  onPut: (value: number | null) => void;
}) {
  const types = useTypes();
  const pipelines = useQuery(pipelinesQuery).data ?? [];
  return (
    <FormField label={t('Взятая запись переходит на')} error={error}>
      <select className="input" value={value ?? ''} onChange={(event) => onPut(Number(event.target.value) || null)}>
        <option value="">{t('следующую стадию')}</option>
        {pipelines.map((pipeline) => (
          <optgroup
            key={pipeline.id}
            label={`${titleOf(types.find((each) => each.code === pipeline.type))}: ${titleOf(pipeline)}`}
          >
            {pipeline.stages
              .filter((stage) => stage.kind === 'open' || stage.kind === 'waiting')
              .map((stage) => (
                <option key={stage.id} value={stage.id}>
                  {titleOf(stage)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </FormField>
  );
}
