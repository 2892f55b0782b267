import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Field, FieldKind, FieldValue, Page } from '~/api/types.ts';
import { titleOf } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';

/** Who a rule gives records to. */
export interface RoutingTarget {
  kind: 'door' | 'person' | 'drum' | 'department';
  id?: number;
  way?: 'head' | 'turn';
}

/** A rule: a condition and who gets the record. The last one has none and catches whatever is left. */
export interface RoutingRule {
  id: number | null;
  code: string;
  title: string;
  active: boolean;
  fallback: boolean;
  when: Tree | null;
  text: string;
  target: RoutingTarget;
  problem: string;
}

/** A condition as the server keeps it. */
export interface Tree {
  op: string;
  args?: Tree[];
  path?: string[];
  value?: unknown;
  values?: unknown[];
  from?: unknown;
  to?: unknown;
  open?: string;
}

/** Something a rule may look at. */
export interface RoutingFact {
  path: string[];
  group: string;
  title_ru: string;
  title_en: string;
  kind: string;
  many: boolean;
  link_type?: string;
  values?: FieldValue[];
}

/** A part of a condition and what came of it. */
export interface RoutingPart {
  op: string;
  path?: string[];
  node?: Tree;
  seen?: unknown;
  kind?: string;
  hidden?: boolean;
  result: Answer;
  args?: RoutingPart[];
}

export type Answer = 'true' | 'false' | 'null';

export interface RoutingStep {
  rule: RoutingRule;
  tried: boolean;
  result: Answer;
  passed: string;
  won: boolean;
  why?: RoutingPart;
}

export interface RoutingAnswer {
  rules: RoutingStep[];
  responsible: number | null;
  drum: number | null;
  department: number | null;
  client_type: string;
  client: number | null;
}

export interface RoutingStanding {
  routed_by: 'rule' | 'person';
  at: string | null;
  user: number | null;
  rule: RoutingRule | null;
}

/** All rules in their order. */
export const rulesQuery = queryOptions({
  queryKey: ['routing-rules'],
  queryFn: ({ signal }) => api.get<Page<RoutingRule>>('/routing-rules', undefined, signal).then((page) => page.items),
  staleTime: 30_000,
});

/** What rules may look at. */
export const factsQuery = queryOptions({
  queryKey: ['routing-facts'],
  queryFn: ({ signal }) => api.get<Page<RoutingFact>>('/routing-facts', undefined, signal).then((page) => page.items),
  staleTime: 60_000,
});

/** How a lead or deal stands with the rules. */
export const standingQuery = (type: string, id: number) =>
  queryOptions({
    queryKey: ['routing', type, id],
    queryFn: ({ signal }) => api.get<RoutingStanding>(`/routings/${type}/${id}`, undefined, signal),
    staleTime: 10_000,
  });

/** What the parts of a request, a record and a client are called. */
export function groupTitle(group: string): string {
  switch (group) {
    case 'request':
      return t('Обращение');
    case 'record':
      return t('Лид или сделка');
    case 'lead':
      return t('Лид');
    case 'deal':
      return t('Сделка');
    case 'client':
      return t('Клиент');
    case 'contact':
      return t('Контакт клиента');
    case 'company':
      return t('Компания клиента');
    default:
      return group;
  }
}

/** A channel in words. */
function channelTitle(code: string): string {
  switch (code) {
    case 'form':
      return t('Форма');
    case 'site':
      return t('Сайт');
    case 'call':
      return t('Звонок');
    case 'email':
      return t('Почта');
    case 'chat':
      return t('Чат');
    case 'import':
      return t('Импорт');
    default:
      return code === 'api' ? 'API' : code;
  }
}

/** A fact as the builder of conditions knows fields: its code is its path. */
export function fieldOfFact(fact: RoutingFact): Field {
  const code = fact.path.join('.');
  const values =
    code === 'request.channel'
      ? fact.values?.map(({ code: each }) => ({
          code: each,
          title_ru: channelTitle(each),
          title_en: channelTitle(each),
        }))
      : fact.values;
  return {
    code,
    kind: (values?.length && fact.kind === 'text' ? 'list' : fact.kind) as FieldKind,
    title_ru: `${groupTitle(fact.group)}: ${titleOf(fact)}`,
    title_en: `${groupTitle(fact.group)}: ${titleOf(fact)}`,
    link_type: fact.link_type,
    values,
  };
}

const parts: Record<string, string> = { field: 'text', number: 'decimal' };

/** The field behind a path; any name may stand behind request.field and request.number. */
export function fieldAt(code: string, fields: readonly Field[]): Field | undefined {
  const known = fields.find((field) => field.code === code);
  if (known) return known;
  const [root, part, name] = code.split('.');
  const kind = root === 'request' && name ? parts[part ?? ''] : undefined;
  if (!kind) return undefined;
  const title = t('Обращение: поле «{name}»', { name: name ?? '' });
  return { code, kind: kind as FieldKind, title_ru: title, title_en: title };
}

/** Why a rule is passed over, in words. */
export function passedText(why: string): string {
  switch (why) {
    case 'off':
      return t('выключено');
    case 'broken':
      return t('условие ссылается на то, чего больше нет');
    case 'person_left':
      return t('сотрудник больше не работает');
    case 'person_away':
      return t('сотрудник отсутствует');
    case 'drum_gone':
      return t('барабана больше нет');
    case 'department_gone':
      return t('отдела больше нет');
    case 'nobody':
      return t('отдать некому');
    default:
      return why;
  }
}
