import type { FieldRule, Grant, Op, Scope } from './role.ts';
import { type Catalog, listed, pluralIn, singularOf, type Token, type Where } from './words.ts';

// How lines of roles are said in Russian. Words are put into their cases here, so nothing of this is a message to translate.

const verbs: Record<Op, string> = {
  see: 'видит',
  create: 'создаёт',
  edit: 'правит',
  move: 'двигает',
  delete: 'удаляет',
  assign: 'передаёт',
  export: 'выгружает',
  import: 'загружает',
  settings: 'настраивает',
};

/** The accusative plural of words for people and animals differs from the nominative; these are usual names of types. */
const animate: Record<string, string> = {
  агенты: 'агентов',
  арендаторы: 'арендаторов',
  водители: 'водителей',
  врачи: 'врачей',
  гости: 'гостей',
  дилеры: 'дилеров',
  животные: 'животных',
  жильцы: 'жильцов',
  заказчики: 'заказчиков',
  застройщики: 'застройщиков',
  инвесторы: 'инвесторов',
  кандидаты: 'кандидатов',
  клиенты: 'клиентов',
  люди: 'людей',
  мастера: 'мастеров',
  партнёры: 'партнёров',
  пациенты: 'пациентов',
  питомцы: 'питомцев',
  подрядчики: 'подрядчиков',
  покупатели: 'покупателей',
  поставщики: 'поставщиков',
  преподаватели: 'преподавателей',
  риелторы: 'риелторов',
  собственники: 'собственников',
  соискатели: 'соискателей',
  сотрудники: 'сотрудников',
  студенты: 'студентов',
  ученики: 'учеников',
  участники: 'участников',
  эксперты: 'экспертов',
};

/** The genitive plural of what types are usually called. */
const genitive: Record<string, string> = {
  дела: 'дел',
  договоры: 'договоров',
  закупки: 'закупок',
  заказы: 'заказов',
  заявки: 'заявок',
  компании: 'компаний',
  контакты: 'контактов',
  лиды: 'лидов',
  объекты: 'объектов',
  отгрузки: 'отгрузок',
  проекты: 'проектов',
  сделки: 'сделок',
  сметы: 'смет',
  счета: 'счетов',
  ...animate,
};

interface Noun {
  text: string;
  animate: boolean;
}

/** «сделки», «новых клиентов»: whom or what somebody sees. */
function accusative(plural: string): Noun {
  const words = plural.split(' ');
  const last = animate[words[words.length - 1] ?? ''];
  if (!last) return { text: plural, animate: false };
  const before = words.slice(0, -1).map((word) => word.replace(/ые$/, 'ых').replace(/ие$/, 'их'));
  return { text: [...before, last].join(' '), animate: true };
}

function nounOf(types: string[], catalog: Catalog): Noun {
  if (!types.length) return { text: 'записи', animate: false };
  const nouns = types.map((code) => accusative(pluralIn(code, catalog, 'ru')));
  return {
    text: listed(
      nouns.map((noun) => [noun.text]),
      'и',
    ).join(''),
    animate: nouns[nouns.length - 1]?.animate ?? false,
  };
}

/** Whose records: before the noun for one word, after it for more. `open`: the end is a clause that wants a comma after it. */
function scopeWords(scopes: Scope[], one: Noun): { before: Token[]; after: Token[]; open?: boolean } {
  const scope = (chip: string): Token => ({ chip, kind: 'scope' });
  const has = (each: Scope) => scopes.includes(each);
  const whose = one.animate ? 'своих' : 'свои';
  if (has('all')) return { before: [scope(one.animate ? 'всех' : 'все'), ' '], after: [] };
  if (!scopes.length) return { before: [], after: [', но ', scope('не указано, чьи')] };
  if (scopes.length === 1 && has('own')) return { before: [scope(whose), ' '], after: [] };
  if (scopes.length === 1 && has('observed'))
    return { before: [], after: [', за которыми ', scope('наблюдает')], open: true };
  const parts: Token[][] = [];
  if (has('led')) parts.push([scope('отделов, которыми руководит')]);
  if (has('below')) parts.push([scope('своего отдела с подотделами')]);
  else if (has('department')) parts.push([scope('своего отдела')]);
  if (has('own')) parts.push([scope(whose)]);
  if (has('observed')) parts.push([one.animate ? 'тех, за которыми ' : 'те, за которыми ', scope('наблюдает')]);
  // «отделов, которыми руководит, и те…»: the clause ends before the last "and".
  const closed = has('led') && parts.length === 2 ? ([[...(parts[0] ?? []), ','], parts[1] ?? []] as Token[][]) : parts;
  return {
    before: [],
    after: [' ', ...listed(closed, 'и')],
    open: has('observed') || (parts.length === 1 && has('led')),
  };
}

/** For whom records are made. */
function forWhom(scopes: Scope[]): Token[] {
  const scope = (chip: string): Token => ({ chip, kind: 'scope' });
  if (scopes.includes('all')) return [];
  const parts: Token[][] = [];
  if (scopes.includes('own')) parts.push([scope('на себя')]);
  const people = [
    ...(scopes.includes('below')
      ? ['своего отдела с подотделами']
      : scopes.includes('department')
        ? ['своего отдела']
        : []),
    ...(scopes.includes('led') ? ['отделов, которыми руководит'] : []),
  ];
  if (people.length)
    parts.push([
      'на людей ',
      ...listed(
        people.map((each) => [scope(each)]),
        'и',
      ),
    ]);
  if (scopes.includes('observed')) parts.push(['где ', scope('наблюдает')]);
  return parts.length ? [' ', ...listed(parts, 'и')] : [', но ', scope('не указано, на кого')];
}

function pipelineWords({ pipelines }: Where): Token[] {
  if (!pipelines.length) return [];
  const chips = pipelines.map((chip): Token[] => [{ chip, kind: 'pipeline' }]);
  return [chips.length > 1 ? ' в воронках ' : ' в воронке ', ...listed(chips, 'и')];
}

function stageWords({ stages, upTo }: Where, moved: boolean): Token[] {
  if (!stages.length) return [];
  if (moved && upTo) return [' до стадии ', { chip: upTo.title, kind: 'stage', stage: upTo.id }, ' включительно'];
  const chips = stages.map(({ id, title }): Token[] => [{ chip: title, kind: 'stage', stage: id }]);
  const on = chips.length > 1 ? (moved ? ' на стадии ' : ' на стадиях ') : moved ? ' на стадию ' : ' на стадии ';
  return [on, ...listed(chips, 'и')];
}

/** «видит, правит и двигает», «не видит и не правит». */
function doing(ops: Op[], deny: boolean | undefined): string {
  return listed(
    ops.map((op) => [(deny ? 'не ' : '') + verbs[op]]),
    'и',
  ).join('');
}

/** A grant in words. */
export function grantWords(grant: Grant, catalog: Catalog, where: Where): Token[] {
  const types = grant.types ?? [];
  const noun = nounOf(types, catalog);
  const chip: Token = { chip: noun.text, kind: 'types' };
  // A move speaks of the stage it goes to, everything else of the one the record is on.
  const apart = where.stages.length > 0;
  const main = grant.ops.filter((op) => !['create', 'import', 'settings'].includes(op) && !(apart && op === 'move'));
  const made = grant.ops.filter((op) => op === 'create' || op === 'import');
  const moves = apart && grant.ops.includes('move');
  const whose = scopeWords(grant.scopes, noun);
  const place = pipelineWords(where);
  const clauses: Token[][] = [];
  const object = (): Token[] =>
    clauses.length
      ? ['их']
      : [
          ...(grant.deny && grant.scopes.includes('all') ? [] : whose.before),
          chip,
          ...whose.after,
          whose.open && (place.length || apart) ? ',' : '',
          ...place,
        ];
  if (main.length) clauses.push([doing(main, grant.deny), ' ', ...object(), ...stageWords(where, false)]);
  if (moves) clauses.push([doing(['move'], grant.deny), ' ', ...object(), ...stageWords(where, true)]);
  if (made.length)
    clauses.push([
      doing(made, grant.deny),
      ' ',
      ...(clauses.length ? ['их'] : [chip]),
      ...forWhom(grant.scopes),
      ...(clauses.length ? [] : [...place, ...stageWords(where, false)]),
    ]);
  if (grant.ops.includes('settings'))
    clauses.push([doing(['settings'], grant.deny), ' ', ...setUp(types, catalog, where)]);
  return clauses.flatMap((clause, at) => (at ? ['; ', ...clause] : clause));
}

/** «воронку [Тендеры]», «[все воронки]», «воронки типа [Сделка]». */
function setUp(types: string[], catalog: Catalog, { pipelines }: Where): Token[] {
  if (pipelines.length) {
    const chips = pipelines.map((chip): Token[] => [{ chip, kind: 'pipeline' }]);
    return [chips.length > 1 ? 'воронки ' : 'воронку ', ...listed(chips, 'и')];
  }
  if (!types.length) return [{ chip: 'все воронки', kind: 'types' }];
  const chips = types.map((code): Token[] => [{ chip: singularOf(code, catalog, 'ru'), kind: 'types' }]);
  return [chips.length > 1 ? 'воронки типов ' : 'воронки типа ', ...listed(chips, 'и')];
}

/** A rule about a field in words. */
export function fieldWords(rule: FieldRule, field: string, catalog: Catalog): Token[] {
  const known = genitive[pluralIn(rule.type, catalog, 'ru')];
  const of: Token[] = known
    ? [' у ', { chip: known, kind: 'types' }]
    : [' у записей типа ', { chip: singularOf(rule.type, catalog, 'ru'), kind: 'types' }];
  const chip: Token = { chip: field, kind: 'field' };
  return rule.access === 'hidden'
    ? ['не видит поле ', chip, ...of, rule.deny ? ', даже если показывает другая роль' : '']
    : ['видит поле ', chip, ...of, ', но не меняет', rule.deny ? ', даже если разрешает другая роль' : ''];
}
