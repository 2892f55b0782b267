import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, type RefObject, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { onReachable } from '~/api/client.ts';
import { onLive } from '~/api/live.ts';
import { canDo, pipelinesQuery, usersQuery, useTypes } from '~/entities/catalog/catalog.ts';
import { may, useMe, usePortal } from '~/entities/session/session.ts';
import { useArrivals } from '~/features/arrival/useArrivals.ts';
import { ShortcutHelp } from '~/features/help/ShortcutHelp.tsx';
import { useLive } from '~/features/live/useLive.ts';
import { Bell } from '~/features/notices/Bell.tsx';
import { useNotices } from '~/features/notices/useNotices.ts';
import { placesOf } from '~/features/places/places.ts';
import { QuickAdd } from '~/features/quickadd/LazyQuickAdd.tsx';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Icon } from '~/ui/Icon.tsx';
import { undoLatest } from '~/ui/toasts.ts';
import { TopBarSlot } from '~/ui/topBarSlot.ts';
import { Rail } from './Rail.tsx';
import { TabBar } from './TabBar.tsx';

const loadPalette = () => import('~/features/palette/Palette.tsx').then((room) => ({ default: room.Palette }));
const Palette = lazy(loadPalette);
const InvitePanel = lazy(() =>
  import('~/features/arrival/InvitePanel.tsx').then((room) => ({ default: room.InvitePanel })),
);
const invited = () => sessionStorage.getItem('voronka.invite') === '1';
const LookAsBar = lazy(() => import('~/features/rights/LookAsBar.tsx').then((room) => ({ default: room.LookAsBar })));
const DemoBar = lazy(() => import('~/features/demo/DemoBar.tsx').then((room) => ({ default: room.DemoBar })));
// It is no part of the first screen, yet must open at once: it is fetched when the page has come to rest.
setTimeout(() => void loadPalette(), 400);

const bell = <Bell />;

/** What stands around every page: the rail or the bottom bar, the palette, the shortcuts, the live stream. */
export function Shell() {
  const me = useMe();
  const portal = usePortal();
  const types = useTypes();
  const navigate = useNavigate();
  const [palette, setPalette] = useState(false);
  const typed = useRef('');
  const [help, setHelp] = useState(false);
  const [adding, setAdding] = useState<string | null>(null);
  useQuery(pipelinesQuery);
  useQuery(usersQuery);
  useLive(me.id);
  useNotices();
  useArrivals();

  const first = portal.simple ? 'deal' : 'lead';
  const go = t('Переходы');
  useAction({
    id: 'palette',
    title: t('Поиск и команды'),
    group: t('Везде'),
    icon: 'search',
    key: 'mod+KeyK',
    hidden: true,
    run: () => {
      typed.current = '';
      setPalette(true);
    },
  });
  useAction({
    id: 'help',
    title: t('Клавиши'),
    group: t('Везде'),
    icon: 'help',
    key: 'shift+Slash',
    words: 'shortcuts помощь',
    run: () => setHelp(true),
  });
  useAction({
    id: 'undo',
    title: t('Вернуть последнее изменение'),
    group: t('Везде'),
    icon: 'undo',
    key: 'mod+KeyZ',
    run: () => undoLatest(),
  });
  useAction(
    portal.simple || !may(me, 'records')
      ? null
      : {
          id: 'go-leads',
          title: t('Открыть лиды'),
          group: go,
          icon: 'inbox',
          key: 'alt+Digit1',
          run: () => void navigate({ to: '/$slug', params: { slug: 'leads' } }),
        },
  );
  useAction(
    may(me, 'records')
      ? {
          id: 'go-deals',
          title: t('Открыть сделки'),
          group: go,
          icon: 'funnel',
          key: 'alt+Digit2',
          run: () => void navigate({ to: '/$slug', params: { slug: 'deals' } }),
        }
      : null,
  );
  useAction(
    may(me, 'people')
      ? {
          id: 'go-people',
          title: t('Добавить сотрудника'),
          group: go,
          icon: 'users',
          run: () => void navigate({ to: '/settings/people' }),
        }
      : null,
  );

  const places = useMemo(() => placesOf(me, portal, types), [me, portal, types]);
  return (
    <div className="app">
      <a className="skip" href="#main">
        {t('К содержанию')}
      </a>
      <Rail />
      <div className="stagebox" id="main" tabIndex={-1}>
        {me.looked_at_by && (
          <Suspense fallback={null}>
            <LookAsBar me={me} />
          </Suspense>
        )}
        {portal.demo && (
          <Suspense fallback={null}>
            <DemoBar />
          </Suspense>
        )}
        <ConnectionBar />
        <TopBarSlot value={bell}>
          <Outlet />
        </TopBarSlot>
      </div>
      <TabBar places={places} />
      {invited() && (
        <Suspense fallback={null}>
          <InvitePanel />
        </Suspense>
      )}
      {palette && (
        <Suspense fallback={<PaletteWait typed={typed} />}>
          <Palette
            typed={typed}
            places={places}
            onClose={() => setPalette(false)}
            create={
              canDo(
                types.find((type) => type.code === first),
                'create',
              )
                ? (title) => {
                    sessionStorage.setItem(`voronka.draft.${first}`, JSON.stringify({ title }));
                    setAdding(first);
                  }
                : undefined
            }
          />
        </Suspense>
      )}
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
      {adding && <QuickAdd type={adding} onClose={() => setAdding(null)} />}
    </div>
  );
}

/** Takes what is typed while the palette is still being fetched, so that no letter is lost or taken for a shortcut. */
function PaletteWait({ typed }: { typed: RefObject<string> }) {
  return (
    <div className="pal-wait pop" role="dialog" aria-label={t('Поиск и команды')}>
      <input
        className="q-input"
        autoFocus
        aria-label={t('Поиск и команды')}
        onChange={(event) => (typed.current = event.target.value)}
      />
    </div>
  );
}

/** Says that the server doesn't answer, after a second in which it may have come back. */
function ConnectionBar() {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hear = (online: boolean) => {
      clearTimeout(timer);
      if (online) setLost(false);
      else timer = setTimeout(() => setLost(true), 1500);
    };
    const stopLive = onLive((event) => event.kind === 'state' && hear(event.online));
    const stopCalls = onReachable(hear);
    return () => {
      clearTimeout(timer);
      stopLive();
      stopCalls();
    };
  }, []);
  if (!lost) return null;
  return (
    <div className="lost" role="status">
      <Icon name="cloudoff" />
      {t('Связи с сервером нет. Подключимся сами, когда она вернётся')}
    </div>
  );
}
