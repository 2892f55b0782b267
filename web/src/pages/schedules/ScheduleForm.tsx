import { useState } from 'react';
import { api } from '~/api/client.ts';
import { useDepartments, useUsers } from '~/entities/catalog/catalog.ts';
import { countries, countryTitle, type Owner, type Schedule, weekdays } from '~/entities/hours/hours.ts';
import { readIntervals, showIntervals } from '~/entities/hours/intervals.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { weekdayLong } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { useForm } from '~/ui/useForm.ts';
import { zones } from './zones.ts';

interface Props {
  schedule?: Schedule;
  taken: Schedule[];
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

interface DateLine {
  key: number;
  date: string;
  hours: string;
}

/** The working time of the company, a department or a person: week, zone, holidays and dates that differ. */
export function ScheduleForm({ schedule, taken, onClose, onDone }: Props) {
  const me = useMe();
  const departments = useDepartments();
  const users = useUsers().filter((user) => user.active && (may(me, 'people') || user.id !== me.id));
  const week = schedule?.own.week ??
    schedule?.effective.week ?? {
      mon: ['09:00-18:00'],
      tue: ['09:00-18:00'],
      wed: ['09:00-18:00'],
      thu: ['09:00-18:00'],
      fri: ['09:00-18:00'],
    };
  const [owner, setOwner] = useState<string | null>(schedule ? `${schedule.owner}/${schedule.id}` : null);
  const portal = schedule?.owner === 'portal';
  const [lines, setLines] = useState<DateLine[]>(
    Object.entries(schedule?.own.dates ?? {})
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([date, hours], key) => ({ key, date, hours: showIntervals(hours) })),
  );
  const [texts, setTexts] = useState(weekdays.map((day) => showIntervals(week[day])));
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const form = useForm(
    {
      ownWeek: portal || !schedule || !!schedule.own.week,
      zone: schedule?.own.zone ?? '',
      country: schedule?.own.country ?? '',
      week: '',
      dates: '',
    },
    async (values) => {
      const problems: Record<string, string> = {};
      const read = weekdays.map((day, at) => {
        const intervals = readIntervals(texts[at] ?? '');
        if (!intervals) problems[day] = t('Часы пишутся так: 9:00–13:00, 14:00–18:00');
        return [day, intervals ?? []] as const;
      });
      const dates: Record<string, string[]> = {};
      for (const line of lines) {
        const intervals = readIntervals(line.hours);
        if (!intervals) problems[`date ${line.key}`] = t('Часы пишутся так: 9:00–13:00, 14:00–18:00');
        if (line.date) dates[line.date] = intervals ?? [];
      }
      setWrong(problems);
      if (Object.keys(problems).length) throw new Error(t('Проверьте часы'));
      await api.put(`/schedules/${owner}`, {
        ...(values.ownWeek ? { week: Object.fromEntries(read.filter(([, intervals]) => intervals.length)) } : {}),
        ...(values.zone ? { zone: values.zone } : {}),
        ...(values.country ? { country: values.country } : {}),
        dates,
      });
      await onDone();
    },
    onClose,
  );
  const { values, put, errors } = form;
  const used = new Set(taken.map((each) => `${each.owner}/${each.id}`));
  const option = (kind: Owner, id: number) => `${kind}/${id}`;
  const owners = [
    ...departments
      .filter((each) => may(me, 'people') || me.head_of?.includes(each.id))
      .map((each) => ({ value: option('department', each.id), title: each.title, hint: t('отдел') })),
    ...users
      .filter((each) => may(me, 'people') || (each.department && me.head_of?.includes(each.department)))
      .map((each) => ({
        value: option('person', each.id),
        title: each.name,
        hint: each.position,
        sign: <Avatar id={each.id} name={each.name} silent />,
      })),
  ].filter((each) => !used.has(each.value));
  const remove = async () => {
    await api.delete(`/schedules/${owner}`);
    await onDone();
    onClose();
  };
  return (
    <Dialog title={portal ? t('График компании') : t('Свой график')} size={520} onClose={onClose}>
      <form className="col g12" onSubmit={form.submit}>
        {!schedule && (
          <div>
            <span className="label">{t('Чей')}</span>
            <Picker
              label={t('Чей')}
              options={owners}
              value={owner}
              onPick={setOwner}
              placeholder={t('отдел или человек')}
            />
          </div>
        )}
        {!portal && (
          <label className="row g8">
            <input
              type="checkbox"
              checked={values.ownWeek}
              onChange={(event) => put({ ownWeek: event.target.checked })}
            />
            {t('Своя неделя')}
          </label>
        )}
        {values.ownWeek && (
          <fieldset className="week-edit">
            <legend className="label">{t('Часы работы, пусто — выходной')}</legend>
            {weekdays.map((day, at) => {
              const title = weekdayLong(`2024-01-0${at + 1}`).split(',')[0] ?? day;
              return (
                <div key={day} className="week-day">
                  <label htmlFor={`week-${day}`} className="f12">
                    {title}
                  </label>
                  <input
                    id={`week-${day}`}
                    className="input num"
                    value={texts[at]}
                    placeholder={t('выходной')}
                    aria-invalid={wrong[day] ? true : undefined}
                    aria-describedby={wrong[day] ? `week-${day}-note` : undefined}
                    onChange={(event) => {
                      setTexts(texts.map((text, i) => (i === at ? event.target.value : text)));
                      setWrong({});
                    }}
                  />
                  {at === 0 && (
                    <Button
                      look="ghost"
                      small
                      onClick={() => setTexts(texts.map((text, i) => (i < 5 ? (texts[0] ?? '') : text)))}
                    >
                      {t('на все будни')}
                    </Button>
                  )}
                  {wrong[day] && (
                    <div className="hint danger" role="alert" id={`week-${day}-note`}>
                      {wrong[day]}
                    </div>
                  )}
                </div>
              );
            })}
          </fieldset>
        )}
        {(values.ownWeek || portal) && (
          <FormField label={portal ? t('Часовой пояс компании') : t('По чьим часам')} error={errors.zone}>
            <select className="input" value={values.zone} onChange={(event) => put({ zone: event.target.value })}>
              {!portal && <option value="">{t('у каждого по его местным')}</option>}
              {zones(values.zone).map((zone) => (
                <option key={zone} value={zone}>
                  {zone}
                </option>
              ))}
            </select>
          </FormField>
        )}
        {!portal && (
          <FormField label={t('Праздники')} error={errors.country}>
            <select className="input" value={values.country} onChange={(event) => put({ country: event.target.value })}>
              <option value="">{t('как у компании')}</option>
              {countries.map((code) => (
                <option key={code} value={code}>
                  {countryTitle(code)}
                </option>
              ))}
            </select>
          </FormField>
        )}
        <fieldset className="week-edit">
          <legend className="label">{t('Отдельные даты')}</legend>
          {lines.map((line) => (
            <div key={line.key} className="week-day">
              <input
                className="input"
                type="date"
                required
                aria-label={t('Дата')}
                value={line.date}
                onChange={(event) =>
                  setLines(lines.map((each) => (each === line ? { ...line, date: event.target.value } : each)))
                }
              />
              <input
                className="input num"
                aria-label={t('Часы')}
                placeholder={t('выходной')}
                value={line.hours}
                aria-invalid={wrong[`date ${line.key}`] ? true : undefined}
                onChange={(event) =>
                  setLines(lines.map((each) => (each === line ? { ...line, hours: event.target.value } : each)))
                }
              />
              <button
                type="button"
                className="btn ghost sm ico"
                aria-label={t('Убрать дату {date}', { date: line.date })}
                onClick={() => setLines(lines.filter((each) => each !== line))}
              >
                <Icon name="x" small />
              </button>
            </div>
          ))}
          <Button
            look="ghost"
            small
            icon="plus"
            onClick={() =>
              setLines([...lines, { key: Math.max(0, ...lines.map((each) => each.key + 1)), date: '', hours: '' }])
            }
          >
            {t('Дата')}
          </Button>
        </fieldset>
        {(errors[''] || errors.week || errors.dates) && (
          <div className="hint danger" role="alert">
            {errors[''] || errors.week || errors.dates}
          </div>
        )}
        <DialogFoot>
          {schedule && !portal && (
            <Button look="redline" onClick={() => void remove()}>
              {t('Как у всех')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy} disabled={!owner}>
            {t('Сохранить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
