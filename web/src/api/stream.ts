import type { LiveEvent } from './types.ts';

const KINDS = ['record', 'offer', 'notice', 'incident', 'day', 'config', 'reset'] as const;

/**
 * Opens /api/live and hands on its messages for as long as the page lives. The browser resumes with Last-Event-ID by
 * itself; when it gives up (the server answered with an error) a new attempt follows, ever more rarely up to 30 s.
 */
export function connect(tell: (event: LiveEvent) => void): () => void {
  let source: EventSource | undefined;
  let wait = 1000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost = false;
  const open = () => {
    source = new EventSource('/api/live');
    source.onopen = () => {
      wait = 1000;
      tell({ kind: 'state', online: true });
      // A connection made anew has no memory of what it missed: everything is asked again.
      if (lost) tell({ kind: 'reset' });
      lost = false;
    };
    source.onerror = () => {
      tell({ kind: 'state', online: false });
      if (source?.readyState !== EventSource.CLOSED) return;
      // An answer that is no stream: the session may have ended, which only another question can tell.
      tell({ kind: 'refused' });
      lost = true;
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, 30_000);
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (message) => {
        const data = (message as MessageEvent<string>).data;
        tell({ ...(data ? JSON.parse(data) : {}), kind } as LiveEvent);
      });
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
