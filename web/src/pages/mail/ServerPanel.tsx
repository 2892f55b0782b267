import { useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';
import { type MailSettings, mailQuery } from './mail.ts';

const ports = { starttls: 587, tls: 465, none: 25 };

/** The server letters leave by. Nothing is sent without protection unless the administrator says so. */
export function ServerPanel({ settings }: { settings: MailSettings }) {
  const client = useQueryClient();
  const { has_password, queue, ...first } = settings;
  const form = useForm(
    { ...first, address: first.address || location.origin, password: '' },
    async ({ password, ...values }) => {
      const after = await api.patch<MailSettings>('/mail-settings', password ? { ...values, password } : values);
      client.setQueryData(mailQuery.queryKey, after);
    },
    () => {
      form.put({ password: '' });
      toast({ text: t('Настройки почты сохранены') });
    },
  );
  const { values, put, errors } = form;
  return (
    <section className="panel" aria-label={t('Почтовый сервер')}>
      <header>
        <h2 className="panel-title">{t('Почтовый сервер')}</h2>
        {settings.active ? <Badge tone="k">{t('письма уходят')}</Badge> : <Badge>{t('выключено')}</Badge>}
      </header>
      <form className="in form" onSubmit={form.submit}>
        <p className="t2">
          {t('По нему уходят письма сотрудникам и клиентам. Данные даёт ваш почтовый провайдер, раздел SMTP')}
        </p>
        <div className="pair">
          <FormField label={t('Сервер')} error={errors.host}>
            <input
              className="input"
              value={values.host}
              placeholder="smtp.example.com"
              autoCapitalize="off"
              spellCheck={false}
              onChange={(event) => put({ host: event.target.value })}
            />
          </FormField>
          <FormField label={t('Порт')} error={errors.port}>
            <input
              className="input"
              type="number"
              min={1}
              max={65535}
              required
              value={values.port}
              onChange={(event) => put({ port: Number(event.target.value) })}
            />
          </FormField>
        </div>
        <FormField label={t('Защита соединения')} error={errors.security}>
          <select
            className="input"
            value={values.security}
            onChange={(event) => {
              const security = event.target.value as MailSettings['security'];
              put({ security, port: values.port === ports[values.security] ? ports[security] : values.port });
            }}
          >
            <option value="starttls">{t('STARTTLS, обязательно')}</option>
            <option value="tls">{t('TLS с первого байта')}</option>
            <option value="none">{t('Без защиты, только для сервера в своей сети')}</option>
          </select>
        </FormField>
        {values.security !== 'none' && (
          <div className="pair">
            <FormField label={t('Имя на сервере')} error={errors.user}>
              <input
                className="input"
                autoComplete="off"
                value={values.user}
                onChange={(event) => put({ user: event.target.value })}
              />
            </FormField>
            <FormField
              label={t('Пароль')}
              error={errors.password}
              hint={has_password ? t('Сохранён. Для другого сервера или имени введите заново') : undefined}
            >
              <input
                className="input"
                type="password"
                autoComplete="new-password"
                value={values.password}
                placeholder={has_password ? '••••••••' : ''}
                onChange={(event) => put({ password: event.target.value })}
              />
            </FormField>
          </div>
        )}
        <div className="pair">
          <FormField label={t('Адрес отправителя')} error={errors.from}>
            <input
              className="input"
              type="email"
              value={values.from}
              placeholder="crm@example.com"
              onChange={(event) => put({ from: event.target.value })}
            />
          </FormField>
          <FormField label={t('Имя отправителя')} error={errors.from_name}>
            <input
              className="input"
              value={values.from_name}
              onChange={(event) => put({ from_name: event.target.value })}
            />
          </FormField>
        </div>
        <FormField label={t('Адрес портала в письмах')} error={errors.address}>
          <input
            className="input"
            type="url"
            value={values.address}
            onChange={(event) => put({ address: event.target.value })}
          />
        </FormField>
        <label className="row">
          <input type="checkbox" checked={values.active} onChange={(event) => put({ active: event.target.checked })} />
          {t('Отправлять письма')}
        </label>
        {errors[''] && (
          <p className="hint danger" role="alert">
            {errors['']}
          </p>
        )}
        <div className="row">
          <Button look="pri" type="submit" busy={form.busy}>
            {t('Сохранить')}
          </Button>
        </div>
      </form>
    </section>
  );
}
