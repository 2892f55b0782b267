import type { OwnHours } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { weekdays, weekdayText } from './words.ts';

const OFFICE = ['09:00-18:00'];

/** The hours of a drum's own, a line for each weekday: «09:00-13:00, 14:00-18:00». */
export function DrumHours({
  value,
  error,
  onPut,
}: {
  value: OwnHours | null;
  error?: string;
  onPut: (value: OwnHours | null) => void;
}) {
  const start = () =>
    onPut({ week: Object.fromEntries(weekdays.slice(0, 5).map((code) => [code, OFFICE])) as OwnHours['week'] });
  return (
    <div className="col g4">
      <label className="tick">
        <input type="checkbox" checked={!!value} onChange={(event) => (event.target.checked ? start() : onPut(null))} />
        {t('У барабана свои часы: вне их ничего не раздаётся и время стоит')}
      </label>
      {value && (
        <div className="drum-days">
          {weekdays.map((code) => (
            <label key={code} style={{ display: 'contents' }}>
              <span className="t2">{weekdayText(code)}</span>
              <input
                className="input"
                placeholder={t('выходной')}
                value={(value.week[code] ?? []).join(', ')}
                onChange={(event) =>
                  onPut({
                    ...value,
                    week: {
                      ...value.week,
                      [code]: event.target.value ? event.target.value.split(/,\s*/) : [],
                    },
                  })
                }
              />
            </label>
          ))}
        </div>
      )}
      {error && (
        <div className="hint danger" role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
