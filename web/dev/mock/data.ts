/** The made-up portal of the dev mock: the firm of the mock-ups, on the day of the mock-ups. */
import type { Department, Drum, Field, Pipeline, RecordData, RecordType, User } from '../../src/api/types.ts';

const field = (
  code: string,
  kind: Field['kind'],
  title_ru: string,
  title_en: string,
  more: Partial<Field> = {},
): Field => ({ code, kind, title_ru, title_en, builtin: true, ...more });
const value = (code: string, title_ru: string, title_en: string) => ({ code, title_ru, title_en });
const source = field('source', 'list', 'Источник', 'Source', {
  values: [
    value('site', 'сайт', 'site'),
    value('call', 'звонок', 'call'),
    value('referral', 'рекомендация', 'referral'),
  ],
});

export const types: RecordType[] = [
  {
    code: 'lead',
    title_ru: 'Лид',
    title_en: 'Lead',
    plural_ru: 'Лиды',
    plural_en: 'Leads',
    builtin: true,
    staged: true,
    fields: [
      field('amount', 'money', 'Сумма', 'Amount'),
      field('company_name', 'text', 'Компания клиента', 'Company name'),
      field('person_name', 'text', 'Имя', 'Name'),
      field('phones', 'phone', 'Телефоны', 'Phones'),
      field('emails', 'email', 'Почта', 'E-mails'),
      field('comment', 'longtext', 'Комментарий', 'Comment'),
      source,
      field('utm_source', 'text', 'utm_source', 'utm_source'),
      field('contact', 'link', 'Контакт', 'Contact', { link_type: 'contact' }),
      field('company', 'link', 'Компания', 'Company', { link_type: 'company' }),
    ],
  },
  {
    code: 'deal',
    title_ru: 'Сделка',
    title_en: 'Deal',
    plural_ru: 'Сделки',
    plural_en: 'Deals',
    builtin: true,
    staged: true,
    fields: [
      field('amount', 'money', 'Сумма', 'Amount'),
      field('company', 'link', 'Компания', 'Company', { link_type: 'company' }),
      field('contact', 'link', 'Контакт', 'Contact', { link_type: 'contact' }),
      source,
      field('area', 'decimal', 'Площадь, м²', 'Area, m²', { scale: 2, builtin: false }),
      field('fire', 'list', 'Класс пожара', 'Fire class', {
        builtin: false,
        values: [value('a', 'A, твёрдые вещества', 'A, solids'), value('b', 'B, горючие жидкости', 'B, liquids')],
      }),
      field('closes_on', 'date', 'Закрытие', 'Closes on'),
      field('probability', 'integer', 'Вероятность, %', 'Probability, %'),
      field('mount', 'bool', 'Монтаж', 'Installation', { builtin: false }),
      field('comment', 'longtext', 'Комментарий', 'Comment'),
    ],
  },
  {
    code: 'contact',
    title_ru: 'Контакт',
    title_en: 'Contact',
    plural_ru: 'Контакты',
    plural_en: 'Contacts',
    builtin: true,
    staged: false,
    fields: [
      field('phones', 'phone', 'Телефоны', 'Phones'),
      field('emails', 'email', 'Почта', 'E-mails'),
      field('company', 'link', 'Компания', 'Company', { link_type: 'company' }),
      field('position', 'text', 'Должность', 'Position'),
      field('comment', 'longtext', 'Комментарий', 'Comment'),
    ],
  },
  {
    code: 'company',
    title_ru: 'Компания',
    title_en: 'Company',
    plural_ru: 'Компании',
    plural_en: 'Companies',
    builtin: true,
    staged: false,
    fields: [
      field('phones', 'phone', 'Телефоны', 'Phones'),
      field('emails', 'email', 'Почта', 'E-mails'),
      field('inn', 'text', 'ИНН', 'Tax number'),
      field('site', 'url', 'Сайт', 'Site'),
      source,
      field('comment', 'longtext', 'Комментарий', 'Comment'),
    ],
  },
  {
    code: 'activity',
    title_ru: 'Дело',
    title_en: 'Activity',
    plural_ru: 'Дела',
    plural_en: 'Activities',
    builtin: true,
    staged: false,
    fields: [],
  },
];

const stage = (
  id: number,
  code: string,
  title_ru: string,
  title_en: string,
  kind: 'open' | 'waiting' | 'won' | 'lost',
  color: number,
  limit = 0,
) => ({
  id,
  code,
  title_ru,
  title_en,
  kind,
  color,
  limit_seconds: limit,
  goal: '',
  role: '',
  task: '',
  product: '',
  instruction: '',
});
export const pipelines: Pipeline[] = [
  {
    id: 1,
    code: 'main',
    type: 'lead',
    title_ru: 'Обращения',
    title_en: 'Enquiries',
    stages: [
      stage(1, 'new', 'Новый', 'New', 'open', 1, 1800),
      stage(2, 'work', 'Разбираем', 'Working', 'open', 2, 28800),
      stage(3, 'ours', 'Наш', 'Qualified', 'open', 3),
      stage(4, 'won', 'Стал сделкой', 'Became a deal', 'won', 10),
      stage(5, 'lost', 'Не наш', 'Not ours', 'lost', 1),
    ],
  },
  {
    id: 2,
    code: 'equipment',
    type: 'deal',
    title_ru: 'Оборудование',
    title_en: 'Equipment',
    stages: [
      stage(10, 'new', 'Новая', 'New', 'open', 1, 1800),
      {
        ...stage(11, 'need', 'Потребность', 'Needs', 'open', 2, 28800),
        goal: 'Узнайте, что защищаем и к какому сроку. Без плана смету не считаем.',
        task: 'Обследовать объект',
        instruction: 'Что хранится и на какой высоте?\nЕсть ли предписание?\nКто согласует бюджет?\nНужен ли монтаж?',
      },
      stage(12, 'quote', 'Расчёт и КП', 'Estimate and quote', 'open', 3, 172800),
      stage(13, 'contract', 'Договор', 'Contract', 'open', 4, 432000),
      stage(14, 'payment', 'Ждём оплату', 'Awaiting payment', 'open', 5, 259200),
      stage(15, 'hold', 'Отложенные', 'On hold', 'waiting', 6),
      stage(16, 'won', 'Успех', 'Won', 'won', 10),
      stage(17, 'lost', 'Отказ', 'Lost', 'lost', 1),
    ],
  },
  {
    id: 3,
    code: 'service',
    type: 'deal',
    title_ru: 'Обслуживание',
    title_en: 'Maintenance',
    stages: [
      stage(20, 'new', 'Новая', 'New', 'open', 1),
      stage(21, 'doing', 'В работе', 'Doing', 'open', 2),
      stage(22, 'won', 'Успех', 'Won', 'won', 10),
      stage(23, 'lost', 'Отказ', 'Lost', 'lost', 1),
    ],
  },
];

export const users: User[] = [
  'Анна Смирнова',
  'Игорь Петров',
  'Марина Козлова',
  'Олег Сафин',
  'Дарья Лебедева',
  'Сергей Волков',
  'Елена Жукова',
].map((name, at) => ({
  id: at + 1,
  name,
  email: `user${at + 1}@firm.test`,
  role: at === 0 || at === 6 ? 'admin' : at === 5 ? 'head' : 'manager',
  department: at < 5 ? 2 : 1,
  position: at < 5 ? 'менеджер' : 'руководитель',
  phone: '',
  active: true,
}));
export const departments: Department[] = [
  { id: 1, title: 'Пожтехснаб', parent: null, head: 7, deputies: [] },
  { id: 2, title: 'Отдел продаж', parent: 1, head: 6, deputies: [1] },
  { id: 3, title: 'Сервис', parent: 1, head: null, deputies: [] },
];
export const reasons = [
  { id: 1, code: 'price', title_ru: 'Дорого', title_en: 'Too expensive' },
  { id: 2, code: 'rival', title_ru: 'Выбрали других', title_en: 'Chose another supplier' },
  { id: 3, code: 'silent', title_ru: 'Пропал', title_en: 'No answer' },
];
export const drums: Drum[] = [
  {
    id: 1,
    title: 'Заявки с сайта',
    take_minutes: 30,
    misses_to_head: 4,
    head: 6,
    members: [1, 2, 3, 4].map((user) => ({ user, active: user !== 4 })),
  },
];

const titles = [
  'Огнетушители ОП-4, 60 шт.',
  'Перезарядка и паспорта',
  'Шкафы ШПК-310 для паркинга',
  'Гидранты, запрос с сайта',
  'Знаки и планы эвакуации',
  'Оснащение склада класса В',
  'Замена сигнализации, 3 корпуса',
  'Порошковые модули, котельная',
  'Противогазы ГДЗК, 120 шт.',
  'Двери EI-60, 14 проёмов',
  'Сплинкеры и узлы управления',
  'Годовой запас рукавов',
  'Пожарные щиты, 22 шт.',
  'Комплект на 4 магазина',
  'Стволы и гайки, тендер',
  'Аварийное освещение',
];
const firms = [
  'ООО «Северный терминал»',
  'Школа № 1514',
  'ТСЖ «Лесная, 12»',
  'АО «Волгохимпром»',
  'Гостиница «Заря»',
  'Завод «Ладога-Мет»',
  'МУП «Теплосеть»',
  'ТЦ «Орбита»',
  'Речной порт',
  'Банк «Берег»',
];
const steps = [
  'Перезвонить',
  'Обследование',
  'Уточнить площади',
  'Отправить КП',
  'Протокол разногласий',
  'Проверить оплату',
];

export const records: Record<string, Map<number, RecordData>> = {
  lead: new Map(),
  deal: new Map(),
  contact: new Map(),
  company: new Map(),
  activity: new Map(),
};
export const iso = (ms: number) => new Date(ms).toISOString();
const HOUR = 3_600_000;

function seed(count: number): void {
  const now = Date.now();
  firms.forEach((title, at) =>
    records.company!.set(at + 1, {
      id: at + 1,
      type: 'company',
      version: 1,
      title,
      responsible: (at % 5) + 1,
      created_at: iso(now - at * 90 * HOUR),
      phones: [{ value: '+7 812 555-01-0' + at, e164: `+7812555010${at}` }],
      inn: `78260000${at}0`,
      source: 'site',
    }),
  );
  ['Павел Дорохов', 'Ирина Северова', 'Кравцов А. Н.', 'Ольга Лисина'].forEach((title, at) =>
    records.contact!.set(at + 1, {
      id: at + 1,
      type: 'contact',
      version: 1,
      title,
      responsible: 1,
      created_at: iso(now - at * 50 * HOUR),
      position: 'главный инженер',
      phones: [{ value: '+7 921 555-01-4' + at, e164: `+7921555014${at}` }],
      emails: [{ value: `client${at}@mail.test` }],
      company: { id: at + 1, title: firms[at] },
    }),
  );
  for (let id = 1; id <= count; id++) {
    const code = ['new', 'need', 'quote', 'contract', 'payment', 'need', 'quote', 'hold', 'won', 'lost'][
      (id * 7) % 10
    ]!;
    const late = id % 5 === 0;
    const none = id % 7 === 0;
    const minor = (((id * 7919) % 4200) + 38) * 100_000;
    records.deal!.set(id, {
      id,
      type: 'deal',
      version: 1,
      title: titles[id % titles.length]!,
      pipeline: id % 9 === 0 ? 'service' : 'equipment',
      stage: id % 9 === 0 ? 'doing' : code,
      responsible: (id % 5) + 1,
      department: 2,
      created_at: iso(now - id * 5 * HOUR),
      stage_entered_at: iso(now - (id % 40) * HOUR),
      next_at: none || code === 'won' || code === 'lost' ? null : iso(now + (late ? -1 : 1) * ((id * 3) % 90) * HOUR),
      next_title: steps[id % steps.length],
      amount: id % 11 === 0 ? null : { minor, currency: 'RUB', base: minor },
      company: { id: (id % 10) + 1, title: firms[id % 10] },
      contact: {
        id: (id % 4) + 1,
        title: ['Павел Дорохов', 'Ирина Северова', 'Кравцов А. Н.', 'Ольга Лисина'][id % 4],
      },
      source: 'site',
      probability: 60,
      area: '3200',
      fire: 'b',
      closes_on: '2026-12-18',
      observers: [6, 5],
    });
  }
  for (let id = 1; id <= 19; id++) {
    const code = ['new', 'new', 'work', 'ours'][id % 4]!;
    records.lead!.set(id, {
      id,
      type: 'lead',
      version: 1,
      title: `Заявка с сайта: ${titles[id % titles.length]}`,
      pipeline: 'main',
      stage: code,
      responsible: code === 'new' ? null : (id % 5) + 1,
      created_at: iso(now - id * HOUR),
      stage_entered_at: iso(now - id * HOUR),
      next_at: null,
      person_name: 'Павел Дорохов',
      company_name: firms[id % 10],
      phones: [{ value: '+7 921 555-01-42', e164: '+79215550142' }],
      emails: [{ value: 'pavel@mail.test' }],
      comment: 'Нужно оснастить склад ЛВЖ 3 200 м², предписание до 20 декабря.',
      source: 'site',
      utm_source: 'yandex',
      offer:
        id === 4 || id === 1 || id === 5
          ? {
              id,
              drum: 1,
              type: 'lead',
              record: id,
              title: titles[id % titles.length],
              user: id === 4 ? 2 : 1,
              round: 1,
              state: 'offered',
              offered_at: iso(now - (id === 4 ? 27 : 17) * 60_000),
              due_at: iso(now + (id === 4 ? 3 : 12.7) * 60_000),
              seconds_left: (id === 4 ? 3 : 12.7) * 60,
            }
          : null,
    });
  }
  records.activity!.set(1, {
    id: 1,
    type: 'activity',
    version: 1,
    title: 'Обследование объекта',
    kind: 'meeting',
    due_at: iso(now + 40 * HOUR),
    text: 'Взять рулетку, анемометр и бланк акта. Пропуск заказан на двух человек.',
  });
  records.activity!.set(2, {
    id: 2,
    type: 'activity',
    version: 1,
    title: 'Получить план помещения',
    kind: 'todo',
    due_at: iso(now - 3 * HOUR),
  });
}
seed(Number(process.env.MOCK_DEALS ?? 320));
