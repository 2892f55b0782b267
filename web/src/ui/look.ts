import { useSyncExternalStore } from 'react';

export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'compact' | 'comfortable';

const listeners = new Set<() => void>();
const dark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');

function read(key: string, fallback: string): string {
  return localStorage.getItem(`voronka.${key}`) ?? fallback;
}

/** The theme as chosen: by the system, light or dark. */
export function themeChoice(): Theme {
  return read('theme', 'auto') as Theme;
}

/** How closely rows and cards stand. */
export function density(): Density {
  return read('density', 'compact') as Density;
}

/** Puts the chosen look on the page and keeps it for the next start. */
export function setLook(look: { theme?: Theme; density?: Density }): void {
  if (look.theme) localStorage.setItem('voronka.theme', look.theme);
  if (look.density) localStorage.setItem('voronka.density', look.density);
  apply();
}

function apply(): void {
  const root = document.documentElement;
  const choice = themeChoice();
  root.setAttribute(
    'data-mantine-color-scheme',
    choice === 'dark' || (choice === 'auto' && dark?.matches) ? 'dark' : 'light',
  );
  root.setAttribute('data-density', density());
  for (const listener of listeners) listener();
}

dark?.addEventListener('change', apply);

/** The look as a hook. */
export function useLook(): { theme: Theme; density: Density } {
  const key = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => `${themeChoice()} ${density()}`,
  );
  const [theme, dense] = key.split(' ') as [Theme, Density];
  return { theme, density: dense };
}
