import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import { type NoticeChoice, type NoticeSettings, noticeSettingsQuery } from '~/entities/notice/notice.ts';
import { setSound, soundOn } from '~/features/notices/sound.ts';
import { t } from '~/i18n/index.ts';
import { ErrorNote, errorText } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { toast } from '~/ui/toasts.ts';
import { useNarrow } from '~/ui/useNarrow.ts';
import { DevicesPanel } from './DevicesPanel.tsx';
import './notifications.css';

type Way = 'toast' | 'browser' | 'push' | 'email' | 'quiet';

const ways = (): { way: Way; title: string; about: string }[] => [
  { way: 'toast', title: t('На странице'), about: t('Сообщение внизу открытой страницы') },
  { way: 'browser', title: t('Браузер'), about: t('Уведомление браузера, когда страница открыта, но не видна') },
  {
    way: 'push',
    title: t('Устройства'),
    about: t('Уведомление на подключённых устройствах, даже когда Voronka закрыта'),
  },
  { way: 'email', title: t('Почта'), about: t('Письмо') },
  {
    way: 'quiet',
    title: t('Тихо вне работы'),
    about: t('Вне рабочего времени только в списке, остальное одним сообщением в начале дня'),
  },
];

/** How the person is told of what. The list under the bell has everything. */
export function NotificationsPanel() {
  const client = useQueryClient();
  const narrow = useNarrow();
  const { data, error, isPending, refetch } = useQuery(noticeSettingsQuery);
  const [sound, setOn] = useState(soundOn);
  const hash = useRouterState({ select: (state) => state.location.hash });
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (hash === 'notifications' && data) box.current?.scrollIntoView({ block: 'start' });
  }, [hash, data]);
  const set = async (kind: string, way: Way, on: boolean) => {
    const put = (value: boolean) =>
      client.setQueryData<NoticeSettings>(noticeSettingsQuery.queryKey, (old) =>
        old ? { ...old, items: old.items.map((item) => (item.kind === kind ? { ...item, [way]: value } : item)) } : old,
      );
    put(on);
    try {
      await api.patch('/notification-settings', { items: [{ kind, [way]: on }] });
    } catch (reason) {
      put(!on);
      toast({ kind: 'error', text: t('Не сохранено'), detail: errorText(reason) });
    }
  };
  const shown = ways().filter(({ way }) => way !== 'email' || data?.email);
  const check = (item: NoticeChoice, way: Way, title: string) => (
    <input
      type="checkbox"
      id={`${item.kind}-${way}`}
      aria-label={`${item.title}: ${title}`}
      checked={item[way]}
      disabled={way === 'email' && item.no_email}
      onChange={(event) => void set(item.kind, way, event.target.checked)}
    />
  );
  return (
    <section className="panel" id="notifications" ref={box} aria-label={t('Уведомления')}>
      <header>
        <h2 className="panel-title">{t('Уведомления')}</h2>
      </header>
      <DevicesPanel />
      {isPending && <SkeletonRows rows={6} />}
      {error && <ErrorNote title={t('Настройки не загрузились')} error={error} retry={() => void refetch()} />}
      {data && !narrow && (
        <div className="t-wrap">
          <table className="t ways">
            <thead>
              <tr>
                <th scope="col">{t('О чём')}</th>
                {shown.map(({ way, title, about }) => (
                  <th key={way} scope="col" title={about}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((item) => (
                <tr key={item.kind}>
                  <th scope="row">{item.title}</th>
                  {shown.map(({ way, title }) => (
                    <td key={way}>{check(item, way, title)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data && narrow && (
        <ul className="ways-list">
          {data.items.map((item) => (
            <li key={item.kind}>
              <div className="m">{item.title}</div>
              <div className="ways-row">
                {shown.map(({ way, title }) => (
                  <span key={way}>
                    {check(item, way, title)}
                    <label htmlFor={`${item.kind}-${way}`}>{title}</label>
                  </span>
                ))}
              </div>
            </li>
          ))}
        </ul>
      )}
      {data && (
        <div className="in ways-foot">
          <label>
            <input
              type="checkbox"
              checked={sound}
              onChange={(event) => {
                setSound(event.target.checked);
                setOn(event.target.checked);
              }}
            />
            {t('Звук, когда вам предлагают обращение (в этом браузере)')}
          </label>
          <p className="hint">
            {t(
              'Список под колокольчиком есть всегда. «Тихо вне работы» придерживает браузер, устройства и почту до вашего рабочего времени',
            )}
          </p>
        </div>
      )}
    </section>
  );
}
