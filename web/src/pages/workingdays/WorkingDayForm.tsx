import { useState } from 'react';
import { api } from '~/api/client.ts';
import { useNames } from '~/entities/catalog/catalog.ts';
import type { WorkingDay, WorkingSpan } from '~/entities/hours/hours.ts';
import { moment, weekdayLong } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { useForm } from '~/ui/useForm.ts';
import { instantIn, timeIn } from './zoneTime.ts';

interface Props {
  user: number;
  date: string;
  day?: WorkingDay;
  /** Where the person is, for a day without anything recorded. */
  zone?: string;
  editable: boolean;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

interface Line {
  key: number;
  kind: WorkingSpan['kind'];
  from: string;
  to: string;
  /** As it was: what nobody touches keeps its seconds. */
  was?: WorkingSpan;
}

/** One working day: its intervals by the person's clock, what was corrected, and the head's correction with a reason. */
export function WorkingDayForm({ user, date, day, zone: home, editable, onClose, onDone }: Props) {
  const nameOf = useNames();
  const zone = day?.zone ?? home ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [lines, setLines] = useState<Line[]>(
    day?.spans.map((span, key) => ({
      key,
      kind: span.kind,
      from: timeIn(zone, span.from),
      to: span.to ? timeIn(zone, span.to) : '',
      was: span,
    })) ?? [{ key: 0, kind: 'work', from: '09:00', to: '18:00' }],
  );
  const form = useForm(
    { reason: '' },
    async ({ reason }) => {
      let last = date;
      const spans = lines.map((line) => {
        const { was } = line;
        if (was && timeIn(zone, was.from) === line.from && (was.to ? timeIn(zone, was.to) : '') === line.to)
          return { kind: line.kind, from: was.from, to: was.to };
        const from = instantIn(zone, last, line.from);
        let to: string | null = null;
        if (line.to) {
          to = instantIn(zone, last, line.to);
          if (to <= from) {
            last = new Date(Date.parse(`${last}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
            to = instantIn(zone, last, line.to);
          }
        }
        return { kind: line.kind, from, to };
      });
      await api.put(`/working-days/${user}/${date}`, { spans, reason });
      await onDone();
    },
    onClose,
  );
  const change = (line: Line, more: Partial<Line>) =>
    setLines(lines.map((each) => (each === line ? { ...each, ...more } : each)));
  const kindText = (kind: string) => (kind === 'work' ? t('Работа') : t('Перерыв'));
  const wrong = Object.entries(form.errors).filter(([path]) => path !== 'reason');
  return (
    <Dialog title={`${nameOf(user)}, ${weekdayLong(date)}`} size={480} onClose={onClose}>
      <form className="col g12" onSubmit={form.submit}>
        <p className="hint">{t('Время местное: {zone}', { zone })}</p>
        {lines.map((line) =>
          editable ? (
            <div key={line.key} className="span-line">
              <select
                className="input"
                aria-label={t('Что это')}
                value={line.kind}
                onChange={(event) => change(line, { kind: event.target.value as Line['kind'] })}
              >
                <option value="work">{kindText('work')}</option>
                <option value="pause">{kindText('pause')}</option>
              </select>
              <input
                className="input num"
                type="time"
                required
                aria-label={t('Начало')}
                value={line.from}
                onChange={(event) => change(line, { from: event.target.value })}
              />
              <input
                className="input num"
                type="time"
                aria-label={t('Конец')}
                title={line.to ? undefined : t('ещё идёт')}
                value={line.to}
                onChange={(event) => change(line, { to: event.target.value })}
              />
              <button
                type="button"
                className="btn ghost sm ico"
                aria-label={t('Убрать интервал')}
                onClick={() => setLines(lines.filter((each) => each !== line))}
              >
                <Icon name="x" small />
              </button>
            </div>
          ) : (
            <p key={line.key} className="num">
              {kindText(line.kind)} {line.from}–{line.to || t('ещё идёт')}
            </p>
          ),
        )}
        {editable && (
          <div>
            <Button
              look="ghost"
              small
              icon="plus"
              onClick={() =>
                setLines([
                  ...lines,
                  {
                    key: Math.max(0, ...lines.map((each) => each.key + 1)),
                    kind: 'work',
                    from: lines[lines.length - 1]?.to || '09:00',
                    to: '18:00',
                  },
                ])
              }
            >
              {t('Интервал')}
            </Button>
          </div>
        )}
        {editable && (
          <FormField label={t('Почему исправляете')} error={form.errors.reason}>
            <input
              className="input"
              required
              maxLength={500}
              value={form.values.reason}
              onChange={(event) => form.put({ reason: event.target.value })}
            />
          </FormField>
        )}
        {wrong.map(([path, text]) => (
          <div key={path} className="hint danger" role="alert">
            {text}
          </div>
        ))}
        {!!day?.corrections.length && (
          <section aria-label={t('Исправления')}>
            <h3 className="f12 b">{t('Исправления')}</h3>
            <ul className="fixes f12">
              {day.corrections.map((fix) => (
                <li key={fix.at}>
                  <span className="m">{fix.by ? nameOf(fix.by) : 'Voronka'}</span>, {moment(Date.parse(fix.at))}:{' '}
                  {fix.by ? fix.reason : t('день не завершили, он закрыт сам')}
                  <span className="t3 num me-name">
                    {t('было: {spans}', { spans: spansText(fix.before, zone) || t('ничего') })}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{editable ? t('Отмена') : t('Закрыть')}</Button>
          {editable && (
            <Button look="pri" type="submit" busy={form.busy}>
              {t('Исправить')}
            </Button>
          )}
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function spansText(spans: WorkingSpan[], zone: string): string {
  return spans.map((span) => `${timeIn(zone, span.from)}–${span.to ? timeIn(zone, span.to) : '…'}`).join(', ');
}
