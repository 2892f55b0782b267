import { t } from '~/i18n/index.ts';
import { FormField } from '~/ui/FormField.tsx';
import type { StepProps } from './answers.ts';

/** Who will run the portal. */
export function AdminStep({ answers, put, errors }: StepProps) {
  return (
    <>
      <h1 className="h26">{t('Кто будет администратором?')}</h1>
      <p className="t2 f14">{t('Этот человек добавляет сотрудников и меняет настройки. Обычно это вы.')}</p>
      <div className="wz-fields">
        <FormField label={t('Имя и фамилия')} error={errors.name}>
          <input
            className="input"
            required
            autoFocus
            autoComplete="name"
            value={answers.name}
            onChange={(event) => put({ name: event.target.value })}
          />
        </FormField>
        <FormField label={t('Почта')} error={errors.email}>
          <input
            className="input"
            type="email"
            required
            autoComplete="username"
            value={answers.email}
            onChange={(event) => put({ email: event.target.value })}
          />
        </FormField>
        <FormField
          label={t('Пароль')}
          hint={t('Не короче 8 знаков; длинная фраза лучше сложного слова')}
          error={errors.password}
        >
          <input
            className="input"
            type="password"
            required
            minLength={8}
            autoComplete="new-password"
            value={answers.password}
            onChange={(event) => put({ password: event.target.value })}
          />
        </FormField>
      </div>
    </>
  );
}
