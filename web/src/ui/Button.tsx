import type { ComponentProps, ReactNode } from 'react';
import { keyName } from './actions.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icons.ts';

interface Props extends ComponentProps<'button'> {
  look?: 'pri' | 'red' | 'redline' | 'ghost' | '';
  small?: boolean;
  icon?: IconName;
  /** A shortcut written on the button. */
  hotkey?: string;
  busy?: boolean;
  children?: ReactNode;
}

/** A button; with an icon and no text it needs an `aria-label`. */
export function Button({ look = '', small, icon, hotkey, busy, className = '', children, ...rest }: Props) {
  const bare = !children;
  return (
    <button
      type="button"
      {...rest}
      title={rest.title ?? (bare ? rest['aria-label'] : undefined)}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
      className={`btn ${look} ${small ? 'sm' : ''} ${bare ? 'ico' : ''} ${className}`}
    >
      {busy ? <span className="spin" aria-hidden="true" /> : icon && <Icon name={icon} small={small || !bare} />}
      {children}
      {hotkey && <span className="kbd only-d">{keyName(hotkey)}</span>}
    </button>
  );
}
