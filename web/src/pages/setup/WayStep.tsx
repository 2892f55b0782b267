import { t } from '~/i18n/index.ts';
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
    </>
  );
}
