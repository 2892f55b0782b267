import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Place } from '~/features/places/place.ts';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { MeMenu } from './MeMenu.tsx';

/** The bottom bar of a phone: four places at the thumb and everything else behind "Ещё". */
export function TabBar({ places }: { places: Place[] }) {
  const [more, setMore] = useState(false);
  return (
    <nav className="tabbar" aria-label={t('Главное меню')}>
      {places.slice(0, 4).map((place) => (
        <Link
          key={place.href}
          to={place.href}
          activeProps={{ className: 'on', 'aria-current': 'page' }}
          activeOptions={{ includeSearch: false }}
        >
          <Icon name={place.icon} />
          {place.title}
        </Link>
      ))}
      <button type="button" onClick={() => setMore(true)}>
        <Icon name="menu" />
        {t('Ещё')}
      </button>
      {more && (
        <Dialog title={t('Ещё')} onClose={() => setMore(false)}>
          <ul className="choices">
            {places.slice(4).map((place) => (
              <li key={place.href}>
                <Link to={place.href} className="choice" onClick={() => setMore(false)}>
                  <Icon name={place.icon} />
                  {place.title}
                </Link>
              </li>
            ))}
          </ul>
          <MeMenu />
        </Dialog>
      )}
    </nav>
  );
}
