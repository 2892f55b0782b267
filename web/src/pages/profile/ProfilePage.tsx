import { useEffect } from 'react';
import { may, useMe } from '~/entities/session/session.ts';
import { setSound, soundOn } from '~/features/arrival/tone.ts';
import { roleTitle, useLogout, useOwnSettings } from '~/features/session/own.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { InlineField } from '~/ui/InlineField.tsx';
import { type Density, type Theme, useLook } from '~/ui/look.ts';
import { TopBar } from '~/ui/TopBar.tsx';
import { toast } from '~/ui/toasts.ts';
import { NotificationsPanel } from './NotificationsPanel.tsx';
import { SecurityPanel } from './SecurityPanel.tsx';
import { SessionsPanel } from './SessionsPanel.tsx';
import { TokensPanel } from './TokensPanel.tsx';

const zones = () =>
  (Intl as unknown as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.('timeZone') ?? [];

/** Oneself: name, language, zone, look, password, devices, tokens. */
export function ProfilePage() {
  const me = useMe();
  const look = useLook();
  const change = useOwnSettings();
  const logout = useLogout();
  useEffect(() => {
    document.title = `${t('Профиль')} · Voronka`;
  }, []);
  const set = (settings: Parameters<typeof change>[0]) =>
    void change(settings).catch((error) => toast({ kind: 'error', text: t('Не сохранено'), detail: errorText(error) }));
  return (
    <main className="sheet">
      <TopBar
        end={
          <Button icon="logout" onClick={() => void logout()}>
            {t('Выйти')}
          </Button>
        }
      >
        <h1>{t('Профиль')}</h1>
      </TopBar>
      <div className="body scroll page read">
        <section className="panel" aria-label={t('Вы')}>
          <header>
            <Avatar id={me.id} name={me.name} silent />
            <h2 className="panel-title">{me.name}</h2>
            <span className="t3 people-n">{roleTitle(me.role)}</span>
          </header>
          <dl className="in" data-inline-group>
            <div className="f">
              <dt>{t('Имя и фамилия')}</dt>
              <dd>
                <InlineField
                  label={t('Имя и фамилия')}
                  value={me.name}
                  display={(value) => value}
                  editor={({ value, onChange, inputProps }) => (
                    <input
                      {...inputProps}
                      className="input"
                      value={value}
                      onChange={(event) => onChange(event.target.value)}
                    />
                  )}
                  onSave={(name) => change({ name })}
                />
              </dd>
            </div>
            <div className="f">
              <dt>{t('Почта')}</dt>
              <dd>{me.email}</dd>
            </div>
            <div className="f">
              <dt id="own-zone">{t('Часовой пояс')}</dt>
              <dd>
                <select
                  className="input fit"
                  aria-labelledby="own-zone"
                  value={me.zone}
                  onChange={(event) => set({ zone: event.target.value })}
                >
                  {[...new Set([me.zone, ...zones()])].filter(Boolean).map((zone) => (
                    <option key={zone}>{zone}</option>
                  ))}
                </select>
              </dd>
            </div>
            <div className="f">
              <dt id="own-language">{t('Язык')}</dt>
              <dd>
                <select
                  className="input fit"
                  aria-labelledby="own-language"
                  value={me.language}
                  onChange={(event) => set({ language: event.target.value as 'ru' | 'en' })}
                >
                  <option value="ru">Русский</option>
                  <option value="en">English</option>
                </select>
              </dd>
            </div>
            <div className="f">
              <dt id="own-theme">{t('Тема')}</dt>
              <dd>
                <select
                  className="input fit"
                  aria-labelledby="own-theme"
                  value={look.theme}
                  onChange={(event) => set({ theme: event.target.value as Theme })}
                >
                  <option value="auto">{t('Как в системе')}</option>
                  <option value="light">{t('Светлая')}</option>
                  <option value="dark">{t('Тёмная')}</option>
                </select>
              </dd>
            </div>
            <div className="f">
              <dt id="own-density">{t('Плотность')}</dt>
              <dd>
                <select
                  className="input fit"
                  aria-labelledby="own-density"
                  value={look.density}
                  onChange={(event) => set({ density: event.target.value as Density })}
                >
                  <option value="compact">{t('Плотно')}</option>
                  <option value="comfortable">{t('Свободно')}</option>
                </select>
              </dd>
            </div>
            <div className="f">
              <dt>{t('Звук')}</dt>
              <dd>
                <label className="row g8">
                  <input
                    type="checkbox"
                    defaultChecked={soundOn()}
                    onChange={(event) => setSound(event.target.checked)}
                  />
                  {t('Звук, когда приходит обращение')}
                </label>
              </dd>
            </div>
          </dl>
        </section>
        <NotificationsPanel />
        <SecurityPanel />
        <SessionsPanel />
        {may(me, 'tokens') && <TokensPanel />}
      </div>
    </main>
  );
}
