import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { Page, Pipeline, RecordData, RecordType } from '~/api/types.ts';
import { canDo, fieldOf, placed, titleOf, useLostReasons, useUsers } from '~/entities/catalog/catalog.ts';
import { bulk, deleteRecords, tellFailed } from '~/entities/record/mutations.ts';
import { countQuery, forget } from '~/entities/record/queries.ts';
import { t } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { MenuButton } from '~/ui/MenuButton.tsx';
import { Picker } from '~/ui/Picker.tsx';
import { StageRing } from '~/ui/StageRing.tsx';
import { toast } from '~/ui/toasts.ts';

interface Props {
  type: RecordType;
  rows: readonly RecordData[];
  selected: ReadonlySet<number>;
  filter: string;
  pipeline?: Pipeline;
  onClear: () => void;
  onDone: () => void;
}

/** The most records "all matching" takes at once. */
const MOST = 10_000;

/** All ids a condition finds, page by page. */
async function idsOf(type: string, filter: string, pipeline?: string): Promise<number[]> {
  const ids: number[] = [];
  let after: string | undefined;
  do {
    const page: Page<RecordData> = await api.get(`/records/${type}`, {
      filter,
      pipeline,
      fields: 'title',
      limit: 200,
      after,
    });
    ids.push(...page.items.map((item) => item.id));
    after = page.next ?? undefined;
  } while (after && ids.length < MOST);
  return ids;
}

/** What can be done with the marked records, with progress, a report of what failed and a way back. */
export function BulkBar({ type, rows, selected, filter, pipeline, onClear, onDone }: Props) {
  const client = useQueryClient();
  const users = useUsers();
  const [ids, setIds] = useState<readonly number[] | null>(null);
  const [busy, setBusy] = useState<{ done: number; of: number } | null>(null);
  const [assigning, setAssigning] = useState(false);
  const [lost, setLost] = useState<string | null>(null);
  const reasons = useLostReasons(type.code, lost !== null);
  const chosen = ids ?? [...selected];
  const { data: matching } = useQuery({ ...countQuery(type.code, filter, pipeline?.code), enabled: selected.size > 0 });

  const change = async (set: Record<string, unknown>, text: string) => {
    const before = new Map<string, number[]>();
    const codes = Object.keys(set);
    for (const row of rows) {
      if (!chosen.includes(row.id)) continue;
      const old = JSON.stringify(Object.fromEntries(codes.map((code) => [code, row[code] ?? null])));
      before.set(old, [...(before.get(old) ?? []), row.id]);
    }
    const undoable = [...before.values()].reduce((sum, list) => sum + list.length, 0) === chosen.length;
    setBusy({ done: 0, of: chosen.length });
    try {
      const result = await bulk(type.code, chosen, { set }, (done) => setBusy({ done, of: chosen.length }));
      if (result.failed.length) tellFailed(result);
      const undo = async () => {
        for (const [old, list] of before)
          await bulk(type.code, list, { set: JSON.parse(old) as Record<string, unknown> });
        onDone();
        forget(client, type.code);
      };
      if (result.done)
        toast({
          text,
          undo: undoable
            ? () =>
                void undo().catch((error) =>
                  toast({ kind: 'error', text: t('Не вернулось'), detail: errorText(error) }),
                )
            : undefined,
        });
    } catch (error) {
      toast({ kind: 'error', text: t('Не изменилось'), detail: errorText(error) });
    } finally {
      setBusy(null);
      setIds(null);
      forget(client, type.code);
      onDone();
    }
  };
  const remove = async () => {
    setBusy({ done: 0, of: chosen.length });
    await deleteRecords(client, type.code, chosen);
    setBusy(null);
    setIds(null);
    onDone();
  };
  useAction(
    selected.size && canDo(type, 'delete')
      ? {
          id: 'bulk-delete',
          title: t('Удалить выбранное'),
          group: t('Список и доска'),
          icon: 'trash',
          key: 'Delete',
          run: () => void remove(),
        }
      : null,
  );

  if (!selected.size) return null;
  const moved = (stage: string) =>
    t(
      '{n, plural, one {Перенесена # запись} few {Перенесены # записи} many {Перенесены # записей} other {Перенесены # записи}} в «{stage}»',
      { n: chosen.length, stage },
    );
  return (
    <section className="bulk" aria-label={t('Выбранное')}>
      <b className="num" aria-live="polite">
        {busy
          ? t('{done} из {of}', busy)
          : t(
              '{n, plural, one {Выбрана # запись} few {Выбраны # записи} many {Выбрано # записей} other {Выбрано # записи}}',
              { n: chosen.length },
            )}
      </b>
      {!ids && matching && matching.count > selected.size && selected.size >= rows.length && (
        <Button look="ghost" small onClick={() => void idsOf(type.code, filter, pipeline?.code).then(setIds)}>
          {t('Выбрать все {n} подходящих', { n: matching.count })}
        </Button>
      )}
      <span className="grow" />
      {pipeline && canDo(type, 'move') && (
        <MenuButton
          position="top-start"
          label={t('Перенести')}
          target={
            <Button small icon="ar" disabled={!!busy}>
              {t('Перенести')}
            </Button>
          }
          entries={placed(pipeline).map((stage) => ({
            title: titleOf(stage),
            sign: <StageRing kind={stage.kind} color={stage.color} share={stage.share} />,
            run: () =>
              stage.kind === 'lost' ? setLost(stage.code) : void change({ stage: stage.code }, moved(titleOf(stage))),
          }))}
        />
      )}
      {canDo(type, 'assign') && !fieldOf(type, 'responsible')?.read_only && (
        <Button small icon="user" disabled={!!busy} onClick={() => setAssigning(true)}>
          {t('Назначить')}
        </Button>
      )}
      {canDo(type, 'delete') && (
        <Button small icon="trash" look="redline" disabled={!!busy} onClick={() => void remove()}>
          {t('Удалить')}
        </Button>
      )}
      <Button
        small
        look="ghost"
        icon="x"
        aria-label={t('Снять выбор')}
        onClick={() => {
          setIds(null);
          onClear();
        }}
      />
      {assigning && (
        <Dialog title={t('Кому передать')} onClose={() => setAssigning(false)} size={360}>
          <Picker
            label={t('Ответственный')}
            open
            options={users
              .filter((user) => user.active)
              .map((user) => ({
                value: String(user.id),
                title: user.name,
                hint: user.position,
                sign: <Avatar id={user.id} name={user.name} silent />,
              }))}
            value={null}
            onPick={(picked) => {
              setAssigning(false);
              if (picked) void change({ responsible: Number(picked) }, t('Ответственный назначен'));
            }}
          />
        </Dialog>
      )}
      {lost !== null && (
        <Dialog title={t('Почему отказ?')} onClose={() => setLost(null)} size={400}>
          <ul className="choices">
            {reasons.map((reason) => (
              <li key={reason.id}>
                <button
                  type="button"
                  className="choice"
                  onClick={() => {
                    setLost(null);
                    void change({ stage: lost, lost_reason: reason.code ?? reason.id }, moved(titleOf(reason)));
                  }}
                >
                  {titleOf(reason)}
                </button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </section>
  );
}
