import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { slugOf, titleOf, usePipelines } from '~/entities/catalog/catalog.ts';
import { Behind } from '~/entities/figures/Behind.tsx';
import { minutes, percent, plusDays, reportQuery, today, useSourceTitle } from '~/entities/figures/figures.ts';
import type { Yesterday } from '~/entities/figures/types.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import { countQuery } from '~/entities/record/queries.ts';
import type { ViewSearch } from '~/entities/record/view.ts';
import { usePortal } from '~/entities/session/session.ts';
import { money, moneyShort, number, weekdayLong } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import '~/entities/figures/figures.css';

/** A day in one look, for the owner: who asked, who was taken in time, what misses cost, what is stuck, what is to come. */
export function YesterdayPage() {
  const search = useSearch({ from: '/inside/yesterday' });
  const navigate = useNavigate();
  const latest = today();
  const known = (day: string) => (day > latest ? latest : day);
  const day = known(search.day ?? plusDays(latest, -1));
  const go = (to: string) => void navigate({ to: '/yesterday', search: { day: known(to) }, replace: true });
  const { data, error, refetch } = useQuery(reportQuery<Yesterday>('yesterday', { day }));
  const title = day === plusDays(latest, -1) ? t('Вчера') : weekdayLong(day);
  useEffect(() => {
    document.title = `${title} · Voronka`;
  }, [title]);
  return (
    <main className="sheet">
      <TopBar>
        <h1 className="ell">{title}</h1>
      </TopBar>
      <div className="bar lined filters">
        <Button small icon="cl" aria-label={t('День раньше')} onClick={() => go(plusDays(day, -1))} />
        <input
          className="input fit"
          type="date"
          aria-label={t('День')}
          value={day}
          max={latest}
          onChange={(event) => event.target.value && go(event.target.value)}
        />
        <Button
          small
          icon="cr"
          aria-label={t('День позже')}
          disabled={day >= latest}
          onClick={() => go(plusDays(day, 1))}
        />
        <span className="f12 t2">{weekdayLong(day)}</span>
      </div>
      <div className="body scroll">
        {error && <ErrorNote title={t('Показатели не загрузились')} error={error} retry={() => void refetch()} />}
        {!data && !error && <SkeletonRows />}
        {data && (
          <div className="fig even">
            <Tiles data={data} />
            <Requests data={data} />
            <Stuck data={data} />
          </div>
        )}
      </div>
    </main>
  );
}

function Tiles({ data }: { data: Yesterday }) {
  const { currency } = usePortal();
  const came = data.requests.reduce((sum, row) => sum + row.count, 0);
  const offered = data.taken.taken + data.taken.missed;
  const lost = data.cost.sources.flatMap((source) => source.records);
  const period = { from: data.day, to: data.day };
  return (
    <div className="tile-row wide">
      <section className="panel">
        <span className="t2">{t('Обращений')}</span>
        <b>{number(came)}</b>
        <span className="f12 t3">{t('пришло за день')}</span>
      </section>
      <section className="panel">
        <span className="t2">{t('Взято в срок')}</span>
        <b>
          <Behind
            title={t('Взято в срок')}
            count={data.taken.taken}
            path="turns"
            query={{ ...period, outcome: 'taken' }}
          />
        </b>
        <span className="f12 t3">
          {offered
            ? [
                t(
                  'из {n, plural, one {# предложения} few {# предложений} many {# предложений} other {# предложения}}',
                  {
                    n: offered,
                  },
                ),
                percent(data.taken.in_time),
                data.speed.count ? t('половина за {time}', { time: minutes(data.speed.p50) }) : '',
              ]
                .filter(Boolean)
                .join(', ')
            : t('ничего не предлагалось')}
        </span>
      </section>
      <section className={`panel ${data.taken.missed ? 'bad' : ''}`}>
        <span className="t2">{t('Пропущено')}</span>
        <b>
          <Behind
            title={t('Пропущено')}
            count={data.taken.missed}
            path="turns"
            query={{ ...period, outcome: 'missed' }}
          />
        </b>
        {data.taken.missed > 0 && (
          <Link to="/incidents" search={{ ...period, kind: 'missed_offer' }} className="f12 link">
            {t('Кто и почему')}
          </Link>
        )}
      </section>
      <section className={`panel ${data.cost.cost ? 'bad' : ''}`}>
        <span className="t2">{t('Потеряно на пропусках')}</span>
        <b className="num">{money(data.cost.cost, currency)}</b>
        <span className="f12 t3">
          {t('проиграно лидов:')} <Behind title={t('Проиграно после пропуска')} count={data.cost.lost} records={lost} />
        </span>
      </section>
    </div>
  );
}

function Requests({ data }: { data: Yesterday }) {
  const sourceTitle = useSourceTitle();
  const pipelines = usePipelines(data.type);
  const several = new Set(data.requests.map((row) => row.pipeline)).size > 1;
  return (
    <section className="panel" aria-labelledby="came-title">
      <header>
        <h2 id="came-title">{t('Обращения по источникам')}</h2>
      </header>
      <table className="t">
        <thead>
          <tr>
            <th scope="col">{t('Источник')}</th>
            <th scope="col" className="r">
              {t('Пришло')}
            </th>
            <th scope="col" className="r">
              {t('Выиграно')}
            </th>
            <th scope="col" className="r">
              {t('Проиграно')}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.requests.map((row) => {
            const pipeline = titleOf(pipelines.find((each) => each.code === row.pipeline));
            const title = several ? `${sourceTitle(row.source)}, ${pipeline}` : sourceTitle(row.source);
            const behind = (what: string, count: number, more: Record<string, string>) => (
              <td className="r">
                <Behind
                  title={`${title}, ${what}`}
                  count={count}
                  path="cohort/records"
                  query={{
                    type: data.type,
                    pipeline: row.pipeline,
                    from: data.day,
                    to: data.day,
                    source: row.source || '-',
                    ...more,
                  }}
                />
              </td>
            );
            return (
              <tr key={`${row.pipeline} ${row.source}`}>
                <th scope="row">{title}</th>
                {behind(t('пришло'), row.count, {})}
                {behind(t('выиграно'), row.won, { outcome: 'won' })}
                {behind(t('проиграно'), row.lost, { outcome: 'lost' })}
              </tr>
            );
          })}
          {!data.requests.length && (
            <tr>
              <td className="t3" colSpan={4}>
                {t('В этот день никто не обращался')}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

/** What nobody moves and what is to come: as things stand now, not on that day. */
function Stuck({ data }: { data: Yesterday }) {
  const { currency } = usePortal();
  const pipelines = usePipelines();
  const title = (type: string, code: string) =>
    titleOf(pipelines.find((each) => each.type === type && each.code === code));
  const link = (type: string, search: ViewSearch, label: string, count: number) =>
    count ? (
      <Link
        to="/$slug"
        params={{ slug: slugOf(type) }}
        search={{ view: 'list', ...search }}
        className="num link-quiet behind"
        aria-label={`${label}: ${number(count)}`}
      >
        {number(count)}
      </Link>
    ) : (
      <span className="num t3">0</span>
    );
  const expected = data.expected.reduce((sum, row) => sum + row.sum, 0);
  return (
    <section className="panel" aria-labelledby="stuck-title">
      <header>
        <h2 id="stuck-title">{t('Как дела стоят сейчас')}</h2>
        <span className="push f12 t3">{t('ожидаем {sum}', { sum: moneyShort(expected, currency) })}</span>
      </header>
      <Wide label={t('Как дела стоят сейчас')}>
        <table className="t">
          <thead>
            <tr>
              <th scope="col">{t('Воронка')}</th>
              <th scope="col" className="r">
                {t('Шаг просрочен')}
              </th>
              <th scope="col" className="r">
                {t('Без шага')}
              </th>
              <th scope="col" className="r">
                {t('В работе')}
              </th>
              <th scope="col" className="r">
                {t('Ожидаем')}
              </th>
            </tr>
          </thead>
          <tbody>
            {pipelines.map((pipeline) => {
              const stuck = data.stuck.find((row) => row.type === pipeline.type && row.pipeline === pipeline.code);
              const hope =
                pipeline.type === 'deal' ? data.expected.find((row) => row.pipeline === pipeline.code) : undefined;
              if (!stuck && !hope) return null;
              const name = title(pipeline.type, pipeline.code);
              return (
                <tr key={pipeline.id}>
                  <th scope="row">{name}</th>
                  <td className="r">
                    {link(
                      pipeline.type,
                      { pipeline: pipeline.code, tab: 'late' },
                      `${name}, ${t('Шаг просрочен')}`,
                      stuck?.late ?? 0,
                    )}
                  </td>
                  <td className="r">
                    {link(
                      pipeline.type,
                      { pipeline: pipeline.code, tab: 'nostep' },
                      `${name}, ${t('Без шага')}`,
                      stuck?.no_step ?? 0,
                    )}
                  </td>
                  <td className="r">
                    {pipeline.type === 'deal' ? (
                      link(pipeline.type, { pipeline: pipeline.code }, `${name}, ${t('В работе')}`, hope?.count ?? 0)
                    ) : (
                      <OpenCount type={pipeline.type} pipeline={pipeline.code}>
                        {(count) =>
                          link(pipeline.type, { pipeline: pipeline.code }, `${name}, ${t('В работе')}`, count)
                        }
                      </OpenCount>
                    )}
                  </td>
                  <td className="r num">{hope ? moneyShort(hope.sum, currency) : '—'}</td>
                </tr>
              );
            })}
            {!data.stuck.length && !data.expected.length && (
              <tr>
                <td className="t3" colSpan={5}>
                  {t('Открытых записей нет')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

/** How many records of a pipeline are open: nothing is expected of these in money, so the report doesn't count them. */
function OpenCount({
  type,
  pipeline,
  children,
}: {
  type: string;
  pipeline: string;
  children: (count: number) => React.ReactNode;
}) {
  const { data } = useQuery(countQuery(type, 'is empty(closed_at)', pipeline));
  return data ? children(data.count) : <span className="t3">—</span>;
}
