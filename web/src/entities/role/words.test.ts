import { describe, expect, it } from 'vitest';
import type { FieldRule, Grant } from './role.ts';
import { type Catalog, fieldWordsOf, plain, type Token, wordsOf } from './words.ts';

const type = (code: string, ru: string, plural: string, en: string, plurals: string) => ({
  code,
  title_ru: ru,
  title_en: en,
  plural_ru: plural,
  plural_en: plurals,
  builtin: true,
  staged: true,
  fields: [
    { code: 'margin', kind: 'money' as const, title_ru: 'Маржа', title_en: 'Margin' },
    { code: 'amount', kind: 'money' as const, title_ru: 'Сумма', title_en: 'Amount' },
  ],
});
const stage = (id: number, ru: string, en: string) => ({
  id,
  code: `s${id}`,
  title_ru: ru,
  title_en: en,
  kind: 'open' as const,
  color: 1,
});
const catalog: Catalog = {
  types: [
    type('lead', 'Лид', 'Лиды', 'Lead', 'Leads'),
    type('deal', 'Сделка', 'Сделки', 'Deal', 'Deals'),
    type('contact', 'Контакт', 'Контакты', 'Contact', 'Contacts'),
    type('client', 'Клиент', 'Новые клиенты', 'Client', 'New clients'),
    type('offer', 'КП', 'КП', 'PO', 'POs'),
    type('purchase', 'Закупка у завода', 'Закупки у завода', 'Purchase', 'Purchases'),
  ],
  pipelines: [
    {
      id: 1,
      code: 'main',
      type: 'deal',
      title_ru: 'Оборудование',
      title_en: 'Equipment',
      stages: [
        stage(11, 'Новая', 'New'),
        stage(12, 'Смета', 'Estimate'),
        stage(13, 'Договор', 'Contract'),
        stage(14, 'Успех', 'Won'),
      ],
    },
    {
      id: 2,
      code: 'two',
      type: 'deal',
      title_ru: 'Тендеры',
      title_en: 'Tenders',
      stages: [stage(21, 'Заявка', 'Bid'), stage(22, 'Смета', 'Estimate')],
    },
  ],
};

const written = (tokens: Token[]) =>
  tokens.map((token) => (typeof token === 'string' ? token : `[${token.chip}]`)).join('');

const lines: [Grant, string, string][] = [
  [
    { types: ['deal', 'lead'], ops: ['see'], scopes: ['own', 'observed'] },
    'видит [лиды и сделки] [свои] и те, за которыми [наблюдает]',
    'sees [their own] [leads and deals] and those they [observe]',
  ],
  [
    { types: ['deal'], stages: [12], ops: ['see'], scopes: ['department'] },
    'видит [сделки] [своего отдела] на стадии [Смета]',
    'sees [deals] of [their department] at the stage [Estimate]',
  ],
  [
    { types: ['deal'], ops: ['edit', 'move', 'assign'], scopes: ['own'] },
    'правит, двигает и передаёт [свои] [сделки]',
    'edits, moves and reassigns [their own] [deals]',
  ],
  [
    { types: ['deal'], stages: [11, 12, 13], ops: ['move'], scopes: ['own'] },
    'двигает [свои] [сделки] до стадии [Договор] включительно',
    'moves [their own] [deals] up to the stage [Contract] inclusive',
  ],
  [
    { types: ['deal'], stages: [12, 13], ops: ['move'], scopes: ['all'] },
    'двигает [все] [сделки] на стадии [Смета] и [Договор]',
    'moves [all] [deals] to the stages [Estimate] and [Contract]',
  ],
  [
    { types: ['deal'], stages: [12], ops: ['see', 'edit', 'move'], scopes: ['all'] },
    'видит и правит [все] [сделки] на стадии [Смета]; двигает их на стадию [Смета]',
    'sees and edits [all] [deals] at the stage [Estimate]; moves them to the stage [Estimate]',
  ],
  [
    { types: ['deal'], stages: [12, 22], ops: ['see'], scopes: ['all'] },
    'видит [все] [сделки] на стадиях [Оборудование: Смета] и [Тендеры: Смета]',
    'sees [all] [deals] at the stages [Equipment: Estimate] and [Tenders: Estimate]',
  ],
  [
    { ops: ['see', 'export'], scopes: ['led', 'own', 'observed'] },
    'видит и выгружает [записи] [отделов, которыми руководит], [свои] и те, за которыми [наблюдает]',
    'sees and exports [records] of [departments they head], [their own] and those they [observe]',
  ],
  [
    { ops: ['edit'], scopes: ['led', 'own'] },
    'правит [записи] [отделов, которыми руководит], и [свои]',
    'edits [records] of [departments they head] and [their own]',
  ],
  [
    { types: ['deal'], pipelines: [1], ops: ['see'], scopes: ['led'] },
    'видит [сделки] [отделов, которыми руководит], в воронке [Оборудование]',
    'sees [deals] of [departments they head] in the pipeline [Equipment]',
  ],
  [
    { types: ['deal'], pipelines: [1, 2], ops: ['see'], scopes: ['observed'] },
    'видит [сделки], за которыми [наблюдает], в воронках [Оборудование] и [Тендеры]',
    'sees [deals] they [observe] in the pipelines [Equipment] and [Tenders]',
  ],
  [
    { types: ['client'], ops: ['see'], scopes: ['own', 'observed'] },
    'видит [новых клиентов] [своих] и тех, за которыми [наблюдает]',
    'sees [their own] [new clients] and those they [observe]',
  ],
  [{ types: ['client'], ops: ['see'], scopes: ['all'] }, 'видит [всех] [новых клиентов]', 'sees [all] [new clients]'],
  [
    { types: ['offer'], ops: ['see'], scopes: ['below'] },
    'видит [КП] [своего отдела с подотделами]',
    'sees [POs] of [their department with all below]',
  ],
  [
    { types: ['contact'], ops: ['export'], scopes: ['all'], deny: true },
    'не выгружает [контакты]',
    'does not export [contacts]',
  ],
  [
    { types: ['deal'], ops: ['see', 'edit'], scopes: ['department'], deny: true },
    'не видит и не правит [сделки] [своего отдела]',
    'does not see or edit [deals] of [their department]',
  ],
  [{ ops: ['create'], scopes: ['all'] }, 'создаёт [записи]', 'creates [records]'],
  [
    { types: ['lead'], ops: ['create', 'import'], scopes: ['own', 'below'] },
    'создаёт и загружает [лиды] [на себя] и на людей [своего отдела с подотделами]',
    'creates and imports [leads] for [themselves] and for people of [their department with all below]',
  ],
  [
    { types: ['deal'], ops: ['see', 'create'], scopes: ['own'] },
    'видит [свои] [сделки]; создаёт их [на себя]',
    'sees [their own] [deals]; creates them for [themselves]',
  ],
  [
    { types: ['deal'], pipelines: [2], ops: ['settings'], scopes: ['all'] },
    'настраивает воронку [Тендеры]',
    'sets up the pipeline [Tenders]',
  ],
  [
    { types: ['deal', 'lead'], ops: ['settings'], scopes: ['all'] },
    'настраивает воронки типов [Лид] и [Сделка]',
    'sets up pipelines of [leads and deals]',
  ],
  [{ ops: ['settings'], scopes: ['all'] }, 'настраивает [все воронки]', 'sets up [all pipelines]'],
  [
    { types: ['deal'], ops: ['see'], scopes: [] },
    'видит [сделки], но [не указано, чьи]',
    'sees [deals], [nobody said whose]',
  ],
  [
    { types: ['gone'], stages: [99], pipelines: [98], ops: ['see'], scopes: ['all'] },
    'видит [все] [gone] в воронке [№ 98] на стадии [№ 99]',
    'sees [all] [gone] in the pipeline [№ 98] at the stage [№ 99]',
  ],
];

describe('a line of a role', () => {
  it.each(lines)('%j', (grant, ru, en) => {
    expect(written(wordsOf(grant, catalog, 'ru'))).toBe(ru);
    expect(written(wordsOf(grant, catalog, 'en'))).toBe(en);
  });
});

const rules: [FieldRule, string, string][] = [
  [
    { type: 'deal', field: 'margin', access: 'hidden' },
    'не видит поле [Маржа] у [сделок]',
    'does not see the field [Margin] of [deals]',
  ],
  [
    { type: 'deal', field: 'margin', access: 'hidden', deny: true },
    'не видит поле [Маржа] у [сделок], даже если показывает другая роль',
    'does not see the field [Margin] of [deals], even if another role shows it',
  ],
  [
    { type: 'purchase', field: 'amount', access: 'read_only', deny: true },
    'видит поле [Сумма] у записей типа [Закупка у завода], но не меняет, даже если разрешает другая роль',
    'sees but does not change the field [Amount] of [purchases], even if another role allows it',
  ],
  [
    { type: 'lead', field: 'gone', access: 'read_only' },
    'видит поле [gone] у [лидов], но не меняет',
    'sees but does not change the field [gone] of [leads]',
  ],
];

describe('a line about a field', () => {
  it.each(rules)('%j', (rule, ru, en) => {
    expect(written(fieldWordsOf(rule, catalog, 'ru'))).toBe(ru);
    expect(written(fieldWordsOf(rule, catalog, 'en'))).toBe(en);
  });
});

it('says any line without a gap, a double space or a lost word', () => {
  const all = ['own', 'observed', 'department', 'below', 'led', 'all'] as const;
  const does = ['see', 'create', 'edit', 'move', 'delete', 'assign', 'export', 'import', 'settings'] as const;
  for (let bits = 1; bits < 512; bits++) {
    const ops = does.filter((_, at) => bits & (1 << at));
    const scopes = all.filter((_, at) => (bits * 7) & (1 << at));
    for (const deny of [false, true])
      for (const stages of [[], [12], [11, 12]])
        for (const lang of ['ru', 'en'] as const) {
          const text = plain(wordsOf({ types: ['deal'], stages, ops, scopes, deny }, catalog, lang));
          expect(text).not.toMatch(/ {2}|undefined| ,|, ,|^ | $/);
          expect(text.length).toBeGreaterThan(8);
        }
  }
});
