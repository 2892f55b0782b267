import type { QueryClient } from '@tanstack/react-query';
import { startLive } from '~/api/live.ts';
import type { Entered } from '~/entities/account/account.ts';
import { rememberSession } from '~/entities/session/session.ts';
import { setLanguage } from '~/i18n/index.ts';

/** What follows signing in, wherever it happened: everything is asked anew, in the person's language. */
export async function entered(client: QueryClient, who: Entered): Promise<void> {
  client.clear();
  rememberSession(true);
  startLive();
  if (who.language) await setLanguage(who.language);
}
