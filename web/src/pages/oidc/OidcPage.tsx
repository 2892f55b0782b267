import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '~/api/client.ts';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';

interface Settings {
  active: boolean;
  issuer: string;
  client_id: string;
  has_secret: boolean;
  title: string;
  create: boolean;
  role: string;
  domains: string[];
  redirect: string;
}

const settingsQuery = queryOptions({
  queryKey: ['oidc-settings'],
  queryFn: ({ signal }) => api.get<Settings>('/oidc-settings', undefined, signal),
});

/** Through which provider people sign in. */
export function OidcPage() {
  const { data, error, isPending, refetch } = useQuery(settingsQuery);
  useEffect(() => {
    document.title = `${t('Вход через провайдера')} · Voronka`;
  }, []);
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Вход через провайдера')}</h1>
      </TopBar>
      <div className="body scroll page read">
        {isPending && <SkeletonRows rows={8} />}
        {error && <ErrorNote title={t('Настройки не загрузились')} error={error} retry={() => void refetch()} />}
        {data && <Form settings={data} />}
      </div>
    </main>
  );
}

function Form({ settings }: { settings: Settings }) {
  const client = useQueryClient();
  const { has_secret, redirect, domains, ...first } = settings;
  const form = useForm(
    { ...first, domains: domains.join(', '), secret: '' },
    async ({ secret, ...values }) => {
      const list = values.domains.split(/[\s,;]+/).filter(Boolean);
      const after = await api.patch<Settings>('/oidc-settings', {
        ...values,
        domains: list,
        ...(secret && { secret }),
      });
      client.setQueryData(settingsQuery.queryKey, after);
    },
    () => {
      form.put({ secret: '' });
      toast({ text: t('Вход через провайдера сохранён') });
    },
  );
  const { values, put, errors } = form;
  const line = (
    name: 'issuer' | 'client_id' | 'title' | 'domains',
    label: string,
    more: { placeholder?: string; hint?: string } = {},
  ) => (
    <FormField label={label} error={errors[name]} hint={more.hint}>
      <input
        className="input"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={more.placeholder}
        value={values[name]}
        onChange={(event) => put({ [name]: event.target.value } as Partial<typeof values>)}
      />
    </FormField>
  );
  return (
    <section className="panel" aria-label={t('Вход через провайдера')}>
      <header>
        <h2 className="panel-title">OpenID Connect</h2>
        {settings.active ? <Badge tone="k">{t('включено')}</Badge> : <Badge>{t('выключено')}</Badge>}
      </header>
      <form className="in form" onSubmit={form.submit}>
        <p className="t2">
          {t(
            'Сотрудники входят учётной записью компании: Keycloak, Google Workspace и другие. Второй шаг спрашивает провайдер, портал его не повторяет',
          )}
        </p>
        <CopyBox
          label={t('Адрес возврата: его вносят у провайдера')}
          text={redirect.startsWith('/') ? location.origin + redirect : redirect}
        />
        {line('issuer', t('Адрес провайдера (issuer)'), { placeholder: 'https://id.example.com/realms/company' })}
        <div className="pair">
          {line('client_id', 'Client ID')}
          <FormField
            label="Client secret"
            error={errors.secret}
            hint={has_secret ? t('Сохранён. Для другого провайдера введите заново') : undefined}
          >
            <input
              className="input"
              type="password"
              autoComplete="new-password"
              value={values.secret}
              placeholder={has_secret ? '••••••••' : ''}
              onChange={(event) => put({ secret: event.target.value })}
            />
          </FormField>
        </div>
        {line('title', t('Надпись на кнопке входа'), { placeholder: t('Войти через компанию') })}
        <label className="row">
          <input type="checkbox" checked={values.create} onChange={(event) => put({ create: event.target.checked })} />
          {t('Заводить учётные записи тем, кого ещё нет')}
        </label>
        {values.create && (
          <div className="pair">
            {line('domains', t('Почтовые домены'), {
              placeholder: 'example.com',
              hint: t('Только подтверждённая почта в этих доменах'),
            })}
            <FormField label={t('Роль новых')} error={errors.role}>
              <select className="input" value={values.role} onChange={(event) => put({ role: event.target.value })}>
                <option value="head">{t('Руководитель')}</option>
                <option value="manager">{t('Менеджер')}</option>
                <option value="employee">{t('Сотрудник')}</option>
                <option value="guest">{t('Гость')}</option>
              </select>
            </FormField>
          </div>
        )}
        <label className="row">
          <input type="checkbox" checked={values.active} onChange={(event) => put({ active: event.target.checked })} />
          {t('Показывать кнопку на странице входа')}
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
