import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import { type SecondFactor, secondFactorQuery } from '~/entities/account/account.ts';
import { meQuery, useMe } from '~/entities/session/session.ts';
import { FactorSetup } from '~/features/login/FactorSetup.tsx';
import { RecoveryCodes } from '~/features/login/RecoveryCodes.tsx';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { NewPassword } from '~/ui/NewPassword.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';

type Task = 'password' | 'setup' | 'codes' | 'off';

/** How one signs in: the password and the second step. */
export function SecurityPanel() {
  const me = useMe();
  const { data: factor } = useQuery(secondFactorQuery);
  const [task, setTask] = useState<Task | null>(null);
  const close = () => setTask(null);
  return (
    <section className="panel" aria-label={t('Вход и защита')}>
      <header>
        <h2 className="panel-title">{t('Вход и защита')}</h2>
      </header>
      <ul className="lines">
        <li>
          <span className="grow">
            <span className="m me-name">{t('Пароль')}</span>
            <span className="f12 t3 me-name">
              {me.change_password
                ? t('Его знает тот, кто его выдал. Смените на свой')
                : t('Когда вы его меняете, остальные устройства выходят')}
            </span>
          </span>
          <Button small look={me.change_password ? 'pri' : ''} onClick={() => setTask('password')}>
            {t('Сменить пароль')}
          </Button>
        </li>
        {factor && (
          <li className="wrap">
            <span className="grow">
              <span className="row g8">
                <span className="m">{t('Второй шаг входа')}</span>
                {factor.on && <Badge tone="c">{t('включён')}</Badge>}
              </span>
              <span className="f12 t3 me-name">{about(factor)}</span>
            </span>
            {factor.on ? (
              <span className="row wrap g6">
                <Button small onClick={() => setTask('codes')}>
                  {t('Новые коды')}
                </Button>
                {!factor.needed && (
                  <Button small look="redline" onClick={() => setTask('off')}>
                    {t('Выключить')}
                  </Button>
                )}
              </span>
            ) : (
              <Button small look="pri" onClick={() => setTask('setup')}>
                {t('Включить')}
              </Button>
            )}
          </li>
        )}
      </ul>
      {task === 'password' && <PasswordDialog onClose={close} />}
      {task === 'setup' && (
        <Dialog title={t('Второй шаг входа')} onClose={close} size={560}>
          <FactorSetup onDone={close} />
        </Dialog>
      )}
      {(task === 'codes' || task === 'off') && factor && <ProofDialog task={task} factor={factor} onClose={close} />}
    </section>
  );
}

function about(factor: SecondFactor): string {
  if (!factor.on) return t('После пароля спросим код с вашего телефона: одного пароля вору не хватит');
  const since = factor.since ? t('с {day}', { day: day(Date.parse(factor.since)) }) : '';
  return [
    since,
    t(
      '{n, plural, one {# код восстановления} few {# кода восстановления} many {# кодов восстановления} other {# кода восстановления}}',
      { n: factor.codes_left },
    ),
  ]
    .filter(Boolean)
    .join(' · ');
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const me = useMe();
  const form = useForm(
    { old: '', password: '' },
    async (values) => {
      await api.post('/me/password', values, { keepSession: true });
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
    () => {
      onClose();
      toast({ text: t('Пароль сменён') });
    },
  );
  return (
    <Dialog title={t('Сменить пароль')} onClose={onClose}>
      <form className="col g14" onSubmit={form.submit}>
        <input type="text" hidden readOnly autoComplete="username" value={me.email} />
        <FormField label={t('Пароль сейчас')} error={form.errors.old}>
          <input
            className="input"
            type="password"
            required
            data-autofocus
            autoComplete="current-password"
            value={form.values.old}
            onChange={(event) => form.put({ old: event.target.value })}
          />
        </FormField>
        <NewPassword
          value={form.values.password}
          email={me.email}
          error={form.errors.password}
          onChange={(password) => form.put({ password })}
        />
        {form.errors[''] && (
          <div className="hint danger" role="alert">
            {form.errors['']}
          </div>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {t('Сменить пароль')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Asks for the password before the recovery codes are made anew or the second step is turned off. */
function ProofDialog({ task, factor, onClose }: { task: 'codes' | 'off'; factor: SecondFactor; onClose: () => void }) {
  const client = useQueryClient();
  const [codes, setCodes] = useState<string[]>();
  const off = task === 'off';
  const form = useForm(
    { password: '', code: '' },
    async (values) => {
      const proof = factor.password ? { password: values.password } : { code: values.code };
      const path = off ? '/me/second-factor/removal' : '/me/second-factor/codes';
      const made = await api.post<{ codes: string[] } | undefined>(path, proof, { keepSession: true });
      await client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
      if (made?.codes) setCodes(made.codes);
    },
    () => {
      if (!off) return;
      onClose();
      toast({ text: t('Второй шаг входа выключен') });
    },
  );
  const title = off ? t('Выключить второй шаг?') : t('Новые коды восстановления');
  if (codes) {
    return (
      <Dialog title={title} onClose={onClose} size={520}>
        <RecoveryCodes codes={codes} onDone={onClose} />
      </Dialog>
    );
  }
  const field = factor.password ? 'password' : 'code';
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="col g14" onSubmit={form.submit}>
        <p className="t2">
          {off
            ? t('Войти сможет каждый, кто узнает ваш пароль. Коды восстановления тоже перестанут действовать')
            : t('Прежние коды перестанут действовать')}
        </p>
        <FormField label={factor.password ? t('Пароль') : t('Код из приложения')} error={form.errors[field]}>
          <input
            className="input"
            type={factor.password ? 'password' : 'text'}
            required
            data-autofocus
            autoComplete={factor.password ? 'current-password' : 'one-time-code'}
            value={form.values[field]}
            onChange={(event) => form.put({ [field]: event.target.value })}
          />
        </FormField>
        {form.errors[''] && (
          <div className="hint danger" role="alert">
            {form.errors['']}
          </div>
        )}
        <DialogFoot>
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look={off ? 'redline' : 'pri'} type="submit" busy={form.busy}>
            {off ? t('Выключить') : t('Сделать новые')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
