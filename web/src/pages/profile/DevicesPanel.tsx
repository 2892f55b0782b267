import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { api } from '~/api/client.ts';
import { devicesQuery, type PushDevice } from '~/entities/notice/notice.ts';
import { disablePush, enablePush, type PushState, pushState } from '~/features/notices/push.ts';
import { install } from '~/features/notices/worker.ts';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import { deviceOf } from './SessionsPanel.tsx';

/** Which devices are pushed to, and this one among them. The browser asks for leave only after a click here. */
export function DevicesPanel() {
  const client = useQueryClient();
  const { data: devices } = useQuery(devicesQuery);
  const [state, setState] = useState<PushState>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let gone = false;
    if (devices) void pushState(devices).then((now) => gone || setState(now));
    return () => {
      gone = true;
    };
  }, [devices]);
  const reload = () => client.invalidateQueries({ queryKey: devicesQuery.queryKey });
  const act = async (run: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await run();
    } catch (reason) {
      toast({ kind: 'error', text: t('Не получилось'), detail: errorText(reason) });
    } finally {
      await reload();
      if (devices) setState(await pushState(client.getQueryData(devicesQuery.queryKey) ?? devices));
      setBusy(false);
    }
  };
  const off = async () => {
    const endpoint = await disablePush();
    const here = devices?.find((device) => device.endpoint === endpoint);
    if (here) await api.delete(`/push/subscriptions/${here.id}`);
  };
  return (
    <div className="in form">
      <div className="row wrap push-row">
        <span className="grow">{words(state)}</span>
        {state === 'off' && (
          <Button look="pri" icon="bell" busy={busy} onClick={() => void act(enablePush)}>
            {t('Включить на этом устройстве')}
          </Button>
        )}
        {state === 'on' && (
          <Button busy={busy} onClick={() => void act(off)}>
            {t('Выключить на этом устройстве')}
          </Button>
        )}
      </div>
      <InstallHint />
      {!!devices?.length && (
        <ul className="lines push-devices" aria-label={t('Подключённые устройства')}>
          {devices.map((device) => (
            <Device key={device.id} device={device} onRemoved={reload} />
          ))}
        </ul>
      )}
    </div>
  );
}

function words(state: PushState | undefined): string {
  switch (state) {
    case 'on':
      return t('Это устройство получает уведомления, даже когда Voronka закрыта');
    case 'off':
      return t('Это устройство уведомлений не получает');
    case 'denied':
      return t('Браузер запретил уведомления этому сайту. Разрешите их в настройках сайта');
    case 'unable':
      return t(
        'Этот браузер не умеет получать уведомления: нужен https и современный браузер, на iPhone приложение на экране «Домой»',
      );
    default:
      return t('Проверяем это устройство…');
  }
}

function Device({ device, onRemoved }: { device: PushDevice; onRemoved: () => Promise<unknown> }) {
  const name = deviceOf(device.agent);
  const remove = async () => {
    try {
      await api.delete(`/push/subscriptions/${device.id}`);
      await onRemoved();
    } catch (reason) {
      toast({ kind: 'error', text: t('Не отключилось'), detail: errorText(reason) });
    }
  };
  return (
    <li>
      <span className="grow">
        <span className="m ell me-name">{name}</span>
        <span className="f12 t3 me-name">
          {device.used_at
            ? t('последнее уведомление {day}', { day: day(Date.parse(device.used_at)) })
            : t('подключено {day}', { day: day(Date.parse(device.created_at)) })}
        </span>
      </span>
      <Button small aria-label={t('Отключить {name}', { name })} onClick={() => void remove()}>
        {t('Отключить')}
      </Button>
    </li>
  );
}

/** How to put Voronka among the apps of the device, where that can be done and wasn't yet. */
function InstallHint() {
  const offered = useSyncExternalStore(install.subscribe, install.offered);
  if (matchMedia('(display-mode: standalone)').matches) return null;
  if (offered) {
    return (
      <div className="row wrap push-row">
        <span className="grow">{t('Voronka ставится как приложение: своя иконка и окно без вкладок')}</span>
        <Button icon="down" onClick={() => void install.run()}>
          {t('Установить')}
        </Button>
      </div>
    );
  }
  if (/iPhone|iPad/.test(navigator.userAgent)) {
    return (
      <p className="hint">
        {t('Чтобы получать уведомления, нажмите «Поделиться», затем «На экран „Домой“», и откройте Voronka оттуда')}
      </p>
    );
  }
  return null;
}
