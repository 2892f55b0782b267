import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { BoardData, Page, RecordData } from '~/api/types.ts';

/** Records with an answer of the server on its way: live news about them waits, ours is newer. */
const pending = new Map<string, number>();
const keyOf = (type: string, id: number) => `${type}/${id}`;

/** Whether a change of ours to the record is still on its way. */
export function isPending(type: string, id: number): boolean {
  return pending.has(keyOf(type, id));
}

/** Marks a record as being changed by us until the returned function is called. */
export function hold(type: string, id: number): () => void {
  const key = keyOf(type, id);
  pending.set(key, (pending.get(key) ?? 0) + 1);
  return () => {
    const left = (pending.get(key) ?? 1) - 1;
    if (left) pending.set(key, left);
    else pending.delete(key);
  };
}

/** Changes a record wherever it is shown. Fields not named stay. */
export function patchEverywhere(client: QueryClient, type: string, id: number, fields: Partial<RecordData>): void {
  client.setQueryData<RecordData>(['record', type, id], (old) => old && { ...old, ...fields });
  client.setQueriesData<InfiniteData<Page<RecordData>>>({ queryKey: ['list', type] }, (old) => {
    if (!old?.pages.some((page) => page.items.some((item) => item.id === id))) return old;
    return {
      ...old,
      pages: old.pages.map((page) => ({
        ...page,
        items: page.items.map((item) => (item.id === id ? { ...item, ...fields } : item)),
      })),
    };
  });
  client.setQueriesData<BoardData>({ queryKey: ['board', type] }, (old) => old && patchBoard(old, id, fields));
}

/** Puts a record as the server has it into the lists that show it: what it doesn't name any more is empty. */
export function replaceInLists(client: QueryClient, record: RecordData): void {
  client.setQueriesData<InfiniteData<Page<RecordData>>>({ queryKey: ['list', record.type] }, (old) => {
    if (!old?.pages.some((page) => page.items.some((item) => item.id === record.id && item.version <= record.version)))
      return old;
    return {
      ...old,
      pages: old.pages.map((page) => ({
        ...page,
        items: page.items.map((item) => (item.id === record.id ? record : item)),
      })),
    };
  });
}

/** Takes a record off all lists and boards. Returns how to put everything back as it was. */
export function removeEverywhere(client: QueryClient, type: string, ids: ReadonlySet<number>): () => void {
  const before = [
    ...client.getQueriesData({ queryKey: ['list', type] }),
    ...client.getQueriesData({ queryKey: ['board', type] }),
  ];
  client.setQueriesData<InfiniteData<Page<RecordData>>>(
    { queryKey: ['list', type] },
    (old) =>
      old && {
        ...old,
        pages: old.pages.map((page) => ({ ...page, items: page.items.filter((item) => !ids.has(item.id)) })),
      },
  );
  client.setQueriesData<BoardData>({ queryKey: ['board', type] }, (old) => {
    let board = old;
    for (const id of ids) board = board && withoutCard(board, id);
    return board;
  });
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}

const baseOf = (item: RecordData) => {
  const amount = item.amount as { base?: number; minor?: number } | null | undefined;
  return amount?.base ?? amount?.minor ?? 0;
};

/** A board without a card; the head of its column counts it no more. */
export function withoutCard(board: BoardData, id: number): BoardData {
  return {
    ...board,
    stages: board.stages.map((stage) => {
      const card = stage.items.find((item) => item.id === id);
      if (!card) return stage;
      return {
        ...stage,
        items: stage.items.filter((item) => item.id !== id),
        count: stage.count == null ? stage.count : Math.max(0, stage.count - 1),
        sum: stage.sum == null ? stage.sum : stage.sum - baseOf(card),
      };
    }),
  };
}

/** A board with a card at the top of its stage's column (or where it was, if it was there). */
export function withCard(board: BoardData, card: RecordData): BoardData {
  const home = board.stages.find((stage) => stage.items.some((item) => item.id === card.id));
  if (home && home.stage === card.stage) {
    const old = home.items.find((item) => item.id === card.id)!;
    // An event older than what is on the screen says nothing new.
    if (old.version > card.version) return board;
    return {
      ...board,
      stages: board.stages.map((stage) =>
        stage !== home
          ? stage
          : {
              ...stage,
              items: stage.items.map((item) => (item.id === card.id ? card : item)),
              sum: stage.sum == null ? stage.sum : stage.sum - baseOf(old) + baseOf(card),
            },
      ),
    };
  }
  const cleared = home ? withoutCard(board, card.id) : board;
  return {
    ...cleared,
    stages: cleared.stages.map((stage) =>
      stage.stage !== card.stage
        ? stage
        : {
            ...stage,
            items: [card, ...stage.items],
            count: stage.count == null ? stage.count : stage.count + 1,
            sum: stage.sum == null ? stage.sum : stage.sum + baseOf(card),
          },
    ),
  };
}

function patchBoard(board: BoardData, id: number, fields: Partial<RecordData>): BoardData {
  for (const stage of board.stages) {
    const card = stage.items.find((item) => item.id === id);
    if (card) return withCard(board, { ...card, ...fields, version: Math.max(card.version ?? 0, fields.version ?? 0) });
  }
  return board;
}
