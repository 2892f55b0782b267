import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { Field, LinkValue, MoneyValue, RecordData } from '~/api/types.ts';
import {
  canDo,
  fieldOf,
  hrefOf,
  knownOf,
  stageOf,
  titleOf,
  useNames,
  usePipelines,
} from '~/entities/catalog/catalog.ts';
import { nextStep } from '~/entities/record/nextStep.ts';
import { listQuery } from '~/entities/record/queries.ts';
import { clientOf } from '~/entities/record/RecordCard.tsx';
import { RecordField } from '~/entities/record/RecordField.tsx';
import { BulkBar } from '~/features/bulk/BulkBar.tsx';
import { useSaver } from '~/features/conflict/useSaver.tsx';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { serverNow } from '~/ui/clock.ts';
import { DataTable, type TableColumn } from '~/ui/DataTable.tsx';
import { DateText } from '~/ui/DateText.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { Money } from '~/ui/Money.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { StageRing } from '~/ui/StageRing.tsx';
import type { View } from './RecordsPage.tsx';

const PasteRows = lazy(() => import('~/features/paste/PasteRows.tsx').then((room) => ({ default: room.PasteRows })));

/** The columns each built-in type shows beside title, stage, next step and responsible. */
const shown: Record<string, string[]> = {
  lead: ['person_name', 'company_name', 'amount', 'source'],
  deal: ['company', 'amount', 'closes_on', 'source'],
  contact: ['phones', 'emails', 'company', 'position'],
  company: ['phones', 'emails', 'inn', 'source'],
};

const widths: Partial<Record<Field['kind'], string>> = {
  money: '130px',
  date: '110px',
  integer: '110px',
  decimal: '110px',
  bool: '80px',
  phone: '160px',
  email: 'minmax(150px, 1fr)',
};

interface Props {
  view: View;
  onAdd?: () => void;
}

/** The list of a type; rows of a spreadsheet can be pasted into it. */
export function RecordsList({ view, onAdd }: Props) {
  const [pasting, setPasting] = useState<string | null>(null);
  const canAdd = !!onAdd;
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const typing =
        event.target instanceof Element && event.target.closest('input, textarea, [contenteditable], [role=dialog]');
      if (canAdd && !typing && /[\t\n]/.test(text.trim())) setPasting(text);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [canAdd]);
  return (
    <>
      <Rows view={view} onAdd={onAdd} onPaste={() => setPasting('')} />
      {pasting !== null && (
        <Suspense>
          <PasteRows
            type={view.type!}
            text={pasting}
            preset={view.pipeline ? { pipeline: view.pipeline.code } : undefined}
            onClose={() => setPasting(null)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Records as a table: sorting, editing in place, marking many. */
function Rows({ view, onAdd, onPaste }: Props & { onPaste: () => void }) {
  const type = view.type!;
  const navigate = useNavigate();
  const client = useQueryClient();
  const pipelines = usePipelines(type.code);
  const saver = useSaver();
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const codes = useMemo(
    () =>
      (
        shown[type.code] ??
        type.fields
          .filter((field) => !field.system)
          .slice(0, 5)
          .map((field) => field.code)
      ).filter((code) => fieldOf(type, code)),
    [type],
  );
  const staged = type.staged ? ['pipeline', 'stage', 'next_at', 'next_title'] : [];
  const fields = knownOf(type, ['title', ...staged, 'responsible', 'created_at', ...codes].join(','));
  const [canEdit, canAssign] = [canDo(type, 'edit'), canDo(type, 'assign')];
  const answers = fieldOf(type, 'responsible');
  const query = listQuery(
    { type: type.code, pipeline: view.pipeline?.code, filter: view.listFilter, sort: view.sort },
    fields,
  );
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(query);
  const rows = useMemo(
    () =>
      data?.pages.flatMap((page) => page.items).map((item) => (item.type ? item : { ...item, type: type.code })) ?? [],
    [data, type.code],
  );
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);

  if (isPending) return <SkeletonRows rows={16} />;
  if (error) {
    return (
      <div className="body centre">
        <ErrorNote title={t('Список не загрузился')} error={error} retry={() => void refetch()} />
      </div>
    );
  }
  if (!rows.length) {
    return (
      <div className="body centre">
        {view.filter ? (
          <EmptyState
            icon="filter"
            title={t('Под фильтр ничего не подходит')}
            why={t('Уберите одно из условий или откройте все записи')}
            action={
              <Button onClick={() => view.change({ where: undefined, tab: undefined }, false)}>
                {t('Убрать фильтр')}
              </Button>
            }
          />
        ) : (
          <EmptyState
            icon="list"
            title={t('Здесь пока пусто')}
            why={
              onAdd
                ? t('Первая запись появится, когда придёт обращение с формы или вы добавите её сами')
                : t('Вам здесь пока ничего не открыто, права даёт администратор')
            }
            action={
              onAdd && (
                <div className="row g6">
                  <Button look="pri" icon="plus" onClick={onAdd}>
                    {t('Добавить')}
                  </Button>
                  <Button icon="copy" onClick={onPaste}>
                    {t('Вставить из таблицы')}
                  </Button>
                </div>
              )
            }
          />
        )}
      </div>
    );
  }

  const fieldColumn = (code: string): TableColumn<RecordData> => {
    const field = fieldOf(type, code)!;
    const scalar = !['link', 'links', 'phone', 'email', 'multilist', 'file', 'longtext', 'address', 'url'].includes(
      field.kind,
    );
    return {
      key: code,
      title: titleOf(field),
      width: widths[field.kind] ?? 'minmax(120px, 1fr)',
      right: field.kind === 'money' || field.kind === 'integer' || field.kind === 'decimal',
      sort: scalar ? code : undefined,
      cell: (record) => (
        <RecordField
          record={record}
          field={field}
          readOnly={!canEdit}
          onSave={(each, value) => saver.save(record, { [each]: value })}
        />
      ),
    };
  };
  const columns: TableColumn<RecordData>[] = [
    {
      key: 'title',
      title: t('Название'),
      width: 'minmax(200px, 2fr)',
      sort: 'title',
      cell: (record) => (
        <Link to={hrefOf(type.code, record.id)} className="m ell row-link" tabIndex={-1}>
          {record.title}
        </Link>
      ),
    },
    ...(type.staged
      ? [
          {
            key: 'stage',
            title: t('Стадия'),
            width: 'minmax(130px, 1fr)',
            cell: (record: RecordData) => <StageCell record={record} stage={stageOf(pipelines, record)} />,
          },
          {
            key: 'next',
            title: t('Следующий шаг'),
            width: 'minmax(150px, 1.2fr)',
            sort: 'next_at',
            cell: (record: RecordData) => (
              <StepCell
                record={record}
                open={['open', 'waiting'].includes(stageOf(pipelines, record)?.kind ?? 'open')}
              />
            ),
          },
        ]
      : []),
    ...codes.map(fieldColumn),
    {
      key: 'responsible',
      title: t('Ответственный'),
      width: 'minmax(140px, 1fr)',
      cell: (record) => (
        <RecordField
          record={record}
          field={{
            code: 'responsible',
            kind: 'user',
            title_ru: 'Ответственный',
            title_en: 'Responsible',
            required: true,
          }}
          readOnly={!canAssign || !!answers?.read_only}
          onSave={(each, value) => saver.save(record, { [each]: value })}
        />
      ),
    },
    {
      key: 'created',
      title: t('Создано'),
      width: '110px',
      sort: 'created_at',
      cell: (record) => (
        <span className="t3 num">
          <DateText at={record.created_at} />
        </span>
      ),
    },
  ];

  return (
    <div className="body list">
      <DataTable
        label={titleOf(type)}
        rows={rows}
        columns={columns}
        sort={view.sort}
        onSort={(sort) => view.change({ sort })}
        selected={selected}
        onSelect={setSelected}
        onOpen={(record) => void navigate({ to: hrefOf(type.code, record.id) })}
        more={hasNextPage}
        onMore={onMore}
        narrow={(record) => <NarrowRow record={record} stage={stageOf(pipelines, record)} />}
      />
      <BulkBar
        type={type}
        rows={rows}
        selected={selected}
        filter={view.listFilter}
        pipeline={view.pipeline}
        onClear={() => setSelected(new Set())}
        onDone={() => {
          setSelected(new Set());
          void client.invalidateQueries({ queryKey: ['list', type.code] });
          void client.invalidateQueries({ queryKey: ['board', type.code] });
        }}
      />
      {saver.element}
    </div>
  );
}

function StageCell({ stage, record }: { record: RecordData; stage: ReturnType<typeof stageOf> }) {
  if (!stage) return <span className="t3">{record.stage}</span>;
  return (
    <span className="row g6">
      <StageRing kind={stage.kind} color={stage.color} share={stage.share} />
      <span className="ell">{titleOf(stage)}</span>
    </span>
  );
}

function StepCell({ record, open }: { record: RecordData; open: boolean }) {
  const step = nextStep(record, serverNow());
  if (step.form === 'none') return open ? <span className="warn f12">{t('нет шага')}</span> : null;
  return (
    <span className={`row g6 f12 ${step.form === 'late' ? 'danger m' : 't2'}`}>
      {step.form === 'late' && <Icon name="alert" small />}
      <span className="ell">{step.title}</span>
      <span className="push num">{step.when}</span>
    </span>
  );
}

/** Two lines of a row on a phone. */
function NarrowRow({ record, stage }: { record: RecordData; stage: ReturnType<typeof stageOf> }) {
  const phones = (record.phones as { value: string }[] | null | undefined)?.[0]?.value;
  const amount = record.amount as MoneyValue | null | undefined;
  const nameOf = useNames();
  const client = clientOf(record) || phones || (record.company as LinkValue | null)?.title || '';
  const step = nextStep(record, serverNow());
  return (
    <Link to={hrefOf(record.type, record.id)} className="narrow-row" tabIndex={-1}>
      <span className="row g6">
        <span className="m ell grow">{record.title}</span>
        {amount && <Money value={amount} short />}
      </span>
      <span className="row g6 f12 t3">
        {stage && <StageRing kind={stage.kind} color={stage.color} share={stage.share} />}
        {stage && <span className="ell">{titleOf(stage)}</span>}
        {/* A title that names the client already leaves the place to what is next, or to who answers. */}
        {client && !record.title.includes(client) ? (
          <span className="ell push">{client}</span>
        ) : step.form === 'none' ? (
          <span className="ell push">{nameOf(record.responsible)}</span>
        ) : (
          <span className={`ell push ${step.form === 'late' ? 'danger' : ''}`}>
            {step.title} {step.when}
          </span>
        )}
      </span>
    </Link>
  );
}
