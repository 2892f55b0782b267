import type { FormLook, FormOptions } from '~/entities/form/form.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { FormField } from '~/ui/FormField.tsx';

interface Props {
  draft: FormOptions;
  put: (more: Partial<FormOptions>) => void;
}

/** How a form looks and how it keeps programs out. */
export function LookEditor({ draft, put }: Props) {
  const look = draft.look ?? {};
  const change = (more: Partial<FormLook>) => put({ look: { ...look, ...more } });
  return (
    <>
      <section className="panel" aria-label={t('Вид')}>
        <header>
          <h2 className="panel-title">{t('Вид')}</h2>
        </header>
        <div className="in col g12">
          <div className="pair">
            <Colour
              label={t('Цвет кнопки')}
              value={look.accent}
              usual="#0b647b"
              onChange={(accent) => change({ accent })}
            />
            <Colour
              label={t('Цвет фона')}
              value={look.ground}
              usual="#f4f6f7"
              onChange={(ground) => change({ ground })}
            />
          </div>
          <div className="pair">
            <FormField label={t('Тема')}>
              <select
                className="input"
                value={look.theme ?? ''}
                onChange={(event) => change({ theme: event.target.value as FormLook['theme'] })}
              >
                <option value="">{t('как у посетителя')}</option>
                <option value="light">{t('светлая')}</option>
                <option value="dark">{t('тёмная')}</option>
              </select>
            </FormField>
            <FormField label={t('Размер букв')}>
              <select
                className="input"
                value={look.size ?? 0}
                onChange={(event) => change({ size: Number(event.target.value) || undefined })}
              >
                {[0, 13, 14, 15, 17, 18, 20].map((size) => (
                  <option key={size} value={size}>
                    {size || t('обычный')}
                  </option>
                ))}
              </select>
            </FormField>
          </div>
          <FormField label={t('Слова над заголовком')} hint={t('Например, название компании')}>
            <input
              className="input"
              maxLength={100}
              value={look.logo ?? ''}
              onChange={(event) => change({ logo: event.target.value || undefined })}
            />
          </FormField>
          <label className="row g8">
            <input
              type="checkbox"
              checked={look.compact ?? false}
              onChange={(event) => change({ compact: event.target.checked || undefined })}
            />
            {t('Теснее: меньше отступы и поля')}
          </label>
        </div>
      </section>
      <section className="panel" aria-label={t('Защита от программ')}>
        <header>
          <h2 className="panel-title">{t('Защита от программ')}</h2>
        </header>
        <div className="in col g12">
          <p className="t2">
            {t(
              'Браузер посетителя решает небольшую задачу, пока он печатает. Всё подозрительное не пропадает, а ждёт в разделе «На проверке»',
            )}
          </p>
          <div className="pair">
            <FormField label={t('Сложность задачи')}>
              <select
                className="input"
                value={draft.work ?? 0}
                onChange={(event) => put({ work: Number(event.target.value) || undefined })}
              >
                <option value={0}>{t('обычная')}</option>
                <option value={12}>{t('лёгкая')}</option>
                <option value={18}>{t('трудная, если шлют программы')}</option>
                <option value={-1}>{t('без задачи')}</option>
              </select>
            </FormField>
            <FormField label={t('Из браузера без скриптов')}>
              <select
                className="input"
                value={draft.no_script ?? ''}
                onChange={(event) => put({ no_script: (event.target.value || undefined) as FormOptions['no_script'] })}
              >
                <option value="">{t('сначала на проверку')}</option>
                <option value="accept">{t('принимать сразу')}</option>
              </select>
            </FormField>
          </div>
        </div>
      </section>
    </>
  );
}

function Colour({
  label,
  value,
  usual,
  onChange,
}: {
  label: string;
  value?: string;
  usual: string;
  onChange: (value: string | undefined) => void;
}) {
  return (
    <div className="fb-colour">
      <input
        type="color"
        aria-label={label}
        value={value ?? usual}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="grow">
        {label}
        <span className="t3 f12 me-name">{value ?? t('обычный')}</span>
      </span>
      {value && (
        <Button
          look="ghost"
          small
          icon="undo"
          aria-label={t('Вернуть обычный: {title}', { title: label })}
          onClick={() => onChange(undefined)}
        />
      )}
    </div>
  );
}
