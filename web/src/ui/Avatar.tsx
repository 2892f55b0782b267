import { initials } from '~/i18n/format.ts';

/** One of the ten stage colours for a person, the same on every screen. */
export function personColor(id: number): number {
  return ((id * 7) % 10) + 1;
}

interface Props {
  id: number;
  name: string;
  size?: 'l' | 'xl';
  /** The person is looking at this now. */
  live?: boolean;
  /** The name stands beside it already. */
  silent?: boolean;
}

/** A person as a disc with initials. */
export function Avatar({ id, name, size, live, silent }: Props) {
  const color = personColor(id);
  return (
    <span
      className={['av', size, live && 'live'].filter(Boolean).join(' ')}
      style={{ background: `var(--stage-${color}-soft)`, color: `var(--stage-${color}-text)` }}
      {...(silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name, title: name })}
    >
      {initials(name)}
    </span>
  );
}
