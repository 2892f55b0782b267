import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import { rememberSession } from '~/entities/session/session.ts';

export type As = 'owner' | 'head' | 'manager';

/** One of the people of the demo whose eyes one may look with. */
export interface Persona {
  as: As;
  user: number;
  name: string;
  position: string;
}

/** How the game stands; the states are those of the server. */
export interface Game {
  state: 'idle' | 'offered' | 'taken' | 'passed' | 'rescued' | 'gone';
  seconds: number;
  type?: string;
  record?: number;
  title?: string;
  offer?: number;
  offered_at?: string;
  due_at?: string;
  took?: number;
  incident?: number;
  next_step: boolean;
}

export interface Show {
  personas: Persona[];
  anna: Game;
}

/** Whether the game still waits for something to happen. */
export const running = (game: Game | undefined) => game?.state === 'offered' || game?.state === 'passed';

/** What the bar shows; asked every second while the clock of the game runs, since no page tells of all its turns. */
export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => api.get<Show>('/demo', undefined, signal),
  refetchInterval: (query) => {
    const game = query.state.data?.anna;
    return running(game) ? 1000 : game && game.state !== 'idle' ? 3000 : 25_000;
  },
});

/** Looks as somebody else from now on; the page begins anew with his eyes. */
export async function lookAs(as: As, path = '/'): Promise<void> {
  await api.post('/demo/session', { as });
  rememberSession(true);
  location.assign(path);
}

const GAME = 'voronka.game';

/** Whether the game is shown here: to Anna, and to whoever began it in this tab, whose eyes ever he looks with. */
export function plays(show: Show, user: number): boolean {
  const anna = show.personas.find((one) => one.as === 'manager')?.user;
  return show.anna.state !== 'idle' && (user === anna || sessionStorage.getItem(GAME) === '1');
}

/** Begins the game: the page begins anew as Anna. */
export async function beAnna(): Promise<void> {
  await api.post('/demo/anna');
  sessionStorage.setItem(GAME, '1');
  rememberSession(true);
  location.assign('/');
}

/** Ends the game for everybody. */
export async function endGame(): Promise<void> {
  await api.delete('/demo/anna');
  sessionStorage.removeItem(GAME);
}
