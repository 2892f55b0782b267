import type { Drum } from '~/api/types.ts';
import { titleOf, useTypes } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';

/** Sources that are dealt in portions: an imported base doesn't need a deadline. */
export function DrumSources({
  value,
  error,
  onPut,
}: {
  value: Drum['sources'];
  error?: string;
  onPut: (value: Drum['sources']) => void;
}) {
  const types = useTypes();
  const field = types.find((type) => type.code === 'lead')?.fields?.find((each) => each.code === 'source');
  const known = field?.values ?? [];
  const put = (at: number, more: Partial<Drum['sources'][number]>) =>
    onPut(value.map((each, i) => (i === at ? { ...each, ...more } : each)));
  return (
    <fieldset>
      <legend>{t('Порциями')}</legend>
      <p className="f12 t3">
        {t('Записи этих источников раздаются понемногу: столько-то в день на человека, без срока и без пропусков.')}
      </p>
      {value.map((line, at) => (
        <div key={String(at)} className="drum-source">
          <select
            className="input"
            aria-label={t('Источник')}
            value={line.source}
            onChange={(event) => put(at, { source: event.target.value })}
          >
            <option value="">{t('выберите')}</option>
            {known.map((each) => (
              <option key={each.code} value={each.code}>
                {titleOf(each)}
              </option>
            ))}
          </select>
          <input
            className="input"
            type="number"
            min="1"
            max="10000"
            aria-label={t('В день на человека')}
            value={line.per_day}
            onChange={(event) => put(at, { per_day: Number(event.target.value) })}
          />
          <Button
            look="ghost"
            small
            icon="x"
            aria-label={t('Убрать')}
            onClick={() => onPut(value.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      <div>
        <Button small icon="plus" onClick={() => onPut([...value, { source: known[0]?.code ?? '', per_day: 20 }])}>
          {t('Источник')}
        </Button>
      </div>
      {error && (
        <div className="hint danger" role="alert">
          {error}
        </div>
      )}
    </fieldset>
  );
}
