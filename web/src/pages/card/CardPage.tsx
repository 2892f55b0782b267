import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError } from '~/api/client.ts';
import type { LinkValue, RecordData } from '~/api/types.ts';
import {
  canDo,
  placed,
  pluralOf,
  slugOf,
  stageOf,
  titleOf,
  typeOfSlug,
  usePipelines,
  useType,
} from '~/entities/catalog/catalog.ts';
import { hold } from '~/entities/record/cache.ts';
import { contacts } from '~/entities/record/FieldView.tsx';
import { deleteRecords } from '~/entities/record/mutations.ts';
import { recordQuery } from '~/entities/record/queries.ts';
import { useMe } from '~/entities/session/session.ts';
import { Composer } from '~/features/composer/Composer.tsx';
import { useSaver } from '~/features/conflict/useSaver.tsx';
import { useMover } from '~/features/move/useMover.tsx';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { EmptyState } from '~/ui/EmptyState.tsx';
import { ErrorNote } from '~/ui/ErrorNote.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';
import { TopBar } from '~/ui/TopBar.tsx';
import { CardFields } from './CardFields.tsx';
import { CardHead } from './CardHead.tsx';
import { ClientPanel } from './ClientPanel.tsx';
import { InstructionPanel } from './InstructionPanel.tsx';
import { RelatedPanel } from './RelatedPanel.tsx';
import { Timeline } from './Timeline.tsx';

type Tab = 'timeline' | 'fields' | 'client' | 'instruction';

/** The card of a record: where it stands, whom it is about, what happened and what is next. */
export function CardPage() {
  const { slug, id } = useParams({ from: '/inside/$slug/$id' });
  const code = typeOfSlug(slug);
  const { data: record, error, isPending, refetch } = useQuery(recordQuery(code, Number(id)));
  useEffect(() => {
    if (record) document.title = `${record.title} · Voronka`;
  }, [record]);
  if (isPending) {
    return (
      <main className="sheet" aria-busy="true">
        <TopBar>
          <span />
        </TopBar>
        <SkeletonRows rows={8} />
      </main>
    );
  }
  if (error) return <CardMissing error={error} slug={slug} retry={() => void refetch()} />;
  return <Card key={`${code}/${id}`} record={{ ...record, type: record.type ?? code }} />;
}

function CardMissing({ error, slug, retry }: { error: unknown; slug: string; retry: () => void }) {
  const navigate = useNavigate();
  const gone = error instanceof ApiError && (error.status === 404 || error.status === 403);
  return (
    <main className="sheet">
      <TopBar>
        <span />
      </TopBar>
      <div className="body centre">
        {gone ? (
          <EmptyState
            icon="lock"
            title={t('Записи нет или она вам не видна')}
            why={t('Её могли удалить, тогда она в корзине, или передать другому отделу')}
            action={
              <Button onClick={() => void navigate({ to: '/$slug', params: { slug } })}>{t('Ко всем записям')}</Button>
            }
          />
        ) : (
          <ErrorNote title={t('Карточка не загрузилась')} error={error} retry={retry} />
        )}
      </div>
    </main>
  );
}

function Card({ record }: { record: RecordData }) {
  const type = useType(record.type);
  const pipelines = usePipelines(record.type);
  const client = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const me = useMe();
  const mover = useMover(record.type);
  const saver = useSaver();
  const [tab, setTab] = useState<Tab>('timeline');
  const stage = stageOf(pipelines, record);
  const stages = placed(stage?.pipeline ?? pipelines[0]);
  // What the card itself says holds for this record; until it is read, what its type says.
  const may = (op: string) => me.role !== 'guest' && (record.can?.includes(op) ?? canDo(type, op));
  const [readOnly, fixed] = [!may('edit'), !may('move')];
  const slug = slugOf(record.type);

  const back = () =>
    router.history.canGoBack() ? router.history.back() : void navigate({ to: '/$slug', params: { slug } });
  const remove = async () => {
    const release = hold(record.type, record.id); // until this page is left nobody asks for what is gone
    if (await deleteRecords(client, record.type, [record.id])) await navigate({ to: '/$slug', params: { slug } });
    release();
  };
  const open = stages.filter((each) => each.kind === 'open' || each.kind === 'won');
  const next =
    stage?.kind === 'open' || stage?.kind === 'waiting'
      ? open[open.findIndex((each) => each.id === stage.id) + 1]
      : undefined;

  useAction(
    fixed
      ? null
      : {
          id: 'move',
          title: t('Перенести в…'),
          group: t('Карточка'),
          icon: 'ar',
          key: 'KeyM',
          run: () => mover.menu(record),
        },
  );
  useAction(
    next && !fixed
      ? {
          id: 'next-stage',
          title: t('В «{stage}»', { stage: titleOf(next) }),
          group: t('Карточка'),
          icon: 'ar',
          key: 'mod+Enter',
          run: () => mover.move(record, next),
        }
      : null,
  );
  useAction(
    !may('delete')
      ? null
      : {
          id: 'delete',
          title: t('Удалить'),
          group: t('Карточка'),
          icon: 'trash',
          key: 'Delete',
          run: () => void remove(),
        },
  );
  useAction({
    id: 'back',
    title: t('Назад'),
    group: t('Карточка'),
    icon: 'cl',
    key: 'Escape',
    hidden: true,
    run: back,
  });

  const staged = !!type?.staged;
  const instruction = stage && (stage.instruction || stage.goal || stage.task || stage.product || stage.role);
  const tabs: [Tab, string][] = [
    ['timeline', t('Лента')],
    ['fields', t('Поля')],
    ...((staged ? [['client', t('Клиент')]] : []) as [Tab, string][]),
    ...((instruction ? [['instruction', t('Инструкция')]] : []) as [Tab, string][]),
  ];
  const writes = canDo(useType('activity'), 'create');
  const save = (code: string, value: unknown) => saver.save(record, { [code]: value });
  return (
    <main className="sheet card-page">
      <TopBar>
        <Button look="ghost" small icon="cl" aria-label={t('Назад')} onClick={back} />
        <span className="t3 ell crumbs">
          {pluralOf(type)}
          {stage && pipelines.length > 1 ? ` / ${titleOf(stage.pipeline)}` : ''}
        </span>
      </TopBar>
      <CardHead
        record={record}
        type={type}
        stage={stage}
        stages={stages}
        next={next}
        readOnly={readOnly}
        onSave={save}
        onMove={fixed ? undefined : (to) => mover.move(record, to)}
        onMenu={fixed ? undefined : () => mover.menu(record)}
        onDelete={may('delete') ? () => void remove() : undefined}
      />
      <nav className="tabs mtabs only-m" aria-label={t('Части карточки')}>
        {tabs.map(([each, title]) => (
          <button
            key={each}
            type="button"
            className={each === tab ? 'on' : ''}
            aria-current={each === tab || undefined}
            onClick={() => setTab(each)}
          >
            {title}
          </button>
        ))}
      </nav>
      <div className="body scroll">
        <div className={`grid3 tab-${tab} ${instruction ? '' : 'two'}`}>
          <div className="c1">
            {staged && <ClientPanel record={record} />}
            <CardFields record={record} type={type} readOnly={readOnly} assignable={may('assign')} onSave={save} />
            {!staged && <RelatedPanel record={record} />}
          </div>
          <div className="c2">
            {writes && <Composer record={record} />}
            <Timeline record={record} type={type} stages={stages} />
          </div>
          {instruction && (
            <div className="c3">
              <InstructionPanel stage={stage} />
            </div>
          )}
        </div>
      </div>
      <PhoneActions
        record={record}
        next={next ? () => mover.move(record, next) : undefined}
        onMenu={() => mover.menu(record)}
        readOnly={fixed}
      />
      {mover.element}
      {saver.element}
    </main>
  );
}

/** Call and the next stage at the thumb. */
function PhoneActions({
  record,
  next,
  onMenu,
  readOnly,
}: {
  record: RecordData;
  next?: () => void;
  onMenu: () => void;
  readOnly: boolean;
}) {
  const contact = record.contact as LinkValue | null | undefined;
  const { data: person } = useQuery({ ...recordQuery('contact', contact?.id ?? 0), enabled: !!contact?.title });
  const phone = [...contacts(record.phones), ...contacts(person?.phones)][0];
  if (readOnly || (!phone && !next)) return null;
  return (
    <div className="mact only-m">
      {phone && (
        <a className="btn pri grow" href={`tel:${phone.e164 ?? phone.value}`}>
          {t('Позвонить')}
        </a>
      )}
      {next && (
        <Button look={phone ? '' : 'pri'} icon="ar" className="grow" onClick={next}>
          {t('Дальше')}
        </Button>
      )}
      {next && <Button icon="dots" aria-label={t('Перенести в…')} onClick={onMenu} />}
    </div>
  );
}
