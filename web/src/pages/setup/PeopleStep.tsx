import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import type { Person, StepProps } from './answers.ts';

/** Whom to let in at once; it may be left empty. */
export function PeopleStep({ answers, put, errors }: StepProps) {
  const rows = answers.people.length ? answers.people : [{ name: '', email: '', role: 'manager' as const }];
  const set = (at: number, more: Partial<Person>) =>
    put({ people: rows.map((row, index) => (index === at ? { ...row, ...more } : row)) });
  const wrong = Object.entries(errors).find(([code]) => code.startsWith('people'))?.[1];
  return (
    <>
      <h1 className="h26">{t('Кто ещё будет работать?')}</h1>
      <p className="t2 f14">{t('Можно пропустить и добавить людей потом. Пароль каждому придумает программа.')}</p>
      <div className="wz-fields">
        {rows.map((row, at) => (
          <div key={at} className="wz-person">
            <input
              className="input"
              aria-label={t('Имя и фамилия')}
              placeholder={t('Имя и фамилия')}
              value={row.name}
              autoFocus={at === 0}
              onChange={(event) => set(at, { name: event.target.value })}
            />
            <input
              className="input"
              type="email"
              aria-label={t('Почта')}
              placeholder={t('Почта')}
              value={row.email}
              onChange={(event) => set(at, { email: event.target.value })}
            />
            <select
              className="input"
              aria-label={t('Роль')}
              value={row.role}
              onChange={(event) => set(at, { role: event.target.value as Person['role'] })}
            >
              <option value="manager">{t('Менеджер')}</option>
              <option value="head">{t('Руководитель')}</option>
              <option value="admin">{t('Администратор')}</option>
            </select>
          </div>
        ))}
        {wrong && (
          <div className="hint danger" role="alert">
            {wrong}
          </div>
        )}
        <Button
          look="ghost"
          small
          icon="plus"
          onClick={() => put({ people: [...rows, { name: '', email: '', role: 'manager' }] })}
        >
          {t('Ещё сотрудник')}
        </Button>
      </div>
    </>
  );
}
