import type { FieldRule, Grant, Op, Scope } from './role.ts';
import { type Catalog, listed, pluralIn, type Token, type Where } from './words.ts';

// How lines of roles are said in English.

/** The word alone, and as somebody does it. */
const verbs: Record<Op, [string, string]> = {
  see: ['see', 'sees'],
  create: ['create', 'creates'],
  edit: ['edit', 'edits'],
  move: ['move', 'moves'],
  delete: ['delete', 'deletes'],
  assign: ['reassign', 'reassigns'],
  export: ['export', 'exports'],
  import: ['import', 'imports'],
  settings: ['set up', 'sets up'],
};

const scope = (chip: string): Token => ({ chip, kind: 'scope' });

/** Whose records: before the noun for one word, after it for more. */
function scopeWords(scopes: Scope[]): { before: Token[]; after: Token[] } {
  const has = (each: Scope) => scopes.includes(each);
  if (has('all')) return { before: [scope('all'), ' '], after: [] };
  if (!scopes.length) return { before: [], after: [', ', scope('nobody said whose')] };
  const departments: Token[][] = [];
  if (has('led')) departments.push([scope('departments they head')]);
  if (has('below')) departments.push([scope('their department with all below')]);
  else if (has('department')) departments.push([scope('their department')]);
  const observed: Token[][] = has('observed') ? [['those they ', scope('observe')]] : [];
  if (departments.length) {
    const own: Token[][] = has('own') ? [[scope('their own')]] : [];
    return { before: [], after: [' of ', ...listed([...departments, ...own, ...observed], 'and')] };
  }
  if (!has('own')) return { before: [], after: [' they ', scope('observe')] };
  return { before: [scope('their own'), ' '], after: observed.length ? [' and ', ...(observed[0] ?? [])] : [] };
}

/** For whom records are made. */
function forWhom(scopes: Scope[]): Token[] {
  const has = (each: Scope) => scopes.includes(each);
  if (has('all')) return [];
  const parts: Token[][] = [];
  if (has('own')) parts.push(['for ', scope('themselves')]);
  const people = [
    ...(has('led') ? ['departments they head'] : []),
    ...(has('below') ? ['their department with all below'] : has('department') ? ['their department'] : []),
  ];
  if (people.length)
    parts.push([
      'for people of ',
      ...listed(
        people.map((each) => [scope(each)]),
        'and',
      ),
    ]);
  if (has('observed')) parts.push(['they ', scope('observe')]);
  return parts.length ? [' ', ...listed(parts, 'and')] : [', ', scope('nobody said for whom')];
}

function pipelineWords({ pipelines }: Where): Token[] {
  if (!pipelines.length) return [];
  const chips = pipelines.map((chip): Token[] => [{ chip, kind: 'pipeline' }]);
  return [chips.length > 1 ? ' in the pipelines ' : ' in the pipeline ', ...listed(chips, 'and')];
}

function stageWords({ stages, upTo }: Where, moved: boolean): Token[] {
  if (!stages.length) return [];
  if (moved && upTo) return [' up to the stage ', { chip: upTo.title, kind: 'stage', stage: upTo.id }, ' inclusive'];
  const chips = stages.map(({ id, title }): Token[] => [{ chip: title, kind: 'stage', stage: id }]);
  const word = chips.length > 1 ? 'stages' : 'stage';
  return [` ${moved ? 'to' : 'at'} the ${word} `, ...listed(chips, 'and')];
}

/** "sees, edits and moves", "does not see or edit". */
function doing(ops: Op[], deny: boolean | undefined): string {
  if (deny)
    return `does not ${listed(
      ops.map((op) => [verbs[op][0]]),
      'or',
    ).join('')}`;
  return listed(
    ops.map((op) => [verbs[op][1]]),
    'and',
  ).join('');
}

/** A grant in words. */
export function grantWords(grant: Grant, catalog: Catalog, where: Where): Token[] {
  const types = grant.types ?? [];
  const noun = types.length
    ? listed(
        types.map((code) => [pluralIn(code, catalog, 'en')]),
        'and',
      ).join('')
    : 'records';
  const chip: Token = { chip: noun, kind: 'types' };
  // A move speaks of the stage it goes to, everything else of the one the record is at.
  const apart = where.stages.length > 0;
  const main = grant.ops.filter((op) => !['create', 'import', 'settings'].includes(op) && !(apart && op === 'move'));
  const made = grant.ops.filter((op) => op === 'create' || op === 'import');
  const moves = apart && grant.ops.includes('move');
  const whose = scopeWords(grant.scopes);
  const place = pipelineWords(where);
  const clauses: Token[][] = [];
  const object = (): Token[] =>
    clauses.length
      ? ['them']
      : [...(grant.deny && grant.scopes.includes('all') ? [] : whose.before), chip, ...whose.after, ...place];
  if (main.length) clauses.push([doing(main, grant.deny), ' ', ...object(), ...stageWords(where, false)]);
  if (moves) clauses.push([doing(['move'], grant.deny), ' ', ...object(), ...stageWords(where, true)]);
  if (made.length)
    clauses.push([
      doing(made, grant.deny),
      ' ',
      ...(clauses.length ? ['them'] : [chip]),
      ...forWhom(grant.scopes),
      ...(clauses.length ? [] : [...place, ...stageWords(where, false)]),
    ]);
  if (grant.ops.includes('settings'))
    clauses.push([doing(['settings'], grant.deny), ' ', ...setUp(noun, types, where)]);
  return clauses.flatMap((clause, at) => (at ? ['; ', ...clause] : clause));
}

/** "the pipeline [Tenders]", "[all pipelines]", "pipelines of [deals]". */
function setUp(noun: string, types: string[], { pipelines }: Where): Token[] {
  if (pipelines.length) {
    const chips = pipelines.map((chip): Token[] => [{ chip, kind: 'pipeline' }]);
    return [chips.length > 1 ? 'the pipelines ' : 'the pipeline ', ...listed(chips, 'and')];
  }
  return types.length ? ['pipelines of ', { chip: noun, kind: 'types' }] : [{ chip: 'all pipelines', kind: 'types' }];
}

/** A rule about a field in words. */
export function fieldWords(rule: FieldRule, field: string, catalog: Catalog): Token[] {
  const of: Token[] = [' of ', { chip: pluralIn(rule.type, catalog, 'en'), kind: 'types' }];
  const chip: Token = { chip: field, kind: 'field' };
  return rule.access === 'hidden'
    ? ['does not see the field ', chip, ...of, rule.deny ? ', even if another role shows it' : '']
    : ['sees but does not change the field ', chip, ...of, rule.deny ? ', even if another role allows it' : ''];
}
