import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { t } from '~/i18n/index.ts';
import { isTyping } from './actions.ts';
import { Icon } from './Icon.tsx';
import { useNarrow } from './useNarrow.ts';

export interface TableColumn<T> {
  key: string;
  title: string;
  /** A width of CSS grid: "120px", "minmax(180px, 2fr)". */
  width: string;
  right?: boolean;
  /** The name this column is sorted by; without it the head is plain. */
  sort?: string;
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  rows: readonly T[];
  columns: TableColumn<T>[];
  /** `amount` or `-amount`. */
  sort?: string;
  onSort?: (sort: string) => void;
  selected?: ReadonlySet<number>;
  onSelect?: (selected: ReadonlySet<number>) => void;
  onOpen: (row: T) => void;
  more?: boolean;
  onMore?: () => void;
  /** What a phone shows instead of the columns. */
  narrow: (row: T) => ReactNode;
}

const ROW = { wide: 34, narrow: 64 };

/**
 * A virtualised table. Arrows walk over the rows, Enter opens, Space marks, Shift marks a range; cells may hold inline
 * fields, then Tab goes through them.
 */
export function DataTable<T extends { id: number }>(props: Props<T>) {
  const { label, rows, columns, sort, onSort, selected, onSelect, onOpen, more, onMore, narrow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const lastMarked = useRef(0);
  const small = useNarrow();
  const height = small ? ROW.narrow : rowHeight();
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const virtual = list.getVirtualItems();
  const last = virtual[virtual.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 10) onMore?.();
  }, [more, last, rows.length, onMore]);

  const mark = (index: number, range: boolean) => {
    const row = rows[index];
    if (!row || !selected || !onSelect) return;
    const next = new Set(selected);
    const on = !selected.has(row.id);
    const [from, to] = range
      ? [Math.min(index, lastMarked.current), Math.max(index, lastMarked.current)]
      : [index, index];
    for (let at = from; at <= to; at++) {
      const id = rows[at]?.id;
      if (id === undefined) continue;
      if (on) next.add(id);
      else next.delete(id);
    }
    lastMarked.current = index;
    onSelect(next);
  };

  const focusRow = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    setActive(to);
    list.scrollToIndex(to);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${to}"]`)?.focus());
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.target as HTMLElement;
    if (isTyping(event.target) || row.dataset.row === undefined) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / height) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -rows.length,
      End: rows.length,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      focusRow(active + step);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const opened = rows[active];
      if (opened) onOpen(opened);
    } else if (event.key === ' ' && onSelect) {
      event.preventDefault();
      mark(active, event.shiftKey);
    }
  };

  const least = `${columns.reduce((sum, column) => sum + Number(/(\d+)px/.exec(column.width)?.[1] ?? 0), onSelect ? 36 : 0)}px`;
  const template = `${onSelect ? '36px ' : ''}${columns.map((column) => column.width).join(' ')}`;
  const allMarked = !!selected && rows.length > 0 && rows.every((row) => selected.has(row.id));
  return (
    <div
      className="dt"
      role="grid"
      aria-label={label}
      aria-rowcount={more ? -1 : rows.length}
      aria-multiselectable={onSelect ? true : undefined}
      onKeyDown={onKeyDown}
      ref={scroller}
    >
      {!small && (
        <div className="dt-head" role="row" style={{ gridTemplateColumns: template, minWidth: least }}>
          {onSelect && (
            <div role="columnheader" className="dt-cell">
              <input
                type="checkbox"
                aria-label={t('Выбрать все показанные')}
                checked={allMarked}
                onChange={() => onSelect(allMarked ? new Set() : new Set(rows.map((row) => row.id)))}
              />
            </div>
          )}
          {columns.map((column) => {
            const down = sort === `-${column.sort}`;
            const on = !!column.sort && (down || sort === column.sort);
            return (
              <div
                key={column.key}
                role="columnheader"
                className={`dt-cell ${column.right ? 'r' : ''}`}
                aria-sort={on ? (down ? 'descending' : 'ascending') : undefined}
              >
                {column.sort && onSort ? (
                  <button
                    type="button"
                    className={`dt-sort ${on ? 'on' : ''}`}
                    onClick={() => onSort(on && !down ? `-${column.sort}` : column.sort!)}
                  >
                    <span className="ell">{column.title}</span>
                    {on && <Icon name={down ? 'cd' : 'cu'} small />}
                  </button>
                ) : (
                  <span className="ell">{column.title}</span>
                )}
              </div>
            );
          })}
        </div>
      )}
      <div
        className="dt-body"
        role="rowgroup"
        style={{ height: list.getTotalSize(), minWidth: small ? undefined : least }}
      >
        {virtual.map((line) => {
          const row = rows[line.index];
          if (!row) return null;
          const marked = selected?.has(row.id) ?? false;
          return (
            <div
              key={line.key}
              role="row"
              aria-rowindex={line.index + 1}
              aria-selected={onSelect ? marked : undefined}
              className={`dt-row ${marked ? 'marked' : ''} ${small ? 'narrow' : ''}`}
              data-row={line.index}
              data-inline-group
              tabIndex={line.index === active || (active >= rows.length && line.index === 0) ? 0 : -1}
              style={{
                gridTemplateColumns: small ? undefined : template,
                height: line.size,
                transform: `translateY(${line.start}px)`,
              }}
              onFocus={() => setActive(line.index)}
            >
              {small ? (
                <div role="gridcell" className="dt-narrow">
                  {narrow(row)}
                </div>
              ) : (
                <>
                  {onSelect && (
                    <div role="gridcell" className="dt-cell">
                      <input
                        type="checkbox"
                        tabIndex={-1}
                        aria-label={t('Выбрать строку {n}', { n: line.index + 1 })}
                        checked={marked}
                        onChange={(event) => mark(line.index, (event.nativeEvent as MouseEvent).shiftKey)}
                      />
                    </div>
                  )}
                  {columns.map((column) => (
                    <div key={column.key} role="gridcell" className={`dt-cell ${column.right ? 'r' : ''}`}>
                      {column.cell(row)}
                    </div>
                  ))}
                </>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The height of a row in the density chosen. */
function rowHeight(): number {
  return Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row-h'), 10) || ROW.wide;
}
