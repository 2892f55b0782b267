import { type ReactNode, useContext } from 'react';
import { t } from '~/i18n/index.ts';
import { keyName, runAction } from './actions.ts';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { TopBarSlot } from './topBarSlot.ts';

interface Props {
  /** The title, or the way back of a card. */
  children: ReactNode;
  /** The one main button and what stands beside it. */
  end?: ReactNode;
}

/** The bar at the top of every page: where one is, the search, the main button. */
export function TopBar({ children, end }: Props) {
  const slot = useContext(TopBarSlot);
  return (
    <header className="topbar">
      {children}
      <div className="grow" />
      <button type="button" className="search only-d" onClick={() => runAction('palette')}>
        <Icon name="search" small />
        <span className="grow ell">{t('Найти или выполнить…')}</span>
        <span className="kbd">{keyName('mod+KeyK')}</span>
      </button>
      <Button
        look="ghost"
        icon="search"
        className="only-m"
        aria-label={t('Найти или выполнить…')}
        onClick={() => runAction('palette')}
      />
      {slot}
      {end}
      <Button look="ghost" icon="help" className="only-d" aria-label={t('Клавиши')} onClick={() => runAction('help')} />
    </header>
  );
}
