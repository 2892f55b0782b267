import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError } from '~/api/client.ts';
import { fieldOf, hrefOf, titleOf, useType } from '~/entities/catalog/catalog.ts';
import { FieldEditor } from '~/entities/record/FieldEditor.tsx';
import { createRecord } from '~/entities/record/mutations.ts';
import { usePortal } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import { newTitle } from './titles.ts';

/** The few fields a new record of each built-in type starts with; a custom type asks for its required ones. */
const first: Record<string, string[]> = {
  lead: ['title', 'person_name', 'phones', 'amount'],
  deal: ['title', 'company', 'contact', 'amount'],
  contact: ['title', 'phones', 'emails', 'company'],
  company: ['title', 'phones', 'inn'],
};

const draftKey = (type: string) => `voronka.draft.${type}`;

function readDraft(type: string): Record<string, unknown> {
  try {
    return JSON.parse(sessionStorage.getItem(draftKey(type)) ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

interface Props {
  type: string;
  /** What the place it was opened from knows already: pipeline, stage. */
  preset?: Record<string, unknown>;
  title?: string;
  onClose: () => void;
}

/** A short form for a new record. What was typed survives a reload until it is sent or given up. */
export function QuickAdd({ type: code, preset, title: typed, onClose }: Props) {
  const type = useType(code);
  const portal = usePortal();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [values, setValues] = useState<Record<string, unknown>>(() => (typed ? { title: typed } : readDraft(code)));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    sessionStorage.setItem(draftKey(code), JSON.stringify(values));
  }, [code, values]);

  if (!type) return null;
  const codes = [
    ...new Set([
      ...(first[code] ?? ['title']),
      ...type.fields.filter((field) => field.required && !field.system).map((field) => field.code),
    ]),
  ];

  const send = async (open: boolean) => {
    setBusy(true);
    setErrors({});
    try {
      const made = await createRecord(client, code, { ...preset, ...values });
      sessionStorage.removeItem(draftKey(code));
      onClose();
      if (open) void navigate({ to: hrefOf(code, made.id) });
      else
        toast({
          text: t('Добавлено: {title}', { title: made.title }),
          action: { title: t('Открыть'), run: () => void navigate({ to: hrefOf(code, made.id) }) },
        });
    } catch (error) {
      const fields = error instanceof ApiError ? error.fields : {};
      setErrors(Object.keys(fields).length ? fields : { '': errorText(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={newTitle(code, titleOf(type))}
      onClose={() => {
        sessionStorage.removeItem(draftKey(code));
        onClose();
      }}
    >
      <form
        className="col g12"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void send(false);
        }}
      >
        {codes.map((each, at) => {
          const field =
            fieldOf(type, each) ??
            (each === 'title'
              ? { code: 'title', kind: 'text' as const, title_ru: 'Название', title_en: 'Title' }
              : undefined);
          if (!field || field.read_only) return null;
          const id = `new-${each}`;
          return (
            <div key={each}>
              <label className="label" htmlFor={id}>
                {titleOf(field)}
              </label>
              <FieldEditor
                field={field}
                value={values[each] ?? null}
                currency={portal.currency}
                onChange={(value) => setValues((old) => ({ ...old, [each]: value }))}
                inputProps={{
                  id,
                  'aria-label': titleOf(field),
                  'aria-invalid': errors[each] ? true : undefined,
                  ...(at === 0 ? { 'data-autofocus': true } : {}),
                }}
              />
              {errors[each] && (
                <div className="hint danger" role="alert">
                  {errors[each]}
                </div>
              )}
            </div>
          );
        })}
        {errors[''] && (
          <div className="hint danger" role="alert">
            {errors['']}
          </div>
        )}
        <DialogFoot>
          <Button onClick={() => void send(true)} disabled={busy}>
            {t('Добавить и открыть')}
          </Button>
          <Button look="pri" type="submit" busy={busy}>
            {t('Добавить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
