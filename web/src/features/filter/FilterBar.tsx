import { Popover } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Field, RecordType } from '~/api/types.ts';
import { titleOf, useDepartments, useNames } from '~/entities/catalog/catalog.ts';
import type { Condition } from '~/entities/record/condition.ts';
import { valueTitle } from '~/entities/record/FieldView.tsx';
import { operatorsFor, operatorTitle } from '~/entities/record/operators.ts';
import { day } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { useAction } from '~/ui/actions.ts';
import { Icon } from '~/ui/Icon.tsx';

// The builder brings its lists along; it is fetched when it is opened first.
const FilterForm = lazy(() => import('./FilterForm.tsx').then((room) => ({ default: room.FilterForm })));

interface Props {
  type: RecordType;
  fields: Field[];
  conditions: readonly Condition[];
  onChange: (conditions: Condition[]) => void;
}

/** The filter as chips, each with its way out, and the builder behind "Фильтр". */
export function FilterBar({ fields, conditions, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState<Condition[]>([]);
  const nameOf = useNames();
  const departments = useDepartments();
  const shown = (field: Field, value: unknown): string => {
    if (value === 'me') return t('я');
    if (field.kind === 'user') return nameOf(Number(value));
    if (field.code === 'department')
      return departments.find((each) => each.id === Number(value))?.title ?? String(value);
    if (field.kind === 'date' || field.kind === 'datetime')
      return typeof value === 'string' ? day(value) : String(value);
    if (field.kind === 'bool') return value ? t('да') : t('нет');
    return field.values ? valueTitle(field, value) : String(value ?? '');
  };
  const openBuilder = () => {
    setDraft(
      conditions.length ? [...conditions] : [{ f: fields[0]?.code ?? 'title', o: operatorsFor(fields[0]!)[0]!.code }],
    );
    setOpen(true);
  };
  useAction({
    id: 'filter',
    title: t('Фильтр'),
    group: t('Список и доска'),
    icon: 'filter',
    key: 'KeyF',
    run: openBuilder,
  });
  const find = (code: string) => fields.find((field) => field.code === code);
  return (
    <>
      {conditions.map((condition, at) => {
        const field = find(condition.f);
        if (!field) return null;
        const values = (Array.isArray(condition.v) ? condition.v : [condition.v]).filter(
          (value) => value !== undefined,
        );
        return (
          <span key={at} className="chip on only-d">
            {titleOf(field)} {operatorTitle(condition.o, field.kind)}{' '}
            <b className="ell">{values.map((value) => shown(field, value)).join(', ')}</b>
            <button
              type="button"
              aria-label={t('Убрать условие «{field}»', { field: titleOf(field) })}
              onClick={() => onChange(conditions.filter((_, index) => index !== at))}
            >
              <Icon name="x" small />
            </button>
          </span>
        );
      })}
      <Popover
        opened={open}
        onChange={setOpen}
        position="bottom-start"
        withinPortal
        trapFocus
        returnFocus
        shadow="xl"
        width={560}
        offset={6}
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <button
            type="button"
            className={`chip dash ${conditions.length ? 'has' : ''}`}
            aria-expanded={open}
            onClick={() => (open ? setOpen(false) : openBuilder())}
          >
            <Icon name={conditions.length ? 'filter' : 'plus'} small />
            {t('Фильтр')}
            {conditions.length > 0 && <span className="only-m">· {conditions.length}</span>}
          </button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('Фильтр')}>
          <Suspense>
            <FilterForm
              fields={fields}
              draft={draft}
              onDraft={setDraft}
              onDone={(next) => {
                onChange(next);
                setOpen(false);
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
