import type { IconName } from '~/ui/icons.ts';

/** A page as menus and the palette name it. */
export interface Place {
  title: string;
  where: string;
  href: string;
  icon: IconName;
  words?: string;
}

const typeIcons: Record<string, IconName> = {
  lead: 'inbox',
  deal: 'funnel',
  contact: 'user',
  company: 'building',
  activity: 'check-sq',
};

/** The sign of a record type. */
export function typeIcon(code: string): IconName {
  return typeIcons[code] ?? 'list';
}
