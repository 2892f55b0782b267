import { useEffect } from 'react';
import { onLive } from '~/api/live.ts';
import type { LiveEvent } from '~/api/types.ts';
import { slugOf } from '~/entities/catalog/catalog.ts';
import { flagArrival } from '~/features/live/useLive.ts';
import { listenForGesture, play } from './tone.ts';

/** A lead or deal that nobody of us has made is a request: its card is marked, and an open board of them sounds. */
export function useArrivals(): void {
  useEffect(() => {
    const deaf = listenForGesture();
    const stop = onLive((event: LiveEvent) => {
      if (event.kind !== 'record' || event.event !== 'created' || event.actor || event.gone) return;
      if (event.type !== 'lead' && event.type !== 'deal') return;
      flagArrival(event.type, event.id);
      if (location.pathname === `/${slugOf(event.type)}`) void play();
    });
    return () => {
      stop();
      deaf();
    };
  }, []);
}
