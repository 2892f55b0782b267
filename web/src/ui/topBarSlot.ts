import { createContext, type ReactNode } from 'react';

/** What the shell puts into the bar at the top of every page: the bell. */
export const TopBarSlot = createContext<ReactNode>(null);
