import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';
import { type StepProps, zones } from './answers.ts';

const currencies = ['RUB', 'KZT', 'BYN', 'USD', 'EUR', 'CNY', 'GBP'];

/** What the company is called and in which language, zone and money it counts. */
export function CompanyStep({ answers, put, errors }: StepProps) {
  return (
    <>
      <h1 className="h26">{t('Как называется компания?')}</h1>
      <p className="t2 f14">{t('Название увидят сотрудники в меню и клиенты в формах.')}</p>
      <div className="wz-fields">
        <FormField
          label={t('Код установки')}
          hint={t('Его показала программа в консоли при запуске: так чужой в вашей сети не опередит вас')}
          error={errors.code}
        >
          <input
            className="input"
            required
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={answers.code}
            onChange={(event) => put({ code: event.target.value })}
          />
        </FormField>
        <FormField label={t('Компания')} error={errors.company}>
          <input
            className="input"
            required
            autoComplete="organization"
            value={answers.company}
            onChange={(event) => put({ company: event.target.value })}
          />
        </FormField>
        <div className="opts">
          <FormField label={t('Язык портала')}>
            <select
              className="input"
              value={answers.language}
              onChange={(event) =>
                put({
                  language: event.target.value as 'ru' | 'en',
                  currency: event.target.value === 'ru' ? 'RUB' : answers.currency,
                })
              }
            >
              <option value="ru">Русский</option>
              <option value="en">English</option>
            </select>
          </FormField>
          <FormField label={t('Валюта')} error={errors.currency}>
            <select
              className="input"
              value={answers.currency}
              onChange={(event) => put({ currency: event.target.value })}
            >
              {currencies.map((code) => (
                <option key={code}>{code}</option>
              ))}
            </select>
          </FormField>
        </div>
        <FormField label={t('Часовой пояс')} error={errors.zone}>
          <select className="input" value={answers.zone} onChange={(event) => put({ zone: event.target.value })}>
            {zones().map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        </FormField>
      </div>
    </>
  );
}
