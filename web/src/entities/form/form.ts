import { queryOptions } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Field, IntakeKey, Page, RecordType } from '~/api/types.ts';
import { titleOf } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';

/** A text in both languages. */
export interface Titles {
  ru?: string;
  en?: string;
}

/** The texts of a form in one language. */
export interface Words {
  heading?: string;
  intro?: string;
  button?: string;
  thanks?: string;
  contact?: string;
}

/** One field of a form. */
export interface FormItem {
  name: string;
  label?: Titles;
  hint?: Titles;
  required?: boolean;
  when?: { item: string; is?: string[] };
}

/** How a form looks. */
export interface FormLook {
  accent?: string;
  ground?: string;
  size?: number;
  theme?: '' | 'light' | 'dark';
  compact?: boolean;
  logo?: string;
}

/** How a form is. */
export interface FormOptions {
  heading?: string;
  button?: string;
  thanks?: string;
  fields?: string[];
  required?: string[];
  words?: { ru?: Words; en?: Words };
  items?: FormItem[];
  consent?: { text: Titles; required?: boolean } | null;
  look?: FormLook;
  work?: number;
  no_script?: '' | 'hold' | 'accept';
}

/** A key with its form. */
export interface FormKey extends IntakeKey {
  lang: string;
  form: FormOptions;
}

/** All keys with their forms. */
export const formsKey = ['intake-keys'];

/** One key with its form. */
export const formQuery = (id: number) =>
  queryOptions({
    queryKey: ['intake-key', id],
    queryFn: ({ signal }) => api.get<FormKey>(`/intake-keys/${id}`, undefined, signal),
    staleTime: 0,
  });

/** A form without items as a built one, so that it can be changed line by line. */
export function builtOf(form: FormOptions): FormOptions {
  if (form.items?.length) return form;
  const items = (form.fields ?? []).map((name) => ({ name, required: form.required?.includes(name) }));
  return { ...form, items, fields: undefined, required: undefined };
}

const usual = () => [
  { name: 'name', title: t('Как вас зовут'), kind: 'text' },
  { name: 'phone', title: t('Телефон'), kind: 'phone' },
  { name: 'email', title: t('Почта'), kind: 'email' },
  { name: 'company', title: t('Компания'), kind: 'text' },
  { name: 'comment', title: t('Что нужно'), kind: 'longtext' },
];

const askable = [
  'text',
  'longtext',
  'integer',
  'decimal',
  'money',
  'bool',
  'date',
  'list',
  'multilist',
  'url',
  'address',
  'phone',
  'email',
];

/** A field a form can ask for. */
export interface Askable {
  name: string;
  title: string;
  kind: string;
  /** The type whose field it is; none for the usual ones. */
  of?: string;
  field?: Field;
}

/** Everything a form can ask for: the usual fields, then those of the record, the contact and the company. */
export function askables(types: RecordType[], main: string): Askable[] {
  const list: Askable[] = [...usual()];
  for (const code of [main, 'contact', 'company']) {
    const type = types.find((each) => each.code === code);
    for (const field of type?.fields ?? []) {
      const own = field as Field & { system?: boolean; read_only?: boolean };
      if (!askable.includes(field.kind) || own.system || own.read_only || known[code]?.includes(field.code)) continue;
      const prefix = code === main ? 'lead' : code;
      list.push({ name: `${prefix}.${field.code}`, title: titleOf(field), kind: field.kind, of: titleOf(type), field });
    }
  }
  return list;
}

// What the usual fields ask for already, and what is filled in without asking.
const marks = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'referrer',
  'source',
  'phones',
  'emails',
  'comment',
  'title',
];
const known: Record<string, string[]> = {
  lead: [...marks, 'person_name', 'company_name'],
  deal: [...marks, 'probability', 'closes_on'],
  contact: ['phones', 'emails', 'source', 'title'],
  company: ['phones', 'emails', 'source', 'title'],
};

/** The script other sites put on their pages. */
export function snippetOf(origin: string, key: string, lang: string): string {
  return `<script src="${origin}/f/embed.js" data-form="${key}"${lang ? ` data-lang="${lang}"` : ''} async></script>`;
}

/** The script of pages without a form: they only remember how a visitor came. */
export function trackerOf(origin: string): string {
  return `<script src="${origin}/f/embed.js" async></script>`;
}

/** The form in a frame, for sites that allow no scripts of others. */
export function frameOf(origin: string, key: string, title: string): string {
  return `<iframe src="${origin}/f/${key}?embed=1" title="${title.replace(/"/g, '&quot;')}" style="width:100%;height:640px;border:0"></iframe>`;
}

/** A request that waits for a person. */
export interface HeldRequest {
  id: number;
  at: string;
  key: number;
  form: string;
  reason: string;
  payload: Record<string, unknown>;
  attribution?: Attribution | null;
}

/** One arrival at a site. */
export interface Touch {
  at?: string;
  landing?: string;
  referrer?: string;
  source?: string;
  medium?: string;
  campaign?: string;
  content?: string;
  term?: string;
  click?: string;
}

/** How a visitor came. */
export interface Attribution {
  first?: Touch;
  last?: Touch;
  views?: number;
}

/** How many requests wait for a person. */
export const heldCountQuery = queryOptions({
  queryKey: ['held-count'],
  queryFn: ({ signal }) =>
    api.get<{ waiting: number }>('/held-requests/count', undefined, signal).then((answer) => answer.waiting),
  staleTime: 30_000,
  refetchInterval: 60_000,
});

/** The requests that wait, the oldest first. */
export const heldQuery = queryOptions({
  queryKey: ['held-requests'],
  queryFn: ({ signal }) => api.get<Page<HeldRequest>>('/held-requests', { limit: 100 }, signal),
  refetchInterval: 30_000,
});

/** Why a request waits, in words. */
export function reasonText(reason: string): string {
  switch (reason) {
    case 'no_script':
      return t('браузер без скриптов');
    case 'bad_work':
      return t('проверка не пройдена');
    case 'trap':
      return t('заполнено скрытое поле');
    case 'too_fast':
      return t('заполнено быстрее человека');
    case 'form_closed':
      return t('форму закрыли, пока её заполняли');
    default:
      return reason;
  }
}
