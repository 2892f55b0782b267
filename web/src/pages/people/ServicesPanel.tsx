import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Me, User } from '~/api/types.ts';
import { servicesQuery } from '~/entities/account/account.ts';
import { roleTitle } from '~/features/session/own.ts';
import { TokenList } from '~/features/session/TokenList.tsx';
import { t } from '~/i18n/index.ts';
import { Badge } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { toast } from '~/ui/toasts.ts';
import { useForm } from '~/ui/useForm.ts';

/** Programs with an account of their own; they come in by tokens only. */
export function ServicesPanel() {
  const { data } = useQuery(servicesQuery);
  const [chosen, setChosen] = useState<User | 'new' | null>(null);
  return (
    <section className="panel" aria-label={t('Программы')}>
      <header>
        <h2 className="panel-title">{t('Программы')}</h2>
        <Button small icon="plus" className="push" onClick={() => setChosen('new')}>
          {t('Программа')}
        </Button>
      </header>
      <ul className="lines">
        {data?.map((service) => (
          <li key={service.id}>
            <button type="button" className="pick" onClick={() => setChosen(service)}>
              <Icon name="key" />
              <span className="grow m ell me-name">{service.name}</span>
              {service.active ? (
                <span className="f12 t2">{roleTitle(service.role)}</span>
              ) : (
                <Badge>{t('выключена')}</Badge>
              )}
            </button>
          </li>
        ))}
        {data && !data.length && (
          <li className="f12 t3">
            {t('1С, сайт и другие программы лучше пускать не от имени человека: он уйдёт, а обмен встанет')}
          </li>
        )}
      </ul>
      {chosen && <ServiceDialog service={chosen === 'new' ? undefined : chosen} onClose={() => setChosen(null)} />}
    </section>
  );
}

function ServiceDialog({ service: first, onClose }: { service?: User; onClose: () => void }) {
  const client = useQueryClient();
  const [service, setService] = useState(first);
  const reload = () => client.invalidateQueries({ queryKey: servicesQuery.queryKey });
  const form = useForm(
    { name: service?.name ?? '', role: service?.role ?? ('manager' as Me['role']) },
    async (values) => {
      if (service) await api.patch<User>(`/service-accounts/${service.id}`, values);
      else setService(await api.post<User>('/service-accounts', values));
      await reload();
    },
    () => {
      if (!service) return;
      onClose();
      toast({ text: t('Сохранено') });
    },
  );
  const { values, put, errors } = form;
  const setActive = async (active: boolean) => {
    try {
      await api.patch(`/service-accounts/${service!.id}`, { active });
      await reload();
      onClose();
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось'), detail: errorText(error) });
    }
  };
  return (
    <Dialog title={service?.name ?? t('Новая программа')} onClose={onClose} size={560}>
      <form className="col g12" onSubmit={form.submit}>
        <div className="pair">
          <FormField label={t('Название')} error={errors.name}>
            <input
              className="input"
              required
              data-autofocus
              placeholder={t('Например, «Обмен с 1С»')}
              value={values.name}
              onChange={(event) => put({ name: event.target.value })}
            />
          </FormField>
          <FormField label={t('Роль')} error={errors.role}>
            <select
              className="input"
              value={values.role}
              onChange={(event) => put({ role: event.target.value as Me['role'] })}
            >
              {(['manager', 'employee', 'admin'] as const).map((role) => (
                <option key={role} value={role}>
                  {roleTitle(role)}
                </option>
              ))}
            </select>
          </FormField>
        </div>
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        {service?.active && (
          <div className="access-box">
            <TokenList user={service.id} />
          </div>
        )}
        <DialogFoot>
          {service && (
            <Button look={service.active ? 'redline' : ''} onClick={() => void setActive(!service.active)}>
              {service.active ? t('Выключить') : t('Включить')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Закрыть')}</Button>
          <Button look="pri" type="submit" busy={form.busy}>
            {service ? t('Сохранить') : t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
