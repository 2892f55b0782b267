import { useId } from 'react';
import { t } from '~/i18n/index.ts';
import { FormField } from './FormField.tsx';
import { Icon } from './Icon.tsx';
import './newpassword.css';

interface Props {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  /** The person's address: a password must not be it. */
  email?: string;
  error?: string;
  autoFocus?: boolean;
}

const least = 8;

/** What a new password has to be, and whether it is. What everybody tries first only the server knows. */
export function passwordRules(password: string, email = ''): { text: string; ok: boolean }[] {
  const folded = password.toLowerCase();
  const local = email.toLowerCase().split('@')[0];
  return [
    { text: t('хотя бы {n} знаков', { n: least }), ok: [...password].length >= least },
    { text: t('не один и тот же знак'), ok: new Set(folded).size > 1 },
    { text: t('не ваша почта'), ok: !!password && folded !== email.toLowerCase() && folded !== local },
  ];
}

/** The field of a new password with its rules, which tick off while it is typed. */
export function NewPassword({ label, value, onChange, email, error, autoFocus }: Props) {
  const id = useId();
  return (
    <div className="ff newpass">
      <FormField label={label ?? t('Новый пароль')} error={error}>
        <input
          className="input"
          type="password"
          name="new-password"
          autoComplete="new-password"
          required
          minLength={least}
          autoFocus={autoFocus}
          aria-details={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </FormField>
      <ul className="rules f12" id={id} aria-label={t('Каким должен быть пароль')}>
        {passwordRules(value, email).map((rule) => (
          <li key={rule.text} className={rule.ok ? 'ok' : ''}>
            <Icon name={rule.ok ? 'check' : 'minus'} />
            <span>{rule.text}</span>
            <span className="sr">{rule.ok ? t('выполнено') : t('ещё нет')}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
