import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { may, useMe, usePortal } from '~/entities/session/session.ts';
import { settingsOf } from '~/features/places/places.ts';
import { t } from '~/i18n/index.ts';
import { Icon } from '~/ui/Icon.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { PortalPanel } from './PortalPanel.tsx';

/** The settings the person may open, by name. */
export function SettingsPage() {
  const me = useMe();
  const portal = usePortal();
  useEffect(() => {
    document.title = `${t('Настройки')} · Voronka`;
  }, []);
  return (
    <main className="sheet">
      <TopBar>
        <h1>{t('Настройки')}</h1>
      </TopBar>
      <div className="body scroll page">
        <div className="tiles">
          {settingsOf(me).map((place) => (
            <Link key={place.href} to={place.href} className="panel tile">
              <Icon name={place.icon} />
              <span>
                <b className="m">{place.title}</b>
                <span className="f12 t3 me-name">{place.where.split(', ')[1]}</span>
              </span>
            </Link>
          ))}
        </div>
        {may(me, 'portal') && <PortalPanel portal={portal} />}
      </div>
    </main>
  );
}
