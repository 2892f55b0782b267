import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api } from '~/api/client.ts';
import type { RecordData } from '~/api/types.ts';
import { localMoment } from '~/entities/record/values.ts';
import { activityKinds } from '~/features/plan/kinds.ts';
import { soon } from '~/features/plan/PlanStep.tsx';
import { t } from '~/i18n/index.ts';
import { keyName, useAction } from '~/ui/actions.ts';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { toast } from '~/ui/toasts.ts';

interface Draft {
  kind: string;
  text: string;
  done: boolean;
  due: string;
}

const key = (record: RecordData) => `voronka.note.${record.type}.${record.id}`;
const fresh = (): Draft => ({ kind: 'note', text: '', done: false, due: soon() });

function stored(record: RecordData): Draft {
  try {
    return { ...fresh(), ...(JSON.parse(localStorage.getItem(key(record)) ?? '{}') as Partial<Draft>) };
  } catch {
    return fresh();
  }
}

/** The one place to write what happened or plan what is next. The draft survives a reload. */
export function Composer({ record }: { record: RecordData }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => stored(record));
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState(() => stored(record).text !== '');
  const input = useRef<HTMLTextAreaElement>(null);
  const kinds = activityKinds();
  const kind = kinds.find((each) => each.code === draft.kind) ?? kinds[0]!;
  const planned = draft.kind !== 'note' && !draft.done;

  useEffect(() => {
    if (draft.text) localStorage.setItem(key(record), JSON.stringify(draft));
    else localStorage.removeItem(key(record));
  }, [draft, record]);

  const start = () => {
    setOpen(true);
    requestAnimationFrame(() => input.current?.focus());
  };
  useAction({ id: 'note', title: t('Написать заметку'), group: t('Карточка'), icon: 'edit', key: 'KeyN', run: start });

  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    const text = draft.text.trim();
    if (!text && draft.kind === 'note') return;
    setBusy(true);
    const [title = '', ...rest] = text.split('\n');
    const now = new Date().toISOString();
    try {
      await api.post(`/records/${record.type}/${record.id}/activities`, {
        kind: draft.kind,
        title: title.slice(0, 200) || kind.hint,
        text: draft.kind === 'note' ? text : rest.join('\n').trim() || undefined,
        ...(planned ? { due_at: draft.due } : { done_at: now }),
      });
      setDraft({ ...fresh(), kind: draft.kind });
      setOpen(false);
      for (const queryKey of [
        ['timeline', record.type, record.id],
        ['record', record.type, record.id],
        ['board', record.type],
        ['list', record.type],
      ])
        void client.invalidateQueries({ queryKey });
      if (planned) toast({ text: t('Запланировано') });
    } catch (error) {
      toast({ kind: 'error', text: t('Не записано'), detail: errorText(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="panel comp" onSubmit={send}>
      <div className="row g4 comp-kinds" role="group" aria-label={t('Вид')}>
        {kinds.map((each) => (
          <button
            key={each.code}
            type="button"
            aria-pressed={each.code === draft.kind}
            className={`btn ghost sm ${each.code === draft.kind ? 'on' : ''}`}
            onClick={() => {
              setDraft((old) => ({ ...old, kind: each.code }));
              start();
            }}
          >
            <Icon name={each.icon} small />
            {each.title}
          </button>
        ))}
      </div>
      {!open ? (
        <button type="button" className="row g6 comp-closed" onClick={start}>
          <span className="t3 grow ell">{kind.hint}</span>
          <span className="kbd only-d">{keyName('KeyN')}</span>
        </button>
      ) : (
        <div className="comp-open">
          <textarea
            ref={input}
            aria-label={kind.title}
            rows={3}
            placeholder={kind.hint}
            value={draft.text}
            onChange={(event) => setDraft((old) => ({ ...old, text: event.target.value }))}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                event.stopPropagation();
                void send();
              } else if (event.key === 'Escape') {
                event.stopPropagation();
                setOpen(false);
              }
            }}
          />
          <div className="row g8 wrap">
            {draft.kind !== 'note' && (
              <>
                <label className="row g6 f12">
                  <input
                    type="checkbox"
                    checked={draft.done}
                    onChange={(event) => setDraft((old) => ({ ...old, done: event.target.checked }))}
                  />
                  {t('уже сделано')}
                </label>
                {planned && (
                  <input
                    type="datetime-local"
                    className="input when"
                    aria-label={t('Когда')}
                    value={localMoment(draft.due)}
                    onChange={(event) =>
                      event.target.value &&
                      setDraft((old) => ({ ...old, due: new Date(event.target.value).toISOString() }))
                    }
                  />
                )}
              </>
            )}
            <span className="push" />
            <Button small look="ghost" onClick={() => setOpen(false)}>
              {t('Отмена')}
            </Button>
            <Button small look="pri" type="submit" busy={busy} hotkey="mod+Enter">
              {planned ? t('Запланировать') : t('Записать')}
            </Button>
          </div>
        </div>
      )}
    </form>
  );
}
