import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icons.ts';

interface Props {
  icon: IconName;
  title: string;
  /** Why there is nothing: no data, a filter, no rights. */
  why?: ReactNode;
  /** The one way out. */
  action?: ReactNode;
}

/** Says why a place is empty and offers one thing to do. */
export function EmptyState({ icon, title, why, action }: Props) {
  return (
    <div className="empty">
      <span className="empty-sign">
        <Icon name={icon} />
      </span>
      <h2 className="f14 b">{title}</h2>
      {why && <p className="t2">{why}</p>}
      {action}
    </div>
  );
}
