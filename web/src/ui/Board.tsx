import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type TouchEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { t } from '~/i18n/index.ts';
import { SkeletonCard } from './Skeleton.tsx';

export interface BoardColumn<T> {
  key: string;
  label: string;
  head: ReactNode;
  items: readonly T[];
  /** More cards can be asked for. */
  more: boolean;
  loading?: boolean;
  foot?: ReactNode;
  /** A folded column shows only this, upright. */
  folded?: ReactNode;
}

interface Props<T> {
  label: string;
  columns: BoardColumn<T>[];
  card: (item: T) => ReactNode;
  /** The column shown on a phone. */
  current: string;
  onCurrent: (key: string) => void;
  onMove: (item: T, from: string, to: string) => void;
  /** Cards stay where they are: the reader may not move them. */
  fixed?: boolean;
  onMore: (key: string) => void;
  onUnfold: (key: string) => void;
  /** The card under the keyboard or the mouse, for shortcuts like "Move to…". */
  onFocusCard: (item: T | null) => void;
}

/**
 * Columns of cards. Every column is virtualised; cards are dragged between columns or moved by the keyboard's own way
 * (see onFocusCard). Arrows walk over the cards, Enter follows the link of the card.
 */
export function Board<T extends { id: number }>(props: Props<T>) {
  const { columns, current, onCurrent } = props;
  const box = useRef<HTMLDivElement>(null);
  const touch = useRef<{ x: number; y: number } | null>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const slot = (event.target as HTMLElement).closest<HTMLElement>('[data-slot]');
    if (!step || !slot || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [column, index] = (slot.dataset.slot ?? '').split(':');
    const at = columns.findIndex((each) => each.key === column);
    focusSlot(at + step[0]!, Number(index) + step[1]!, step[0]!);
  };

  /** Focuses a card, or the nearest one of the next column that has cards. */
  const focusSlot = (at: number, index: number, step: number) => {
    let next = at;
    while (columns[next] && (columns[next]!.folded || !columns[next]!.items.length)) {
      if (!step) return;
      next += step;
    }
    const column = columns[next];
    if (!column || index < 0) return;
    const wanted = Math.min(index, column.items.length - 1);
    const find = () => box.current?.querySelector<HTMLElement>(`[data-slot="${column.key}:${wanted}"] a`);
    const link = find();
    if (link) {
      link.focus();
      link.closest('[data-slot]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return;
    }
    box.current
      ?.querySelector(`[data-column="${column.key}"] .cards`)
      ?.dispatchEvent(new CustomEvent('board:show', { detail: wanted }));
    requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()));
  };

  const onTouchEnd = (event: TouchEvent) => {
    const from = touch.current;
    const to = event.changedTouches[0];
    touch.current = null;
    if (!from || !to) return;
    const dx = to.clientX - from.x;
    if (Math.abs(dx) < 70 || Math.abs(to.clientY - from.y) > Math.abs(dx) / 2) return;
    const at = columns.findIndex((column) => column.key === current);
    const next = columns[at + (dx < 0 ? 1 : -1)];
    if (next && matchMedia('(max-width: 640px)').matches) onCurrent(next.key);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows walk over the links inside
    <div
      ref={box}
      className="board"
      onKeyDown={onKeyDown}
      onTouchStart={(event) => {
        const first = event.touches[0];
        touch.current = first ? { x: first.clientX, y: first.clientY } : null;
      }}
      onTouchEnd={onTouchEnd}
    >
      {columns.map((column) =>
        column.folded ? (
          <FoldedColumn key={column.key} column={column} onMove={props.onMove} onUnfold={props.onUnfold} />
        ) : (
          <Column key={column.key} column={column} {...props} current={column.key === current} />
        ),
      )}
    </div>
  );
}

type ColumnProps<T> = Pick<Props<T>, 'card' | 'onMove' | 'fixed' | 'onMore' | 'onFocusCard'> & {
  column: BoardColumn<T>;
  current: boolean;
};

function Column<T extends { id: number }>({
  column,
  card,
  current,
  onMove,
  fixed,
  onMore,
  onFocusCard,
}: ColumnProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [over, setOver] = useDrop(scroller, column.key, onMove);
  const { items, more } = column;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 112,
    gap: 6,
    paddingStart: 6,
    paddingEnd: 6,
    overscan: 2,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  const virtual = rows.getVirtualItems();
  const last = virtual[virtual.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more && last >= items.length - 4) onMore(column.key);
  }, [last, more, items.length, column.key, onMore]);
  useEffect(() => {
    const element = scroller.current;
    const show = (event: Event) => rows.scrollToIndex((event as CustomEvent<number>).detail);
    element?.addEventListener('board:show', show);
    return () => element?.removeEventListener('board:show', show);
  }, [rows]);
  useEffect(() => () => setOver(false), [setOver]);

  return (
    <section
      className={`column ${current ? 'cur' : ''} ${over ? 'over' : ''}`}
      aria-label={column.label}
      data-column={column.key}
    >
      {column.head}
      <div className="cards" ref={scroller} tabIndex={items.length ? undefined : -1}>
        <div className="cards-inner" style={{ height: rows.getTotalSize() }}>
          {virtual.map((row) => {
            const item = items[row.index];
            if (!item) return null;
            return (
              <div
                key={row.key}
                ref={rows.measureElement}
                data-index={row.index}
                data-slot={`${column.key}:${row.index}`}
                className="slot"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <Slot item={item} column={column.key} fixed={fixed} onFocusCard={onFocusCard}>
                  {card(item)}
                </Slot>
              </div>
            );
          })}
        </div>
        {column.loading && <SkeletonCard />}
        {column.foot}
      </div>
    </section>
  );
}

interface SlotProps<T> {
  item: T;
  column: string;
  fixed?: boolean;
  onFocusCard: (item: T | null) => void;
  children: ReactNode;
}

function SlotInner<T extends { id: number }>({ item, column, fixed, onFocusCard, children }: SlotProps<T>) {
  const element = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState(false);
  const latest = useRef(item);
  latest.current = item;
  useEffect(() => {
    if (!element.current || fixed) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ card: latest.current, column }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [column, fixed]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging has its keyboard way in "Move to…"
    <div
      ref={element}
      className={dragged ? 'dragged' : undefined}
      onMouseEnter={() => onFocusCard(item)}
      onMouseLeave={() => onFocusCard(null)}
      onFocus={() => onFocusCard(item)}
    >
      {children}
    </div>
  );
}
const Slot = memo(SlotInner) as typeof SlotInner;

/** Makes an element take dragged cards of other columns. */
function useDrop<T>(target: React.RefObject<HTMLElement | null>, key: string, onMove: Props<T>['onMove']) {
  const [over, setOver] = useState(false);
  const move = useRef(onMove);
  move.current = onMove;
  const drop = useCallback(
    (data: Record<string, unknown>) => {
      setOver(false);
      if (data.column !== key) move.current(data.card as T, data.column as string, key);
    },
    [key],
  );
  useEffect(() => {
    if (!target.current) return;
    return combine(
      dropTargetForElements({
        element: target.current,
        canDrop: ({ source }) => source.data.card !== undefined,
        onDragEnter: ({ source }) => setOver(source.data.column !== key),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => drop(source.data),
      }),
    );
  }, [target, key, drop]);
  return [over, setOver] as const;
}

function FoldedColumn<T extends { id: number }>({
  column,
  onMove,
  onUnfold,
}: { column: BoardColumn<T> } & Pick<Props<T>, 'onMove' | 'onUnfold'>) {
  const element = useRef<HTMLButtonElement>(null);
  const [over] = useDrop(element, column.key, onMove);
  return (
    <button
      ref={element}
      type="button"
      className={`folded only-d ${over ? 'over' : ''}`}
      onClick={() => onUnfold(column.key)}
    >
      <span className="sr">{t('Развернуть «{stage}»', { stage: column.label })}</span>
      {column.folded}
    </button>
  );
}
