import type { Condition } from './condition.ts';

/** What the address of a board or list keeps. */
export interface ViewSearch {
  view?: 'board' | 'list';
  pipeline?: string;
  /** The quick view: mine, nostep, late. */
  tab?: string;
  where?: Condition[];
  sort?: string;
  /** The stage a phone shows. */
  stage?: string;
}

/** The quick views every type with stages has; more are made of filters. */
export const TABS = ['all', 'mine', 'nostep', 'late'] as const;
export type Tab = (typeof TABS)[number];

/** The condition behind a quick view. */
export function tabCondition(tab: Tab): string {
  switch (tab) {
    case 'mine':
      return 'responsible = me';
    case 'nostep':
      return 'is empty(next_at)';
    case 'late':
      return 'next_at < now()';
    default:
      return '';
  }
}
