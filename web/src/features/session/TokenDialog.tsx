import { useState } from 'react';
import { api } from '~/api/client.ts';
import { usesTitle } from '~/entities/account/account.ts';
import { pluralOf, useTypes } from '~/entities/catalog/catalog.ts';
import { isAdmin, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { useForm } from '~/ui/useForm.ts';
import '~/features/login/login.css';

const limited = ['read', 'write', 'import', 'settings'];

/** A new token: what for, what it may, how long. Its secret is told once. */
export function TokenDialog({ user, onMade, onClose }: { user?: number; onMade: () => unknown; onClose: () => void }) {
  const me = useMe();
  const types = useTypes();
  const [made, setMade] = useState<string>();
  const form = useForm(
    { title: '', days: '90', whole: false, uses: ['read'], types: [] as string[] },
    async ({ title, days, whole, uses, types }) => {
      const expires_at = days === 'never' ? undefined : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
      const body = { title: title.trim(), expires_at, uses: whole ? ['all'] : uses, types: choosable ? types : [] };
      const { token } = await api.post<{ token: string }>(user ? `/tokens?user=${user}` : '/tokens', body);
      setMade(token);
      await onMade();
    },
    () => {},
  );
  const { values, put, errors } = form;
  const choosable =
    !values.whole && values.uses.length > 0 && values.uses.every((use) => use === 'read' || use === 'write');
  const toggle = (list: string[], one: string) =>
    list.includes(one) ? list.filter((each) => each !== one) : [...list, one];
  if (made) {
    return (
      <Dialog title={t('Токен готов')} onClose={onClose} size={520}>
        <CopyBox label={t('Сохраните его сейчас, больше он не покажется')} text={made} />
        <DialogFoot>
          <Button look="pri" onClick={onClose}>
            {t('Готово')}
          </Button>
        </DialogFoot>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('Новый токен')} onClose={onClose} size={520}>
      <form
        className="col g14"
        onSubmit={(event) => {
          event.stopPropagation(); // the dialog may stand in another form
          void form.submit(event);
        }}
      >
        <div className="pair">
          <FormField label={t('Для чего токен')} error={errors.title}>
            <input
              className="input"
              required
              data-autofocus
              placeholder={t('Например, «Отчёты»')}
              value={values.title}
              onChange={(event) => put({ title: event.target.value })}
            />
          </FormField>
          <FormField label={t('Срок')} error={errors.expires_at}>
            <select className="input" value={values.days} onChange={(event) => put({ days: event.target.value })}>
              {[7, 30, 90, 365].map((days) => (
                <option key={days} value={days}>
                  {days === 365
                    ? t('год')
                    : t('{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}', { n: days })}
                </option>
              ))}
              {isAdmin(me) && <option value="never">{t('бессрочный')}</option>}
            </select>
          </FormField>
        </div>
        <fieldset className="uses">
          <legend className="label">{t('Что ему можно')}</legend>
          {limited.map((use) => (
            <label key={use}>
              <input
                type="checkbox"
                checked={values.whole || values.uses.includes(use)}
                disabled={values.whole}
                onChange={() => put({ uses: toggle(values.uses, use) })}
              />
              {usesTitle(use)}
            </label>
          ))}
          <label>
            <input type="checkbox" checked={values.whole} onChange={() => put({ whole: !values.whole })} />
            {usesTitle('all')}
          </label>
        </fieldset>
        {choosable && (
          <fieldset className="uses">
            <legend className="label">{t('Только эти записи (ни одной не отметить: все)')}</legend>
            <div className="row wrap g14">
              {types.map((type) => (
                <label key={type.code}>
                  <input
                    type="checkbox"
                    checked={values.types.includes(type.code)}
                    onChange={() => put({ types: toggle(values.types, type.code) })}
                  />
                  {pluralOf(type)}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        {(errors[''] || errors.uses || errors.types) && (
          <div className="hint danger" role="alert">
            {errors[''] || errors.uses || errors.types}
          </div>
        )}
        <p className="hint">{t('Больше, чем его владельцу, токену не будет можно никогда')}</p>
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy} disabled={!values.whole && !values.uses.length}>
            {t('Создать')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
