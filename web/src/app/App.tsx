import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ApiError, onSignedOut } from '~/api/client.ts';
import { stopLive } from '~/api/live.ts';
import { rememberSession } from '~/entities/session/session.ts';
import { askToSignIn, onAsk } from '~/features/session/ask.ts';
import { useLanguage } from '~/i18n/index.ts';
import { press } from '~/ui/actions.ts';
import { useLook } from '~/ui/look.ts';
import { Toasts } from '~/ui/Toasts.tsx';
import { makeRouter } from './router.tsx';
import { resolver, theme } from './theme.ts';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // Refusals are answers; only a server that can't be reached or stumbled is asked again.
      retry: (times, error) => times < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});
const router = makeRouter(client);

const leave = () => {
  client.removeQueries({ queryKey: ['me'] });
  void router.navigate({ to: '/login', search: { back: location.pathname + location.search } });
};

onSignedOut(async () => {
  if (/^\/(login|setup|invite|recover)/.test(location.pathname)) return false;
  rememberSession(false);
  stopLive();
  // Over an open page the person signs in again where he is: what he has begun there must not be lost.
  if (client.getQueryData(['me'])) return askToSignIn();
  leave();
  return false;
});

const SignInAgain = lazy(() =>
  import('~/features/session/SignInAgain.tsx').then((room) => ({ default: room.SignInAgain })),
);

/** The whole interface: look, data, language and pages. Everything is drawn anew in another language. */
export function App({ nonce }: { nonce: string }) {
  const language = useLanguage();
  useLook();
  const [scheme, setScheme] = useState(currentScheme);
  const [asking, setAsking] = useState(false);
  useEffect(() => onAsk(setAsking), []);
  useEffect(() => {
    const observer = new MutationObserver(() => setScheme(currentScheme()));
    observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolver}
      forceColorScheme={scheme}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        <div key={language} className="language">
          <RouterProvider router={router} />
          <Toasts />
          {asking && (
            <Suspense>
              <SignInAgain />
            </Suspense>
          )}
        </div>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function currentScheme(): 'light' | 'dark' {
  return document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark' ? 'dark' : 'light';
}
