import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';
import type { StepProps } from './answers.ts';

/** Whether the company needs leads or deals alone will do. */
export function WayStep({ answers, put }: StepProps) {
  const options = [
    {
      simple: false,
      title: t('Лиды и сделки'),
      text: t('Много обращений с рекламы, половина мимо. Сначала разбираем, потом продаём.'),
    },
    {
      simple: true,
      title: t('Только сделки'),
      text: t('Пишут и звонят те, кто уже хочет купить. Лишний шаг не нужен.'),
    },
  ];
  return (
    <>
      <h1 className="h26">{t('Как к вам приходят клиенты?')}</h1>
      <p className="t2 f14">
        {t('От этого зависит, нужны ли лиды: обращения, про которые ещё неясно, ваши ли это клиенты.')}
      </p>
      <div className="opts" role="radiogroup" aria-label={t('Как к вам приходят клиенты?')}>
        {options.map((option) => (
          <label key={String(option.simple)} className={`opt ${option.simple === answers.simple ? 'on' : ''}`}>
            <input
              type="radio"
              name="simple"
              checked={option.simple === answers.simple}
              onChange={() => put({ simple: option.simple })}
            />
            <div>
              <b className="f14">{option.title}</b>
              <p className="t2">{option.text}</p>
            </div>
          </label>
        ))}
      </div>
      <div className="opts">
        <FormField label={t('Кому отдавать новые обращения')}>
          <select
            className="input"
            value={answers.take ? 'drum' : 'none'}
            onChange={(event) => put({ take: event.target.value === 'drum' ? 30 : 0 })}
          >
            <option value="drum">{t('всем по очереди, барабан')}</option>
            <option value="none">{t('решим потом')}</option>
          </select>
        </FormField>
        {answers.take > 0 && (
          <FormField label={t('Сколько ждать, прежде чем отдать следующему')}>
            <select
              className="input"
              value={answers.take}
              onChange={(event) => put({ take: Number(event.target.value) })}
            >
              {[5, 10, 15, 30, 60, 120].map((minutes) => (
                <option key={minutes} value={minutes}>
                  {t('{n, plural, one {# минута} few {# минуты} many {# минут} other {# минуты}} рабочего времени', {
                    n: minutes,
                  })}
                </option>
              ))}
            </select>
          </FormField>
        )}
      </div>
    </>
  );
}
