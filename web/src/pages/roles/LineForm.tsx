import { type FormEvent, useState } from 'react';
import { placed, pluralOf, titleOf, usePipelines, useTypes } from '~/entities/catalog/catalog.ts';
import { type FieldRule, type Grant, type Op, ops, type Scope, scopes } from '~/entities/role/role.ts';
import { opTitle, scopeTitle } from '~/entities/role/titles.ts';
import { FieldWords, GrantWords } from '~/features/rights/LineWords.tsx';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';
import { FormField } from '~/ui/FormField.tsx';
import { Icon } from '~/ui/Icon.tsx';
import { StageRing } from '~/ui/StageRing.tsx';

/** A line being written: about records or about a field. */
export type Line = { kind: 'grant'; grant: Grant } | { kind: 'field'; rule: FieldRule };

interface Props {
  line: Line;
  fresh: boolean;
  onClose: () => void;
  onSave: (line: Line) => Promise<boolean>;
  onRemove?: () => Promise<boolean>;
}

/** The editor of one line. The sentence it makes stands on top and changes with every choice. */
export function LineForm({ line: first, fresh, onClose, onSave, onRemove }: Props) {
  const types = useTypes();
  const [kind, setKind] = useState(first.kind);
  const [grant, setGrant] = useState<Grant>(
    first.kind === 'grant' ? first.grant : { types: [], ops: ['see'], scopes: ['own'] },
  );
  const [rule, setRule] = useState<FieldRule>(
    first.kind === 'field'
      ? first.rule
      : {
          type: types.some((each) => each.code === 'deal') ? 'deal' : (types[0]?.code ?? ''),
          field: '',
          access: 'hidden',
        },
  );
  const [busy, setBusy] = useState(false);
  const ready = kind === 'field' ? !!rule.type && !!rule.field : grant.ops.length > 0 && grant.scopes.length > 0;
  const run = async (act: () => Promise<boolean>) => {
    setBusy(true);
    const done = await act();
    setBusy(false);
    if (done) onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) void run(() => onSave(kind === 'grant' ? { kind, grant } : { kind, rule }));
  };
  return (
    <Dialog title={fresh ? t('Разрешить или запретить') : t('Строка роли')} onClose={onClose} size={640}>
      <form className="col g12" onSubmit={submit}>
        {fresh && (
          <div className="seg line-kind" role="group" aria-label={t('О чём строка')}>
            <button
              type="button"
              className={kind === 'grant' ? 'on' : ''}
              aria-pressed={kind === 'grant'}
              onClick={() => setKind('grant')}
            >
              {t('О записях')}
            </button>
            <button
              type="button"
              className={kind === 'field' ? 'on' : ''}
              aria-pressed={kind === 'field'}
              onClick={() => setKind('field')}
            >
              {t('О поле')}
            </button>
          </div>
        )}
        <div className={`line-said ${kind === 'field' || grant.deny ? 'no' : ''}`} aria-live="polite">
          <Icon name={kind === 'field' || grant.deny ? 'x' : 'check'} small />
          {kind === 'grant' ? (
            grant.ops.length ? (
              <GrantWords grant={grant} />
            ) : (
              <span className="t3">{t('Выберите, что человек делает')}</span>
            )
          ) : rule.field ? (
            <FieldWords rule={rule} />
          ) : (
            <span className="t3">{t('Выберите поле')}</span>
          )}
        </div>
        {kind === 'grant' ? (
          <GrantEditor grant={grant} fresh={fresh} onChange={setGrant} />
        ) : (
          <FieldEditor rule={rule} onChange={setRule} />
        )}
        <DialogFoot>
          {onRemove && (
            <Button look="redline" disabled={busy} onClick={() => void run(onRemove)}>
              {t('Убрать строку')}
            </Button>
          )}
          <span className="push" />
          <Button onClick={onClose}>{t('Отмена')}</Button>
          <Button look="pri" type="submit" busy={busy} disabled={!ready}>
            {fresh ? t('Добавить') : t('Сохранить')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function toggled<T>(list: readonly T[] | null | undefined, item: T): T[] {
  const now = list ?? [];
  return now.includes(item) ? now.filter((each) => each !== item) : [...now, item];
}

/** A chip that is on or off. */
function Choice({ on, onClick, children }: { on: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className={`chip ${on ? 'on' : ''}`} aria-pressed={on} onClick={onClick}>
      {children}
    </button>
  );
}

function Part({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <fieldset>
      <legend className="label">{label}</legend>
      <div className="row g6 wrap">{children}</div>
    </fieldset>
  );
}

function GrantEditor({ grant, fresh, onChange }: { grant: Grant; fresh: boolean; onChange: (grant: Grant) => void }) {
  const types = useTypes();
  const all = usePipelines();
  const chosen = grant.types ?? [];
  const pipelines = all.filter((each) => !chosen.length || chosen.includes(each.type));
  const staged = pipelines.filter((each) => !grant.pipelines?.length || grant.pipelines.includes(each.id));
  // What is no more among the choices above goes with them.
  const put = (more: Partial<Grant>) => {
    const next = { ...grant, ...more };
    const kept = all.filter((each) => !next.types?.length || next.types.includes(each.type));
    next.pipelines = (next.pipelines ?? []).filter((id) => kept.some((each) => each.id === id));
    const inside = kept.filter((each) => !next.pipelines?.length || next.pipelines.includes(each.id));
    next.stages = (next.stages ?? []).filter((id) =>
      inside.some((each) => each.stages.some((stage) => stage.id === id)),
    );
    onChange(next);
  };
  const putOps = (op: Op) => put({ ops: ops.filter((each) => toggled(grant.ops, op).includes(each)) });
  const putScope = (scope: Scope) =>
    put({
      scopes:
        scope === 'all'
          ? ['all']
          : scopes.filter((each) => each !== 'all' && toggled(grant.scopes, scope).includes(each)),
    });
  return (
    <>
      <Part label={t('Разрешить или нельзя')}>
        <Choice on={!grant.deny} onClick={() => put({ deny: false })}>
          {t('Разрешить')}
        </Choice>
        <Choice
          on={!!grant.deny}
          // A new "never" is about everybody's records until told otherwise: about one's own only it stops little.
          onClick={() => put({ deny: true, ...(fresh && grant.scopes.join() === 'own' ? { scopes: ['all'] } : {}) })}
        >
          {t('Нельзя, что бы ни говорили другие роли')}
        </Choice>
      </Part>
      <Part label={t('Что делает')}>
        {ops.map((op) => (
          <Choice key={op} on={grant.ops.includes(op)} onClick={() => putOps(op)}>
            {opTitle(op)}
          </Choice>
        ))}
      </Part>
      <Part label={t('С чем')}>
        <Choice on={!chosen.length} onClick={() => put({ types: [] })}>
          {t('Любые записи')}
        </Choice>
        {types.map((type) => (
          <Choice
            key={type.code}
            on={chosen.includes(type.code)}
            onClick={() => put({ types: toggled(chosen, type.code) })}
          >
            {pluralOf(type)}
          </Choice>
        ))}
      </Part>
      <Part label={t('Чьи')}>
        {scopes.map((scope) => (
          <Choice key={scope} on={grant.scopes.includes(scope)} onClick={() => putScope(scope)}>
            {scopeTitle(scope)}
          </Choice>
        ))}
      </Part>
      {pipelines.length > 1 && (
        <Part label={t('В каких воронках')}>
          <Choice on={!grant.pipelines?.length} onClick={() => put({ pipelines: [] })}>
            {t('В любых')}
          </Choice>
          {pipelines.map((pipeline) => (
            <Choice
              key={pipeline.id}
              on={!!grant.pipelines?.includes(pipeline.id)}
              onClick={() => put({ pipelines: toggled(grant.pipelines, pipeline.id) })}
            >
              {titleOf(pipeline)}
            </Choice>
          ))}
        </Part>
      )}
      {staged.length > 0 && (
        <Part label={grant.ops.length === 1 && grant.ops[0] === 'move' ? t('На какие стадии') : t('На каких стадиях')}>
          <Choice on={!grant.stages?.length} onClick={() => put({ stages: [] })}>
            {t('На любых')}
          </Choice>
          {staged.map((pipeline) => (
            <span key={pipeline.id} className="line-stages">
              {staged.length > 1 && <span className="f12 t3">{titleOf(pipeline)}</span>}
              {placed(pipeline).map((stage) => (
                <Choice
                  key={stage.id}
                  on={!!grant.stages?.includes(stage.id)}
                  onClick={() => put({ stages: toggled(grant.stages, stage.id) })}
                >
                  <StageRing kind={stage.kind} color={stage.color} share={stage.share} size={12} />
                  {titleOf(stage)}
                </Choice>
              ))}
            </span>
          ))}
        </Part>
      )}
    </>
  );
}

function FieldEditor({ rule, onChange }: { rule: FieldRule; onChange: (rule: FieldRule) => void }) {
  const types = useTypes();
  const type = types.find((each) => each.code === rule.type);
  return (
    <>
      <div className="pair">
        <FormField label={t('Тип')}>
          <select
            className="input"
            value={rule.type}
            onChange={(event) => onChange({ ...rule, type: event.target.value, field: '' })}
          >
            {types.map((each) => (
              <option key={each.code} value={each.code}>
                {titleOf(each)}
              </option>
            ))}
          </select>
        </FormField>
        <FormField label={t('Поле')}>
          <select
            className="input"
            value={rule.field}
            onChange={(event) => onChange({ ...rule, field: event.target.value })}
          >
            <option value="">{t('выберите')}</option>
            {type?.fields
              .filter((field) => !field.system)
              .map((field) => (
                <option key={field.code} value={field.code}>
                  {titleOf(field)}
                </option>
              ))}
          </select>
        </FormField>
      </div>
      <Part label={t('Что с ним')}>
        <Choice on={rule.access === 'hidden'} onClick={() => onChange({ ...rule, access: 'hidden' })}>
          {t('Скрыто')}
        </Choice>
        <Choice on={rule.access === 'read_only'} onClick={() => onChange({ ...rule, access: 'read_only' })}>
          {t('Видно, но менять нельзя')}
        </Choice>
      </Part>
      <Part label={t('Если другая роль разрешает')}>
        <Choice on={!rule.deny} onClick={() => onChange({ ...rule, deny: false })}>
          {t('Тогда можно')}
        </Choice>
        <Choice on={!!rule.deny} onClick={() => onChange({ ...rule, deny: true })}>
          {t('Всё равно нельзя')}
        </Choice>
      </Part>
    </>
  );
}
