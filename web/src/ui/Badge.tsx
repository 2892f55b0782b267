import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icons.ts';

/** What a badge tells: d late or broken, w soon or missing, k done, a by automation, c yours; none is plain. */
export type Tone = 'd' | 'w' | 'k' | 'a' | 'c' | '';

/** One thing said in a few words. */
export function Badge({ tone = '', icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`badge ${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
