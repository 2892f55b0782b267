import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { api } from '~/api/client.ts';
import type { Incident } from '~/api/types.ts';
import { hrefOf, titleOf, useNames, usePipelines } from '~/entities/catalog/catalog.ts';
import { drumsQuery } from '~/entities/drum/drum.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import { isAdmin, isHead, useMe } from '~/entities/session/session.ts';
import { day, time, workTime } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { keyName } from '~/ui/actions.ts';
import { Badge, type Tone } from '~/ui/Badge.tsx';
import { Button } from '~/ui/Button.tsx';
import { errorText } from '~/ui/ErrorNote.tsx';
import type { IconName } from '~/ui/icons.ts';
import { toast } from '~/ui/toasts.ts';

/** An incident as this page reads it. */
export interface Breach extends Incident {
  kind_title: string;
  due_at?: string | null;
  excuse?: { at: string; by: number; comment: string } | null;
}

const looks: Record<string, [Tone, IconName]> = { missed_offer: ['d', 'drum'], stage_overdue: ['w', 'clock'] };

/** By which rule an incident came about: a drum, a stage with its limit. */
export function useRule(): (incident: Breach) => string {
  const { data: drums } = useQuery(drumsQuery);
  const pipelines = usePipelines();
  return ({ drum, detail, type }) => {
    if (drum) return drums?.find((each) => each.id === drum)?.title ?? t('Барабан {id}', { id: drum });
    const stage = pipelines
      .filter((pipeline) => pipeline.type === type)
      .flatMap((pipeline) => pipeline.stages)
      .find((each) => each.code === detail?.stage);
    if (!stage) return '';
    const limit = Number(detail?.limit_seconds);
    return limit ? `${titleOf(stage)}, ${workTime(limit * 1000)}` : titleOf(stage);
  };
}

/** The journal: one line an incident, its excuse in place. */
export function IncidentList({ items }: { items: readonly Breach[] }) {
  const me = useMe();
  const nameOf = useNames();
  const rule = useRule();
  const [open, setOpen] = useState<number | null>(null);
  const may = (incident: Breach) => isAdmin(me) || (isHead(me) && incident.user !== me.id);
  return (
    <Wide label={t('Журнал')}>
      <table className="t inc">
        <thead>
          <tr>
            <th scope="col">{t('Когда')}</th>
            <th scope="col">{t('Что случилось')}</th>
            <th scope="col">{t('Кто')}</th>
            <th scope="col">{t('Запись')}</th>
            <th scope="col">{t('Правило')}</th>
            <th scope="col">{t('Итог')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((incident) => {
            const [tone, icon] = looks[incident.kind] ?? ['', 'alert'];
            const writing = open === incident.id;
            const at = Date.parse(incident.at);
            return [
              <tr
                key={incident.id}
                data-incident={incident.id}
                className={writing ? 'open' : incident.excuse ? 'gone' : ''}
              >
                <td className="num">
                  {day(at)}, {time(at)}
                </td>
                <td>
                  <Badge tone={incident.excuse ? '' : tone} icon={icon}>
                    {incident.kind_title}
                  </Badge>
                </td>
                <td>{nameOf(incident.user)}</td>
                <td>
                  {incident.type && incident.record ? (
                    <Link to={hrefOf(incident.type, incident.record)} className="m">
                      {incident.title || t('Запись {id}', { id: incident.record })}
                    </Link>
                  ) : incident.type ? (
                    <span className="t3">{t('вам не видно')}</span>
                  ) : null}
                </td>
                <td className="t2">{rule(incident)}</td>
                <td>
                  <span className="row g6">
                    {incident.excuse && (
                      <>
                        <Badge tone="k" icon="check">
                          {t('оправдан')}
                        </Badge>
                        <span className="t3 ell" title={`${incident.excuse.comment} (${nameOf(incident.excuse.by)})`}>
                          «{incident.excuse.comment}»
                        </span>
                      </>
                    )}
                    {may(incident) && !writing && (
                      <Button look="ghost" small onClick={() => setOpen(incident.id)}>
                        {incident.excuse ? t('Изменить') : t('Оправдать')}
                      </Button>
                    )}
                  </span>
                </td>
              </tr>,
              writing && (
                <tr key={`form ${incident.id}`} className="form">
                  <td colSpan={6}>
                    <ExcuseForm incident={incident} onClose={() => setOpen(null)} />
                  </td>
                </tr>
              ),
            ];
          })}
        </tbody>
      </table>
    </Wide>
  );
}

function ExcuseForm({ incident, onClose }: { incident: Breach; onClose: () => void }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const id = useId();
  const [text, setText] = useState(incident.excuse?.comment ?? '');
  const [busy, setBusy] = useState(false);
  const send = async (comment: string) => {
    if (busy || (!comment.trim() && !incident.excuse)) return;
    setBusy(true);
    try {
      await api.put(`/incidents/${incident.id}/excuse`, { comment: comment.trim() });
      await client.invalidateQueries({ queryKey: ['incidents'] });
      void client.invalidateQueries({ queryKey: ['figures'] });
      onClose();
    } catch (error) {
      toast({ kind: 'error', text: t('Причина не записалась'), detail: errorText(error) });
      setBusy(false);
    }
  };
  return (
    <div className="exc">
      <div className="grow">
        <label className="label" htmlFor={id}>
          {t('Уважительная причина')}
        </label>
        <textarea
          id={id}
          className="area"
          rows={1}
          // The person has just asked for this field.
          autoFocus
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onClose();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send(text);
          }}
        />
        <div className="hint">
          {t(
            'Увидят {name} и руководители. Инцидент останется в журнале с пометкой «оправдан» и не войдёт в показатели',
            {
              name: nameOf(incident.user),
            },
          )}
        </div>
      </div>
      <div className="buttons">
        <Button look="pri" busy={busy} disabled={!text.trim()} onClick={() => void send(text)}>
          {t('Оправдать')}
          <span className="kbd only-d">{keyName('mod+Enter')}</span>
        </Button>
        {incident.excuse && (
          <Button busy={busy} onClick={() => void send('')}>
            {t('Снять оправдание')}
          </Button>
        )}
        <Button onClick={onClose}>{t('Отмена')}</Button>
      </div>
    </div>
  );
}
