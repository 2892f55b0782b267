import { type IconName, icons } from './icons.ts';

/** A sign from the set. It is decoration: put a word beside it or an `aria-label` on the button around it. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg
      className={small ? 'i s' : 'i'}
      viewBox="0 0 16 16"
      aria-hidden="true"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: constant markup of our own icon set
      dangerouslySetInnerHTML={{ __html: icons[name] }}
    />
  );
}
