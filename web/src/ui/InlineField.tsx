import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { t } from '~/i18n/index.ts';

/** What an editor spreads on its input so that the keys and the reader's name of the field work. */
export interface EditorInput {
  id: string;
  'aria-label': string;
  'aria-invalid': boolean | undefined;
  'aria-describedby': string | undefined;
  autoFocus: true;
  /** Where a dialog puts the focus when it opens. */
  'data-autofocus'?: true;
}

export interface EditorProps<V> {
  value: V;
  onChange: (value: V) => void;
  /** Saves at once: for editors in which the choice is the answer (lists, dates). */
  commit: (value: V) => void;
  cancel: () => void;
  inputProps: EditorInput;
}

interface Props<V> {
  label: string;
  value: V;
  display: (value: V) => ReactNode;
  editor: (props: EditorProps<V>) => ReactNode;
  onSave: (value: V) => Promise<unknown> | unknown;
  /** In an editor of many lines Enter is a line; Ctrl Enter saves. */
  multiline?: boolean;
  readOnly?: boolean;
  same?: (a: V, b: V) => boolean;
}

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Opens the neighbour of a field within its group. Returns whether there is one. */
function openNeighbour(from: HTMLElement, step: 1 | -1): boolean {
  const group = from.closest('[data-inline-group]');
  if (!group) return false;
  const fields = [...group.querySelectorAll<HTMLElement>('[data-inline-field]')];
  const next = fields[fields.indexOf(from) + step]?.querySelector<HTMLElement>('[data-inline-open]');
  if (!next) return false;
  next.click();
  return true;
}

/**
 * A value edited where it is read. Enter saves, Esc forgets, Tab saves and opens the next field of the group, a click
 * outside saves; the focus comes back to the field. What is being typed is never replaced from outside.
 */
export function InlineField<V>({ label, value, display, editor, onSave, multiline, readOnly, same = equal }: Props<V>) {
  const [draft, setDraft] = useState<V | null>(null);
  const [editing, setEditing] = useState(false);
  const [pending, setPending] = useState<{ value: V } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const returnFocus = useRef(false);
  const closing = useRef(false);
  // Saving speaks of what the editor saw when it was opened: a change of somebody else meanwhile is a conflict.
  const saveAsOpened = useRef(onSave);
  const id = useId();

  useEffect(() => {
    if (editing || !returnFocus.current) return;
    returnFocus.current = false;
    opener.current?.focus();
  }, [editing]);

  const open = () => {
    if (readOnly) return;
    closing.current = false;
    saveAsOpened.current = onSave;
    setDraft(pending ? pending.value : value);
    setEditing(true);
  };

  const cancel = () => {
    closing.current = true;
    returnFocus.current = true;
    setError(null);
    setEditing(false);
  };

  const save = async (next: V, focus: boolean) => {
    if (closing.current) return;
    closing.current = true;
    returnFocus.current = focus;
    setEditing(false);
    setError(null);
    if (same(next, value)) return;
    setPending({ value: next });
    try {
      await saveAsOpened.current(next);
    } catch (reason) {
      closing.current = false;
      setDraft(next);
      setError(reason instanceof Error ? reason.message : String(reason));
      setEditing(true);
    } finally {
      setPending(null);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.defaultPrevented) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      cancel();
    } else if (event.key === 'Enter' && (!multiline || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      void save(draft as V, true);
    } else if (event.key === 'Tab' && box.current && !event.altKey && !event.ctrlKey) {
      const self = box.current;
      const step = event.shiftKey ? -1 : 1;
      void save(draft as V, false);
      if (openNeighbour(self, step)) event.preventDefault();
    }
  };

  const onBlur = (event: FocusEvent) => {
    if (!editing || box.current?.contains(event.relatedTarget as Node | null)) return;
    // The lists of an editor are drawn at the end of the page and still belong to it.
    if ((event.relatedTarget as Element | null)?.closest?.('[data-portal], [role=listbox], [role=dialog].pop')) return;
    void save(draft as V, false);
  };

  if (editing) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the input inside
      <div ref={box} className="inline editing" data-inline-field onKeyDown={onKeyDown} onBlur={onBlur}>
        {editor({
          value: draft as V,
          onChange: (next) => setDraft(() => next),
          commit: (next) => void save(next, true),
          cancel,
          inputProps: {
            id,
            'aria-label': label,
            'aria-invalid': error ? true : undefined,
            'aria-describedby': error ? `${id}-error` : undefined,
            autoFocus: true,
          },
        })}
        {error && (
          <div className="hint danger" role="alert" id={`${id}-error`}>
            {error}
          </div>
        )}
      </div>
    );
  }
  const shown = display(pending ? pending.value : value);
  const empty = shown === null || shown === undefined || shown === '';
  if (readOnly) return <div className="inline ro">{empty ? <span className="t3">—</span> : shown}</div>;
  return (
    <div ref={box} className="inline" data-inline-field>
      <button
        ref={opener}
        type="button"
        className="inline-open"
        data-inline-open
        aria-busy={pending ? true : undefined}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key === 'F2') {
            event.preventDefault();
            open();
          }
        }}
      >
        <span className="sr">{label}: </span>
        {empty ? <span className="t3">{t('не указано')}</span> : shown}
      </button>
    </div>
  );
}
