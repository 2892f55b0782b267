import { useQuery } from '@tanstack/react-query';
import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';
import type { StepProps } from './answers.ts';
import { businessesQuery } from './business.ts';

/** Whether the company needs leads or deals alone will do. */
export function WayStep({ answers, put }: StepProps) {
  const { data: businesses } = useQuery(businessesQuery);
  const picked = businesses?.items.find((each) => each.code === answers.business);
  const pick = (code: string) => {
    const found = businesses?.items.find((each) => each.code === code);
    put({ business: code, take: answers.take && found ? found.take_minutes : answers.take });
  };
  const minutes = [...new Set([5, 10, 15, 20, 30, 60, 120, answers.take || 30])].sort((a, b) => a - b);
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
      <div className="wz-fields">
        <FormField
          label={t('Чем занимается компания')}
          hint={
            picked?.about[answers.language] ??
            t('Готовый бизнес приносит этапы с целями и инструкциями, поля, форму, барабан и часы работы')
          }
        >
          <select className="input" value={answers.business} onChange={(event) => pick(event.target.value)}>
            <option value="">{t('Другое: начать с простого портала')}</option>
            {businesses?.items.map((each) => (
              <option key={each.code} value={each.code}>
                {each.title[answers.language]}
              </option>
            ))}
          </select>
        </FormField>
        <div className="label">{t('Много ли обращений оказываются не от ваших клиентов?')}</div>
      </div>
      <div className="opts wz-near" role="radiogroup" aria-label={t('Как к вам приходят клиенты?')}>
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
            onChange={(event) => put({ take: event.target.value === 'drum' ? (picked?.take_minutes ?? 30) : 0 })}
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
              {minutes.map((minutes) => (
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
