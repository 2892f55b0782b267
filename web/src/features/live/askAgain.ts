import type { QueryClient } from '@tanstack/react-query';
import { isPending } from '~/entities/record/cache.ts';

/** What changes rarely and is asked for once; all else may have changed between its answer and the opening of the stream. */
const LASTING = new Set(['me', 'portal', 'setup', 'types', 'pipelines', 'users', 'departments', 'lost-reasons']);

/** Asks again for what the page asked for before it began to listen: what happened in between is told to nobody. */
export async function askAgain(client: QueryClient): Promise<void> {
  const early = client
    .getQueryCache()
    .findAll({ type: 'active' })
    .filter((query) => !LASTING.has(String(query.queryKey[0])) && (query.state.data !== undefined || query.promise));
  for (const query of early) {
    await query.promise?.catch(() => {}); // the first answer is shown before the second is asked for
    const [, type, id] = query.queryKey;
    if (typeof id === 'number' && isPending(String(type), id)) continue; // what we are changing is news of our own
    void client.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
  }
}
