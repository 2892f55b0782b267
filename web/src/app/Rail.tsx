import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import type { RecordType } from '~/api/types.ts';
import { pluralOf, slugOf, titleOf, usePipelines, useTypes } from '~/entities/catalog/catalog.ts';
import { heldCountQuery } from '~/entities/form/form.ts';
import { myOffersQuery } from '~/entities/offer/offer.ts';
import { recordQuery, totalsQuery } from '~/entities/record/queries.ts';
import { may, useMe, usePortal } from '~/entities/session/session.ts';
import { typeIcon } from '~/features/places/place.ts';
import { railTypes, settingsOf } from '~/features/places/places.ts';
import { WorkdayLine } from '~/features/workday/WorkdayLine.tsx';
import { number } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Icon } from '~/ui/Icon.tsx';
import type { IconName } from '~/ui/icons.ts';
import { Logo } from '~/ui/Logo.tsx';
import { MeMenu } from './MeMenu.tsx';

/** The way through the product: only what exists and what the person may open. */
export function Rail() {
  const me = useMe();
  const portal = usePortal();
  const types = railTypes(useTypes(), portal);
  return (
    <nav className="rail" aria-label={t('Главное меню')}>
      <div className="portal">
        <Logo />
        <span className="ell" title={portal.company}>
          {portal.company}
        </span>
      </div>
      <div className="rail-scroll">
        {may(me, 'records') && (
          <>
            <RailLink to="/day" icon="sun" title={t('Мой день')} />
            {types.length > 0 && <h2>{t('Продажи')}</h2>}
            {types.map((type) => (
              <TypeLinks key={type.code} type={type} />
            ))}
            <h2>{t('Контроль')}</h2>
            <RailLink to="/drums" icon="drum" title={t('Барабаны')} />
          </>
        )}
        {may(me, 'incidents') && <RailLink to="/incidents" icon="alert" title={t('Инциденты')} />}
        {may(me, 'reports') && (
          <>
            <RailLink to="/reports" icon="chart" title={t('Отчёты')} />
            <RailLink to="/yesterday" icon="history" title={t('Вчера')} />
          </>
        )}
        {may(me, 'held') && <HeldLink />}
        <span className="grow" />
        {settingsOf(me).length > 0 && <RailLink to="/settings" icon="gear" title={t('Настройки')} />}
      </div>
      {may(me, 'absences') && <WorkdayLine />}
      <MeMenu />
    </nav>
  );
}

/** Requests that wait for a person: in the rail only while there are any. */
function HeldLink() {
  const { data: waiting } = useQuery(heldCountQuery);
  if (!waiting) return null;
  return (
    <Link to="/held" title={t('На проверке')} activeProps={{ className: 'on', 'aria-current': 'page' }}>
      <Icon name="eye" />
      <span className="ell">{t('На проверке')}</span>
      <span className="n">{number(waiting)}</span>
    </Link>
  );
}

function RailLink({ to, icon, title }: { to: string; icon: IconName; title: string }) {
  return (
    <Link
      to={to}
      title={title}
      activeProps={{ className: 'on', 'aria-current': 'page' }}
      activeOptions={{ includeSearch: false }}
    >
      <Icon name={icon} />
      <span className="ell">{title}</span>
    </Link>
  );
}

function TypeLinks({ type }: { type: RecordType }) {
  const pipelines = usePipelines(type.code);
  const slug = slugOf(type.code);
  const current = useRouterState({
    select: (state) => ({
      path: state.location.pathname,
      pipeline: (state.location.search as { pipeline?: string }).pipeline,
    }),
  });
  const here = current.path === `/${slug}` || current.path.startsWith(`/${slug}/`);
  // An open card belongs to the pipeline its record is in; the card itself asks for the record.
  const open = Number(current.path.startsWith(`/${slug}/`) && current.path.split('/')[2]);
  const { data: record } = useQuery({ ...recordQuery(type.code, open), enabled: false });
  const opened = open ? (record?.pipeline as string | undefined) : undefined;
  const several = type.staged && pipelines.length > 1;
  const { data: offers } = useQuery(myOffersQuery);
  const mine = offers?.filter((offer) => offer.type === type.code).length ?? 0;
  const waiting = mine > 0 && (
    <span className="n hot" title={t('Ждут, что вы возьмёте')}>
      {mine}
      <span className="sr"> {t('Ждут, что вы возьмёте')}</span>
    </span>
  );
  return (
    <>
      <Link
        to="/$slug"
        params={{ slug }}
        className={here && !several ? 'on' : ''}
        aria-current={here && !several ? 'page' : undefined}
      >
        <Icon name={typeIcon(type.code)} />
        <span className="ell">{pluralOf(type)}</span>
        {waiting}
        {!waiting && type.staged && !several && pipelines[0] && <Count type={type.code} pipeline={pipelines[0].code} />}
      </Link>
      {several &&
        pipelines.map((pipeline, at) => {
          const shown = opened ?? current.pipeline;
          const on = here && (shown ? shown === pipeline.code : at === 0 && !open);
          return (
            <Link
              key={pipeline.id}
              to="/$slug"
              params={{ slug }}
              search={{ pipeline: pipeline.code }}
              className={`sub ${on ? 'on' : ''}`}
              aria-current={on ? 'page' : undefined}
            >
              <span className="ell">{titleOf(pipeline)}</span>
              <Count type={type.code} pipeline={pipeline.code} />
            </Link>
          );
        })}
    </>
  );
}

/** How many records of a pipeline are still open. */
function Count({ type, pipeline }: { type: string; pipeline: string }) {
  const stages = usePipelines(type).find((each) => each.code === pipeline)?.stages ?? [];
  const open = new Set(
    stages.filter((stage) => stage.kind === 'open' || stage.kind === 'waiting').map((stage) => stage.code),
  );
  const { data } = useQuery(totalsQuery({ type, pipeline, filter: '' }));
  if (!data) return null;
  const count = data.stages.filter((total) => open.has(total.stage)).reduce((sum, total) => sum + total.count, 0);
  return count ? <span className="n">{number(count)}</span> : null;
}
