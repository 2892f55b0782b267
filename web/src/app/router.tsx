import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from '~/api/client.ts';
import { slugOf, typesQuery } from '~/entities/catalog/catalog.ts';
import type { Condition } from '~/entities/record/condition.ts';
import type { ViewSearch } from '~/entities/record/view.ts';
import {
  adopt,
  may,
  meQuery,
  portalQuery,
  rememberSession,
  sessionHint,
  setupQuery,
} from '~/entities/session/session.ts';
import { railTypes } from '~/features/places/places.ts';
import { language, setLanguage } from '~/i18n/index.ts';
import { journalSearch } from '~/pages/accessjournal/line.ts';
import type { IncidentSearch } from '~/pages/incidents/filter.ts';
import { rightsSearch } from '~/pages/roles/search.ts';
import { RoutePending, RouteProblem } from './RouteStates.tsx';
import { Shell } from './Shell.tsx';

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async ({ context }) => {
    const { needed } = await context.client.ensureQueryData(setupQuery);
    if (!needed) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('~/pages/setup/SetupPage.tsx'), 'SetupPage'),
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { back?: string; oidc?: string } => ({
    ...(typeof search.back === 'string' && /^\/(?!\/)/.test(search.back) && { back: search.back }),
    ...(typeof search.oidc === 'string' && { oidc: search.oidc }),
  }),
  beforeLoad: async ({ context }) => {
    const { needed } = await context.client.ensureQueryData(setupQuery);
    if (needed) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('~/pages/login/LoginPage.tsx'), 'LoginPage'),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$secret',
  component: lazyRouteComponent(() => import('~/pages/invite/InvitePage.tsx'), 'InvitePage'),
});

const recover = createRoute({
  getParentRoute: () => root,
  path: '/recover/$secret',
  component: lazyRouteComponent(() => import('~/pages/recover/RecoverPage.tsx'), 'RecoverPage'),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  component: lazyRouteComponent(() => import('~/pages/secondfactor/SecondFactorPage.tsx'), 'SecondFactorPage'),
});

/** What every page needs beside the person; asked at once when the session is likely to be there. */
function load(client: QueryClient): Promise<unknown> {
  return Promise.all([client.ensureQueryData(portalQuery), client.ensureQueryData(typesQuery)]);
}

/** Everything behind the login. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const toLogin = () => redirect({ to: '/login', search: location.href === '/' ? {} : { back: location.href } });
    const hint = sessionHint();
    if (hint === 'ended') throw toLogin();
    if (hint === 'unknown' && (await context.client.ensureQueryData(setupQuery)).needed)
      throw redirect({ to: '/setup' });
    try {
      const rest = hint === 'open' ? load(context.client) : undefined;
      rest?.catch(() => {});
      const me = await context.client.ensureQueryData(meQuery);
      if (me.needs_second_factor) throw redirect({ to: '/second-factor' });
      await (rest ?? load(context.client));
      rememberSession(true);
      adopt(me);
      if (me.language && me.language !== language()) await setLanguage(me.language);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      rememberSession(false);
      throw toLogin();
    }
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async ({ context }) => {
    const portal = await context.client.ensureQueryData(portalQuery);
    // Who may see no records starts with himself.
    if (!may(await context.client.ensureQueryData(meQuery), 'records'))
      throw redirect({ to: '/profile', replace: true });
    // Whoever may see other records only starts with the first of those; with none, with the day.
    const first = railTypes(await context.client.ensureQueryData(typesQuery), portal)[0];
    if (!first) throw redirect({ to: '/day', replace: true });
    throw redirect({ to: '/$slug', params: { slug: slugOf(first.code) }, replace: true });
  },
});

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

const records = createRoute({
  getParentRoute: () => inside,
  path: '/$slug',
  validateSearch: (search: Record<string, unknown>): ViewSearch => ({
    view: search.view === 'list' || search.view === 'board' ? search.view : undefined,
    pipeline: text(search.pipeline),
    tab: text(search.tab),
    sort: text(search.sort),
    stage: text(search.stage),
    where: Array.isArray(search.where)
      ? (search.where as Condition[]).filter((line) => line && typeof line.f === 'string' && typeof line.o === 'string')
      : undefined,
  }),
  component: lazyRouteComponent(() => import('~/pages/records/RecordsPage.tsx'), 'RecordsPage'),
});

const card = createRoute({
  getParentRoute: () => inside,
  path: '/$slug/$id',
  component: lazyRouteComponent(() => import('~/pages/card/CardPage.tsx'), 'CardPage'),
});

const page = <const P extends string, M extends Record<string, unknown>>(
  path: P,
  load: () => Promise<M>,
  name: keyof M & string,
  part?: string,
) =>
  createRoute({
    getParentRoute: () => inside,
    path,
    // An address of what the person may not open leads to what he may.
    beforeLoad: async ({ context }) => {
      if (part && !may(await context.client.ensureQueryData(meQuery), part)) throw redirect({ to: '/settings' });
    },
    component: lazyRouteComponent(load as () => Promise<Record<string, React.ComponentType>>, name),
  });

const day = page('/day', () => import('~/pages/day/DayPage.tsx'), 'DayPage', 'records');
const drums = page('/drums', () => import('~/pages/drums/DrumsPage.tsx'), 'DrumsPage', 'records');
const figure = (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined);
const isoDay = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);

const incidents = createRoute({
  getParentRoute: () => inside,
  path: '/incidents',
  validateSearch: (search: Record<string, unknown>): IncidentSearch => ({
    kind: text(search.kind),
    user: figure(search.user),
    drum: figure(search.drum),
    department: figure(search.department),
    from: isoDay(search.from),
    to: isoDay(search.to),
    cell: text(search.cell),
  }),
  beforeLoad: async ({ context }) => {
    if (!may(await context.client.ensureQueryData(meQuery), 'incidents')) throw redirect({ to: '/settings' });
  },
  component: lazyRouteComponent(() => import('~/pages/incidents/IncidentsPage.tsx'), 'IncidentsPage'),
});
const reports = page('/reports', () => import('~/pages/reports/ReportsPage.tsx'), 'ReportsPage', 'reports');
const yesterday = createRoute({
  getParentRoute: () => inside,
  path: '/yesterday',
  validateSearch: (search: Record<string, unknown>): { day?: string } => ({ day: isoDay(search.day) }),
  beforeLoad: async ({ context }) => {
    if (!may(await context.client.ensureQueryData(meQuery), 'reports')) throw redirect({ to: '/settings' });
  },
  component: lazyRouteComponent(() => import('~/pages/yesterday/YesterdayPage.tsx'), 'YesterdayPage'),
});
const profile = page('/profile', () => import('~/pages/profile/ProfilePage.tsx'), 'ProfilePage');
const settings = page('/settings', () => import('~/pages/settings/SettingsPage.tsx'), 'SettingsPage');
const people = page('/settings/people', () => import('~/pages/people/PeoplePage.tsx'), 'PeoplePage', 'people');
const pipelines = page(
  '/settings/pipelines',
  () => import('~/pages/pipelines/PipelinesPage.tsx'),
  'PipelinesPage',
  'pipelines',
);
const keys = page('/settings/forms', () => import('~/pages/keys/KeysPage.tsx'), 'KeysPage', 'keys');
const form = page('/settings/forms/$id', () => import('~/pages/form/FormPage.tsx'), 'FormPage', 'keys');
const imports = page('/settings/import', () => import('~/pages/import/ImportPage.tsx'), 'ImportPage', 'imports');
const apiPage = page('/settings/api', () => import('~/pages/apidoor/ApiPage.tsx'), 'ApiPage', 'keys');
const held = page('/held', () => import('~/pages/held/HeldPage.tsx'), 'HeldPage', 'held');
const mail = page('/settings/mail', () => import('~/pages/mail/MailPage.tsx'), 'MailPage', 'portal');
const schedules = page(
  '/settings/schedules',
  () => import('~/pages/schedules/SchedulesPage.tsx'),
  'SchedulesPage',
  'schedules',
);
const absences = page('/absences', () => import('~/pages/absences/AbsencesPage.tsx'), 'AbsencesPage', 'absences');
const workingDays = page(
  '/working-days',
  () => import('~/pages/workingdays/WorkingDaysPage.tsx'),
  'WorkingDaysPage',
  'absences',
);
const bin = page('/settings/bin', () => import('~/pages/bin/BinPage.tsx'), 'BinPage', 'bin');

const roles = createRoute({
  getParentRoute: () => inside,
  path: '/settings/rights',
  validateSearch: rightsSearch,
  beforeLoad: async ({ context }) => {
    if (!may(await context.client.ensureQueryData(meQuery), 'roles')) throw redirect({ to: '/settings' });
  },
  component: lazyRouteComponent(() => import('~/pages/roles/RolesPage.tsx'), 'RolesPage'),
});
/** A question about rights by its address: for administrators on their page, for everybody else about themselves. */
const why = createRoute({
  getParentRoute: () => inside,
  path: '/rights',
  validateSearch: rightsSearch,
  beforeLoad: async ({ context, search }) => {
    if (may(await context.client.ensureQueryData(meQuery), 'roles'))
      throw redirect({ to: '/settings/rights', search, replace: true });
  },
  component: lazyRouteComponent(() => import('~/pages/roles/WhyPage.tsx'), 'WhyPage'),
});

const oidc = page('/settings/oidc', () => import('~/pages/oidc/OidcPage.tsx'), 'OidcPage', 'oidc');
const accessJournal = createRoute({
  getParentRoute: () => inside,
  path: '/settings/access-journal',
  validateSearch: journalSearch,
  beforeLoad: async ({ context }) => {
    if (!may(await context.client.ensureQueryData(meQuery), 'journal')) throw redirect({ to: '/settings' });
  },
  component: lazyRouteComponent(() => import('~/pages/accessjournal/AccessJournalPage.tsx'), 'AccessJournalPage'),
});

const routing = page('/settings/routing', () => import('~/pages/routing/RoutingPage.tsx'), 'RoutingPage', 'keys');
const routingTest = createRoute({
  getParentRoute: () => inside,
  path: '/settings/routing/test',
  validateSearch: (search: Record<string, unknown>): { record?: string; request?: number } => ({
    record: text(search.record),
    request: typeof search.request === 'number' ? search.request : undefined,
  }),
  component: lazyRouteComponent(() => import('~/pages/routing/RoutingTestPage.tsx'), 'RoutingTestPage'),
});

const tree = root.addChildren([
  setup,
  login,
  invite,
  recover,
  secondFactor,
  inside.addChildren([
    home,
    routing,
    routingTest,
    roles,
    why,
    day,
    drums,
    form,
    held,
    incidents,
    reports,
    yesterday,
    profile,
    settings,
    people,
    schedules,
    absences,
    workingDays,
    pipelines,
    keys,
    imports,
    apiPage,
    mail,
    oidc,
    accessJournal,
    bin,
    records,
    card,
  ]),
]);

/** The addresses of the interface. */
export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteProblem,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
