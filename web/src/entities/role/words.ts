import type { Field, Pipeline, RecordType, Stage } from '~/api/types.ts';
import * as en from './en.ts';
import type { FieldRule, Grant } from './role.ts';
import * as ru from './ru.ts';

/** What lines speak about. */
export interface Catalog {
  types: RecordType[];
  pipelines: Pipeline[];
}

/** What a chip in a sentence stands for. */
export type ChipKind = 'types' | 'scope' | 'pipeline' | 'stage' | 'field';

/** A chip of a sentence. */
export interface Chip {
  chip: string;
  kind: ChipKind;
  /** The number of the stage, for its ring. */
  stage?: number;
}

/** A piece of a sentence: plain text with its spaces, or a chip. */
export type Token = string | Chip;

/** The languages a line can be said in. */
export type Speech = 'ru' | 'en';

/** Where a line holds, in titles. */
export interface Where {
  pipelines: string[];
  stages: { id: number; title: string }[];
  /** The stages are the first ones of one pipeline: up to here. */
  upTo?: { id: number; title: string };
}

const title = (thing: { title_ru?: string; title_en?: string; code?: string }, lang: Speech): string =>
  (lang === 'ru' ? thing.title_ru || thing.title_en : thing.title_en || thing.title_ru) || thing.code || '';

/** The plural of a type in running text: «сделки», "deals". */
export function pluralIn(code: string, catalog: Catalog, lang: Speech): string {
  const type = catalog.types.find((each) => each.code === code);
  if (!type) return code;
  const plural = lang === 'ru' ? type.plural_ru || type.plural_en : type.plural_en || type.plural_ru;
  return small(plural || title(type, lang));
}

/** The singular of a type as it is called. */
export function singularOf(code: string, catalog: Catalog, lang: Speech): string {
  const type = catalog.types.find((each) => each.code === code);
  return type ? title(type, lang) : code;
}

/** A title within a sentence: a capital letter goes unless the word is all capitals. */
function small(text: string): string {
  const [first = '', second = ''] = text;
  return second && second === second.toLocaleUpperCase() && second !== second.toLocaleLowerCase()
    ? text
    : first.toLocaleLowerCase() + text.slice(1);
}

function stageOf(id: number, catalog: Catalog): { stage: Stage; pipeline: Pipeline } | undefined {
  for (const pipeline of catalog.pipelines) {
    const stage = pipeline.stages.find((each) => each.id === id);
    if (stage) return { stage, pipeline };
  }
  return undefined;
}

/** The titles of a line's pipelines and stages. A stage of the same title elsewhere is told apart by its pipeline. */
export function whereOf(grant: Grant, catalog: Catalog, lang: Speech): Where {
  const pipelines = (grant.pipelines ?? []).map((id) => {
    const pipeline = catalog.pipelines.find((each) => each.id === id);
    return pipeline ? title(pipeline, lang) : `№ ${id}`;
  });
  const found = (grant.stages ?? []).map((id) => ({ id, at: stageOf(id, catalog) }));
  const several = new Set(found.map(({ at }) => at?.pipeline.id)).size > 1;
  const stages = found.map(({ id, at }) => ({
    id,
    title: at ? (several ? `${title(at.pipeline, lang)}: ` : '') + title(at.stage, lang) : `№ ${id}`,
  }));
  return { pipelines, stages, upTo: several ? undefined : lastOfFirst(grant.stages ?? [], catalog, lang) };
}

/** When stages are the first ones of a pipeline, at least two and not all: the last of them. */
function lastOfFirst(ids: number[], catalog: Catalog, lang: Speech): { id: number; title: string } | undefined {
  const pipeline = stageOf(ids[0] ?? 0, catalog)?.pipeline;
  if (!pipeline || ids.length < 2 || ids.length >= pipeline.stages.length) return undefined;
  const first = pipeline.stages.slice(0, ids.length);
  const last = first[first.length - 1];
  return last && first.every((stage) => ids.includes(stage.id)) ? { id: last.id, title: title(last, lang) } : undefined;
}

/** A line of a role as a sentence without its subject: «видит [сделки] [своего отдела] на стадии [Смета]». */
export function wordsOf(line: Grant, catalog: Catalog, lang: Speech): Token[] {
  // Types go in the order people know them by.
  const place = (code: string) => catalog.types.findIndex((type) => type.code === code);
  const grant = { ...line, types: [...(line.types ?? [])].sort((a, b) => place(a) - place(b)) };
  return joined((lang === 'ru' ? ru : en).grantWords(grant, catalog, whereOf(grant, catalog, lang)));
}

/** A line about a field: «не видит поле [Маржа] у [сделок]». */
export function fieldWordsOf(rule: FieldRule, catalog: Catalog, lang: Speech): Token[] {
  const field: Field | undefined = catalog.types
    .find((each) => each.code === rule.type)
    ?.fields.find((each) => each.code === rule.field);
  return joined((lang === 'ru' ? ru : en).fieldWords(rule, field ? title(field, lang) : rule.field, catalog));
}

/** Neighbouring texts become one. */
function joined(tokens: Token[]): Token[] {
  const out: Token[] = [];
  for (const token of tokens) {
    const last = out[out.length - 1];
    if (typeof token === 'string' && typeof last === 'string') out[out.length - 1] = last + token;
    else if (token !== '') out.push(token);
  }
  return out;
}

/** The sentence as plain text. */
export function plain(tokens: Token[]): string {
  return tokens.map((token) => (typeof token === 'string' ? token : token.chip)).join('');
}

/** Parts with commas and a last "and" between them. */
export function listed(parts: Token[][], and: string): Token[] {
  return parts.flatMap((part, at) => (at === 0 ? part : [at === parts.length - 1 ? ` ${and} ` : ', ', ...part]));
}
