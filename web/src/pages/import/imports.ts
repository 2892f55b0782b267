import type { Field, RecordType } from '~/api/types.ts';
import { fieldOf, titleOf } from '~/entities/catalog/catalog.ts';
import { t } from '~/i18n/index.ts';

/** A file whose rows come in as requests. */
export interface Import {
  id: number;
  created_at: string;
  name: string;
  size: number;
  encoding: string;
  separator: string;
  header: boolean;
  columns: string[];
  key: number | null;
  key_title: string;
  source: string;
  state: 'draft' | 'running' | 'stopped' | 'done' | 'failed';
  total: number;
  added: number;
  repeated: number;
  broken: number;
  started_at: string | null;
  finished_at: string | null;
  sample?: string[][];
}

/** A row that didn't come in. */
export interface BrokenRow {
  row: number;
  reason: string;
  cells: string[] | null;
}

/** Where a state stands in words. */
export function stateTitle(state: Import['state']): string {
  return {
    draft: t('не начат'),
    running: t('идёт'),
    stopped: t('остановлен'),
    done: t('готово'),
    failed: t('файл не найден'),
  }[state];
}

export interface Target {
  code: string;
  title: string;
}

const unfit = new Set(['file', 'user', 'link', 'links']);
const taken = new Set([
  'title',
  'name',
  'phones',
  'emails',
  'company_name',
  'person_name',
  'comment',
  'amount',
  'source',
]);

function fieldsOf(type: RecordType | undefined, prefix: string): Target[] {
  const fits = (field: Field) =>
    !field.system &&
    !field.read_only &&
    !unfit.has(field.kind) &&
    !taken.has(field.code) &&
    !field.code.startsWith('utm_');
  return (type?.fields ?? []).filter(fits).map((field) => ({ code: prefix + field.code, title: titleOf(field) }));
}

/** What a column can be, in groups. */
export function targetsOf(types: readonly RecordType[], main: string): { title: string; targets: Target[] }[] {
  const type = (code: string) => types.find((each) => each.code === code);
  // What goes to a field the reader doesn't know of, or may only read, isn't his to fill in.
  const becomes: Record<string, string> = { phone: 'phones', email: 'emails' };
  const fills = (code: string) => {
    if (code === 'name' || code === 'company' || code === 'title') return true;
    const own = [main, 'contact'].map((each) => fieldOf(type(each), becomes[code] ?? code)).find((field) => field);
    return !!own && !own.read_only;
  };
  return [
    {
      title: t('Главное'),
      targets: [
        { code: 'name', title: t('Имя') },
        { code: 'phone', title: t('Телефон') },
        { code: 'email', title: t('Почта') },
        { code: 'company', title: t('Компания') },
        { code: 'comment', title: t('Комментарий') },
        { code: 'title', title: t('Название записи') },
        { code: 'amount', title: t('Сумма') },
        { code: 'source', title: t('Источник') },
      ].filter((each) => fills(each.code)),
    },
    {
      title: titleOf(type(main)),
      targets: [
        ...fieldsOf(type(main), ''),
        ...['utm_source', 'utm_medium', 'utm_campaign'].map((code) => ({ code, title: code })),
      ],
    },
    { title: titleOf(type('contact')), targets: fieldsOf(type('contact'), 'contact.') },
    { title: titleOf(type('company')), targets: fieldsOf(type('company'), 'company.') },
  ].filter((group) => group.targets.length);
}
