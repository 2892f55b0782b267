import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import type { BoardData, BoardStage, Page, RecordData } from '~/api/types.ts';
import { canDo, fieldOf, type PlacedStage, placed, titleOf, useNames, useType } from '~/entities/catalog/catalog.ts';
import { both } from '~/entities/record/condition.ts';
import { boardQuery, cardFields, totalsQuery } from '~/entities/record/queries.ts';
import { RecordCard } from '~/entities/record/RecordCard.tsx';
import { usePortal } from '~/entities/session/session.ts';
import { useFlags } from '~/features/live/useLive.ts';
import { useMover } from '~/features/move/useMover.tsx';
import { PlanStep } from '~/features/plan/PlanStep.tsx';
import { moneyShort, number, workTime } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Board, type BoardColumn } from '~/ui/Board.tsx';
import { Button } from '~/ui/Button.tsx';
import { serverNow } from '~/ui/clock.ts';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonCard } from '~/ui/Skeleton.tsx';
import { StageRing } from '~/ui/StageRing.tsx';
import type { View } from './RecordsPage.tsx';

const foldKey = (pipeline: number) => `voronka.unfolded.${pipeline}`;

/** Which stages that are folded by nature (waiting, won, lost) this person has opened. */
function useUnfolded(pipeline: number) {
  const [codes, setCodes] = useState<string[]>(
    () => JSON.parse(localStorage.getItem(foldKey(pipeline)) ?? '[]') as string[],
  );
  const toggle = (code: string) => {
    const next = codes.includes(code) ? codes.filter((each) => each !== code) : [...codes, code];
    localStorage.setItem(foldKey(pipeline), JSON.stringify(next));
    setCodes(next);
  };
  return [new Set(codes), toggle] as const;
}

/** The board: columns of the pipeline with heads that count all visible records. */
export function RecordsBoard({ view, onAdd }: { view: View; onAdd?: (stage: string) => void }) {
  const type = view.type!;
  const pipeline = view.pipeline!;
  const client = useQueryClient();
  const nameOf = useNames();
  const flags = useFlags();
  const mover = useMover(type.code);
  const [planning, setPlanning] = useState<RecordData | null>(null);
  const [unfolded, toggleFold] = useUnfolded(pipeline.id);
  const focused = useRef<RecordData | null>(null);
  const stages = useMemo(() => placed(pipeline), [pipeline]);
  const fields = cardFields(type);
  const sums = !!fieldOf(type, 'amount');
  const canMove = canDo(type, 'move');
  const canPlan = canDo(useType('activity'), 'create');
  const query = boardQuery({ type: type.code, pipeline: pipeline.code, filter: view.filter, sort: view.sort }, fields);
  const { data: board, error, isPending, refetch } = useQuery(query);
  const { data: totals } = useQuery({
    ...totalsQuery({ type: type.code, pipeline: pipeline.code, filter: view.filter }),
    enabled: !!board,
  });
  const loading = useRef(new Set<string>());

  useAction(
    canMove
      ? {
          id: 'move',
          title: t('Перенести в…'),
          group: t('Карточка'),
          icon: 'ar',
          key: 'KeyM',
          run: () => focused.current && mover.menu(focused.current),
        }
      : null,
  );

  const onMore = useCallback(
    async (stage: string) => {
      const column = board?.stages.find((each) => each.stage === stage);
      if (!column?.next || loading.current.has(stage)) return;
      loading.current.add(stage);
      try {
        const page = await api.get<Page<RecordData>>(`/records/${type.code}`, {
          pipeline: pipeline.code,
          stage,
          filter: view.filter,
          sort: view.sort,
          fields,
          limit: 60,
          after: column.next,
        });
        client.setQueryData<BoardData>(
          query.queryKey,
          (old) =>
            old && { ...old, stages: old.stages.map((each) => (each.stage === stage ? appended(each, page) : each)) },
        );
      } finally {
        loading.current.delete(stage);
      }
    },
    [board, client, type.code, pipeline.code, view.filter, view.sort, fields, query.queryKey],
  );

  if (isPending) return <BoardSkeleton stages={stages} />;
  if (error) {
    return (
      <div className="body centre">
        <ErrorNote title={t('Доска не загрузилась')} error={error} retry={() => void refetch()} />
      </div>
    );
  }

  const totalOf = new Map((totals?.stages ?? []).map((each) => [each.stage, each]));
  const columnOf = new Map(board.stages.map((each) => [each.stage, each]));
  const current = stages.find((stage) => stage.code === view.stage)?.code ?? stages[0]?.code ?? '';
  const columns: BoardColumn<RecordData>[] = stages.map((stage) => {
    const data = columnOf.get(stage.code) ?? { stage: stage.code, items: [] };
    // The board's own figures follow a move at once; those of /totals come when the board could not count.
    const known = board.totals_exact ? 0 : null;
    const count = data.count ?? totalOf.get(stage.code)?.count ?? known;
    const sum = sums ? (data.sum ?? totalOf.get(stage.code)?.sum ?? known) : null;
    const folded = stage.kind !== 'open' && !unfolded.has(stage.code);
    return {
      key: stage.code,
      label: titleOf(stage),
      items: data.items,
      more: !!data.next,
      folded: folded ? <FoldedHead stage={stage} count={count} /> : undefined,
      head: (
        <ColumnHead
          stage={stage}
          data={data}
          count={count}
          sum={sum}
          onFold={stage.kind === 'open' ? undefined : () => toggleFold(stage.code)}
        />
      ),
      foot: onAdd && stage.kind === 'open' && (
        <button type="button" className="add" onClick={() => onAdd(stage.code)}>
          <Icon name="plus" small />
          {t('Добавить')}
        </button>
      ),
    };
  });
  const empty = board.stages.every((stage) => !stage.items.length && !(stage.count ?? 0));
  return (
    <>
      <StageChips
        stages={stages}
        columns={columns}
        counts={(code) => columnOf.get(code)?.count ?? totalOf.get(code)?.count}
        current={current}
        onCurrent={(stage) => view.change({ stage })}
      />
      <div className={empty ? 'body centre' : 'body'}>
        {empty ? (
          <BoardEmpty view={view} onAdd={onAdd && (() => onAdd(stages[0]?.code ?? ''))} />
        ) : (
          <Board
            label={t('Доска')}
            columns={columns}
            current={current}
            onCurrent={(stage) => view.change({ stage })}
            onMore={onMore}
            onUnfold={toggleFold}
            onFocusCard={(record) => {
              if (record || !document.activeElement?.closest('[data-slot]')) focused.current = record;
            }}
            fixed={!canMove}
            onMove={(record, _, to) => {
              const stage = stages.find((each) => each.code === to);
              if (stage) mover.move(record, stage);
            }}
            card={(record) => {
              const flag = flags.get(`${record.type ?? type.code}/${record.id}`);
              const stage = stages.find((each) => each.code === record.stage);
              return (
                <RecordCard
                  record={record.type ? record : { ...record, type: type.code }}
                  flag={
                    flag &&
                    (flag.actor
                      ? t('{name}: перенос сейчас', { name: nameOf(flag.actor).split(' ')[0] })
                      : t('новое обращение'))
                  }
                  wantsStep={canPlan && (stage?.kind === 'open' || stage?.kind === 'waiting')}
                  onPlan={setPlanning}
                  sums={sums}
                />
              );
            }}
          />
        )}
      </div>
      {mover.element}
      {planning && <PlanStep record={planning} onClose={() => setPlanning(null)} />}
    </>
  );
}

function appended(stage: BoardStage, page: Page<RecordData>): BoardStage {
  const known = new Set(stage.items.map((item) => item.id));
  return { ...stage, items: [...stage.items, ...page.items.filter((item) => !known.has(item.id))], next: page.next };
}

/** Ring, name, count, sum of all records; then the limit and the worst sign, and the shares as a bar. */
function ColumnHead({
  stage,
  data,
  count,
  sum,
  onFold,
}: {
  stage: PlacedStage;
  data: BoardStage;
  count: number | null;
  sum: number | null;
  onFold?: () => void;
}) {
  const portal = usePortal();
  const now = serverNow();
  // Signs speak only when every card is here: a part of the column must not pass for the whole.
  const whole = count !== null && data.items.length >= count;
  const late = whole ? data.items.filter((item) => item.next_at && Date.parse(item.next_at) < now).length : 0;
  const missing = whole && stage.kind === 'open' ? data.items.filter((item) => !item.next_at && !item.offer).length : 0;
  return (
    <header>
      <div className="row g6">
        <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
        <h2 className="m ell column-title">{titleOf(stage)}</h2>
        <span className="t3 num">{count === null ? '' : number(count)}</span>
        <b className="num push f12">{sum === null ? '' : sum ? moneyShort(sum, portal.currency) : ''}</b>
        {onFold && (
          <Button
            look="ghost"
            small
            icon="minus"
            aria-label={t('Свернуть «{stage}»', { stage: titleOf(stage) })}
            onClick={onFold}
          />
        )}
      </div>
      <div className="row g6 f11 column-sub">
        <span className="t3 ell">
          {stage.limit_seconds ? t('лимит {time}', { time: workTime(stage.limit_seconds * 1000) }) : '\u00A0'}
        </span>
        {late > 0 ? (
          <span className="push danger m nowrap">
            {t('{n, plural, one {# просрочена} few {# просрочены} many {# просрочено} other {# просрочено}}', {
              n: late,
            })}
          </span>
        ) : missing > 0 ? (
          <span className="push warn m nowrap">
            {t('{n, plural, one {# без шага} few {# без шага} many {# без шага} other {# без шага}}', { n: missing })}
          </span>
        ) : (
          whole && count > 0 && stage.kind === 'open' && <span className="push t3 nowrap">{t('всё в срок')}</span>
        )}
      </div>
      <div className="health" aria-hidden="true">
        <i style={{ flex: Math.max(1, (whole ? (count ?? 0) : 1) - late - missing) }} />
        {missing > 0 && <i className="w" style={{ flex: missing }} />}
        {late > 0 && <i className="d" style={{ flex: late }} />}
      </div>
    </header>
  );
}

function FoldedHead({ stage, count }: { stage: PlacedStage; count: number | null }) {
  return (
    <>
      <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
      <b className="num f12">{count === null ? '' : number(count)}</b>
      <span className="upright">{titleOf(stage)}</span>
    </>
  );
}

/** The stages as chips on a phone; the swipe does the same. */
function StageChips({
  stages,
  counts,
  current,
  onCurrent,
}: {
  stages: PlacedStage[];
  columns: unknown;
  counts: (code: string) => number | null | undefined;
  current: string;
  onCurrent: (code: string) => void;
}) {
  return (
    <nav className="stages only-m" aria-label={t('Стадии')}>
      {stages.map((stage) => (
        <button
          key={stage.id}
          type="button"
          className={`st ${stage.code === current ? 'on' : ''}`}
          aria-current={stage.code === current || undefined}
          onClick={() => onCurrent(stage.code)}
        >
          <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
          <span>{titleOf(stage)}</span>
          <span className="num t3">{counts(stage.code) ?? ''}</span>
        </button>
      ))}
    </nav>
  );
}

function BoardEmpty({ view, onAdd }: { view: View; onAdd?: () => void }) {
  const filtered = !!both(view.filter, '');
  if (filtered) {
    return (
      <EmptyState
        icon="filter"
        title={t('Под фильтр ничего не подходит')}
        why={t('Уберите одно из условий или откройте все записи')}
        action={
          <Button onClick={() => view.change({ where: undefined, tab: undefined }, false)}>{t('Убрать фильтр')}</Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={view.code === 'lead' ? 'inbox' : 'funnel'}
      title={t('Здесь пока пусто')}
      why={
        onAdd
          ? t('Первая запись появится, когда придёт обращение с формы или вы добавите её сами')
          : t('Вам здесь пока ничего не открыто, права даёт администратор')
      }
      action={
        onAdd && (
          <Button look="pri" icon="plus" onClick={onAdd}>
            {t('Добавить')}
          </Button>
        )
      }
    />
  );
}

function BoardSkeleton({ stages }: { stages: PlacedStage[] }) {
  return (
    <div className="body" aria-busy="true">
      <div className="board">
        {stages
          .filter((stage) => stage.kind === 'open')
          .map((stage, at) => (
            <section key={stage.id} className={`column ${at === 0 ? 'cur' : ''}`} aria-label={titleOf(stage)}>
              <header>
                <div className="row g6">
                  <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
                  <h2 className="m ell column-title">{titleOf(stage)}</h2>
                </div>
                <div className="row g6 f11 column-sub">{'\u00A0'}</div>
                <div className="health" aria-hidden="true">
                  <i style={{ flex: 1 }} />
                </div>
              </header>
              <div className="cards pad">
                <SkeletonCard />
                <SkeletonCard />
                <SkeletonCard />
              </div>
            </section>
          ))}
      </div>
    </div>
  );
}
