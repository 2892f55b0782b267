import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Field, Pipeline, RecordType } from '~/api/types.ts';
import { titleOf, typeOfSlug, useDepartments, usePipelines, useType } from '~/entities/catalog/catalog.ts';
import { both, type Condition, conditionText } from '~/entities/record/condition.ts';
import { TABS, type Tab, tabCondition, type ViewSearch } from '~/entities/record/view.ts';
import { t } from '~/i18n/index.ts';

/** What the address says about a board or list, ready to be asked of the server, and the ways to change it. */
export function useView() {
  const { slug } = useParams({ from: '/inside/$slug' });
  const search = useSearch({ from: '/inside/$slug' });
  const navigate = useNavigate();
  const code = typeOfSlug(slug);
  const type = useType(code);
  const pipelines = usePipelines(code);
  const pipeline = type?.staged ? (pipelines.find((each) => each.code === search.pipeline) ?? pipelines[0]) : undefined;
  const fields = useFilterFields(type);
  const conditions = useMemo<Condition[]>(() => search.where ?? [], [search.where]);
  const tab: Tab = TABS.find((each) => each === search.tab) ?? 'all';
  const filter = useMemo(
    () =>
      both(
        tabCondition(tab),
        conditionText(conditions, (each) => fields.find((field) => field.code === each)),
      ),
    [tab, conditions, fields],
  );
  // A list has no columns to fold: without a word about stages it shows those still in work.
  const listFilter = conditions.some((line) => line.f === 'stage') ? filter : both(filter, inWork(pipeline));
  const view = type?.staged ? (search.view ?? 'board') : 'list';
  const change = (next: Partial<ViewSearch>, replace = true) => {
    void navigate({ to: '/$slug', params: { slug }, search: (old: ViewSearch) => ({ ...old, ...next }), replace });
  };
  const usual = type?.staged && type.fields.some((field) => field.code === 'stage_entered_at');
  const sort = search.sort ?? (usual ? '-stage_entered_at' : 'title');
  return {
    slug,
    code,
    type,
    pipeline,
    pipelines,
    fields,
    conditions,
    tab,
    filter,
    listFilter,
    view,
    sort,
    stage: search.stage,
    change,
  };
}

/** The stages still in work, as a condition. */
export function inWork(pipeline: Pipeline | undefined): string {
  const open = pipeline?.stages.filter((stage) => stage.kind === 'open' || stage.kind === 'waiting') ?? [];
  return open.length ? `stage in (${open.map((stage) => `"${stage.code}"`).join(', ')})` : '';
}

const HIDDEN = new Set(['version', 'pipeline', 'id', 'lost_reason']);

/** The fields a filter may ask about: the type's own and those every record has, with the lists of choices filled in. */
export function useFilterFields(type: RecordType | undefined): Field[] {
  const pipelines = usePipelines(type?.code);
  const departments = useDepartments();
  return useMemo(() => {
    if (!type) return [];
    const stages = new Map(
      pipelines
        .flatMap((pipeline) => pipeline.stages)
        .map((stage) => [stage.code, { code: stage.code, title_ru: stage.title_ru, title_en: stage.title_en }]),
    );
    const system: Field[] = [
      { code: 'title', kind: 'text', title_ru: 'Название', title_en: 'Title' },
      { code: 'responsible', kind: 'user', title_ru: 'Ответственный', title_en: 'Responsible' },
      { code: 'created_at', kind: 'datetime', title_ru: 'Создано', title_en: 'Created' },
      ...(type.staged
        ? ([
            { code: 'stage', kind: 'list', title_ru: 'Стадия', title_en: 'Stage', values: [...stages.values()] },
            { code: 'next_at', kind: 'datetime', title_ru: 'Следующий шаг', title_en: 'Next step' },
          ] as Field[])
        : []),
      ...(departments.length > 1
        ? [
            {
              code: 'department',
              kind: 'list' as const,
              title_ru: 'Отдел',
              title_en: 'Department',
              values: departments.map((each) => ({
                code: String(each.id),
                title_ru: each.title,
                title_en: each.title,
              })),
            },
          ]
        : []),
    ];
    const known = new Set(system.map((field) => field.code));
    const seen = new Set(type.fields.map((field) => field.code));
    const own = type.fields.filter((field) => !known.has(field.code) && !HIDDEN.has(field.code) && !field.system);
    return [...system.filter((field) => seen.has(field.code)), ...own].sort((a, b) =>
      a.code === 'title' ? -1 : b.code === 'title' ? 1 : titleOf(a).localeCompare(titleOf(b)),
    );
  }, [type, pipelines, departments]);
}

/** How a board or list may be sorted. */
export function sortsOf(type: RecordType): { code: string; title: string }[] {
  const own = new Set(type.fields.map((field) => field.code));
  const all = [
    ...(type.staged
      ? [
          { code: '-stage_entered_at', title: t('недавно на стадии') },
          { code: 'next_at', title: t('следующий шаг') },
        ]
      : []),
    { code: '-amount', title: t('сумма, сначала крупные') },
    { code: '-created_at', title: t('сначала новые') },
    { code: 'title', title: t('по названию') },
  ];
  return all.filter((each) => own.has(each.code.replace('-', '')));
}
