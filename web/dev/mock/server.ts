/** A pretend server for working on the screens without Go: `npm run dev:mock`. It is no part of the product. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { Offer, RecordData } from '../../src/api/types.ts';
import { departments, drums, iso, pipelines, reasons, records, types, users } from './data.ts';

const me = {
  id: 1,
  name: 'Анна Смирнова',
  email: 'anna@firm.test',
  role: 'admin',
  language: (process.env.MOCK_LANG ?? 'ru') as string,
  zone: 'Europe/Moscow',
  theme: '',
  density: '',
  department: 2,
  head_of: [2],
  can: {},
};
const portal = { company: 'Пожтехснаб', currency: 'RUB', simple: false, language: 'ru', zone: 'Europe/Moscow' };
let needed = process.env.MOCK_SETUP === '1';
let signedIn = process.env.MOCK_LOGIN !== '1';
const live = new Set<ServerResponse>();
const bin = new Map<string, RecordData>();
let keys = [{ id: 1, key: 'k7Qm2vX9pLr4', title: 'Форма «Подбор»', source: 'site', drum: 1, active: true }];

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
  ) {
    super(String(body.detail));
  }
}

/** Understands what the screens send most: me, empty, ids, text. Good enough to look at. */
function passes(record: RecordData, filter: string): boolean {
  return filter.split(' and ').every((part) => {
    const text = part.replace(/[()]/g, ' ').trim();
    if (!text) return true;
    if (/^responsible\s*=\s*me/.test(text)) return record.responsible === me.id;
    if (/^is empty\s+next_at/.test(text)) return !record.next_at;
    if (/^next_at\s*<\s*now/.test(text)) return !!record.next_at && Date.parse(record.next_at) < Date.now();
    const list = /^(\w+) in\s+(.*)$/.exec(text);
    if (list) {
      const wanted = list[2]!.split(',').map((each) => each.trim().replaceAll('"', ''));
      const own = record[list[1]!] as { id?: number } | string | number | null;
      return (
        wanted.includes(String(own && typeof own === 'object' ? own.id : own)) ||
        (wanted.includes('me') && own === me.id)
      );
    }
    const has = /^contains\s+(\w+), "(.*)"/.exec(text);
    if (has)
      return String(record[has[1]!] ?? '')
        .toLowerCase()
        .includes(has[2]!.toLowerCase());
    return true;
  });
}

const base = (record: RecordData) => (record.amount as { base: number } | null)?.base ?? 0;
function sorted(list: RecordData[], sort: string): RecordData[] {
  const down = sort.startsWith('-');
  const code = sort.replace('-', '');
  const keyOf = (record: RecordData) =>
    code === 'amount' ? base(record) : ((record[code] as string | number | null) ?? '');
  return [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a.id - b.id) * (down ? -1 : 1));
}

function find(type: string, query: URLSearchParams): RecordData[] {
  const pipeline = query.get('pipeline');
  const stage = query.get('stage');
  const list = [...(records[type]?.values() ?? [])].filter(
    (record) =>
      (!pipeline || record.pipeline === pipeline) &&
      (!stage || record.stage === stage) &&
      passes(record, query.get('filter') ?? ''),
  );
  return sorted(list, query.get('sort') ?? '-created_at');
}

function paged(list: RecordData[], query: URLSearchParams) {
  const from = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return { items: list.slice(from, from + limit), next: from + limit < list.length ? String(from + limit) : null };
}

function tell(kind: string, data: unknown): void {
  for (const response of live) response.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
}

type Body = Record<string, unknown>;
const routes: [string, RegExp, (match: RegExpExecArray, query: URLSearchParams, body: Body) => unknown][] = [
  ['GET', /^\/setup$/, () => ({ needed, languages: ['ru', 'en'] })],
  [
    'POST',
    /^\/setup$/,
    (_, __, body) => {
      if (body.code !== 'demo')
        throw new Refusal(403, {
          key: 'setup.wrong_code',
          detail: 'Код не подошёл. Посмотрите его в консоли, где запущена программа',
        });
      needed = false;
      return {};
    },
  ],
  [
    'POST',
    /^\/session$/,
    (_, __, body) => {
      if (body.password === 'wrong')
        throw new Refusal(401, { detail: 'Почта или пароль не подходят. Проверьте раскладку' });
      signedIn = true;
      return {};
    },
  ],
  [
    'DELETE',
    /^\/session$/,
    () => {
      signedIn = false;
    },
  ],
  ['GET', /^\/me$/, () => me],
  ['PATCH', /^\/me$/, (_, __, body) => Object.assign(me, body)],
  ['GET', /^\/portal$/, () => portal],
  ['GET', /^\/types$/, () => ({ items: types })],
  ['GET', /^\/pipelines$/, () => ({ items: pipelines })],
  ['GET', /^\/users$/, () => ({ items: users })],
  [
    'POST',
    /^\/users$/,
    (_, __, body) => {
      const user = { id: users.length + 1, active: true, ...body } as (typeof users)[number];
      users.push(user);
      return user;
    },
  ],
  ['PATCH', /^\/users\/(\d+)$/, (m, _, body) => Object.assign(users[Number(m[1]) - 1]!, body)],
  ['GET', /^\/departments$/, () => ({ items: departments })],
  [
    'POST',
    /^\/departments$/,
    (_, __, body) => {
      const made = { id: departments.length + 1, title: '', deputies: [], ...body } as (typeof departments)[number];
      departments.push(made);
      return made;
    },
  ],
  ['GET', /^\/lost-reasons$/, () => ({ items: reasons })],
  [
    'PUT',
    /^\/pipelines\/(\d+)\/stage-order$/,
    (m, _, body) => {
      const pipeline = pipelines.find((each) => each.id === Number(m[1]))!;
      pipeline.stages.sort((a, b) => (body.stages as number[]).indexOf(a.id) - (body.stages as number[]).indexOf(b.id));
      return pipeline;
    },
  ],
  [
    'PATCH',
    /^\/stages\/(\d+)$/,
    (m, _, body) =>
      Object.assign(pipelines.flatMap((each) => each.stages).find((each) => each.id === Number(m[1]))!, body),
  ],
  [
    'GET',
    /^\/records\/(\w+)\/board$/,
    (m, query) => {
      const pipeline =
        pipelines.find((each) => each.type === m[1] && each.code === query.get('pipeline')) ??
        pipelines.find((each) => each.type === m[1])!;
      return {
        pipeline: pipeline.code,
        totals_exact: true,
        stages: pipeline.stages.map((stage) => {
          const own = find(
            m[1]!,
            new URLSearchParams({ ...Object.fromEntries(query), stage: stage.code, pipeline: pipeline.code }),
          );
          return {
            stage: stage.code,
            count: own.length,
            sum: own.reduce((sum, record) => sum + base(record), 0),
            items: own.slice(0, 20),
            next: own.length > 20 ? '20' : null,
          };
        }),
      };
    },
  ],
  [
    'GET',
    /^\/records\/(\w+)\/totals$/,
    (m, query) => {
      const pipeline =
        pipelines.find((each) => each.type === m[1] && each.code === query.get('pipeline')) ??
        pipelines.find((each) => each.type === m[1])!;
      return {
        exact: true,
        stages: pipeline.stages.map((stage) => {
          const own = find(m[1]!, new URLSearchParams({ ...Object.fromEntries(query), stage: stage.code }));
          return { stage: stage.code, count: own.length, sum: own.reduce((sum, record) => sum + base(record), 0) };
        }),
      };
    },
  ],
  ['GET', /^\/records\/(\w+)\/count$/, (m, query) => ({ count: find(m[1]!, query).length, exact: true })],
  [
    'POST',
    /^\/records\/(\w+)\/bulk$/,
    (m, _, body) => {
      for (const id of body.ids as number[]) {
        const record = records[m[1]!]!.get(id);
        if (!record) continue;
        if (body.delete) {
          bin.set(`${m[1]}/${id}`, record);
          records[m[1]!]!.delete(id);
        } else Object.assign(record, body.set);
      }
      return { done: (body.ids as number[]).length, failed: [] };
    },
  ],
  ['GET', /^\/records\/(\w+)$/, (m, query) => paged(find(m[1]!, query), query)],
  [
    'POST',
    /^\/records\/(\w+)$/,
    (m, _, body) => {
      if (!body.title)
        throw new Refusal(422, {
          detail: 'Заполните название',
          errors: [{ path: 'title', detail: 'Заполните название' }],
        });
      const map = records[m[1]!]!;
      const id = Math.max(0, ...map.keys()) + 1;
      const pipeline = pipelines.find((each) => each.type === m[1]);
      const record = {
        id,
        type: m[1]!,
        version: 1,
        stage: pipeline?.stages[0]?.code,
        pipeline: pipeline?.code,
        responsible: me.id,
        created_at: iso(Date.now()),
        stage_entered_at: iso(Date.now()),
        ...body,
      } as RecordData;
      map.set(id, record);
      return record;
    },
  ],
  [
    'GET',
    /^\/records\/(\w+)\/(\d+)$/,
    (m) => {
      const record = records[m[1]!]?.get(Number(m[2]));
      if (!record) throw new Refusal(404, { detail: 'Записи нет' });
      return record;
    },
  ],
  [
    'PATCH',
    /^\/records\/(\w+)\/(\d+)$/,
    (m, _, body) => {
      const record = records[m[1]!]!.get(Number(m[2]))!;
      if (body.title === 'конфликт')
        throw new Refusal(409, {
          detail: 'Поле изменили',
          data: { version: record.version, fields: { title: { yours: body.title, theirs: record.title } } },
        });
      if (body.stage === 'contract' && record.id % 2)
        throw new Refusal(422, { detail: 'Нужен план помещения: приложите файл в поле «План»' });
      const { version, ...fields } = body;
      void version;
      if (fields.stage && fields.stage !== record.stage) fields.stage_entered_at = iso(Date.now());
      Object.assign(record, fields, { version: record.version + 1 });
      setTimeout(
        () =>
          tell('record', {
            type: m[1],
            id: record.id,
            event: fields.stage ? 'moved' : 'changed',
            stage: record.stage,
            actor: me.id,
          }),
        50,
      );
      return record;
    },
  ],
  [
    'DELETE',
    /^\/records\/(\w+)\/(\d+)$/,
    (m) => {
      const record = records[m[1]!]!.get(Number(m[2]));
      if (record) bin.set(`${m[1]}/${m[2]}`, record);
      records[m[1]!]!.delete(Number(m[2]));
    },
  ],
  [
    'GET',
    /^\/bin$/,
    () => ({
      items: [...bin.values()].map((record) => ({
        type: record.type,
        id: record.id,
        title: record.title,
        deleted_at: iso(Date.now()),
        deleted_by: 1,
      })),
    }),
  ],
  [
    'POST',
    /^\/bin\/(\w+)\/(\d+)\/restoration$/,
    (m) => {
      const record = bin.get(`${m[1]}/${m[2]}`);
      bin.delete(`${m[1]}/${m[2]}`);
      if (record) records[m[1]!]!.set(record.id, record);
      return record;
    },
  ],
  [
    'GET',
    /^\/records\/(\w+)\/(\d+)\/timeline$/,
    (m) => {
      const record = records[m[1]!]!.get(Number(m[2]))!;
      const at = (hours: number) => iso(Date.now() - hours * 3_600_000);
      const about = [...records.activity!.values()].filter((each) => !each.about || each.about === `${m[1]}/${m[2]}`);
      return {
        planned: about
          .filter((each) => !each.done_at && each.due_at)
          .sort((a, b) => String(a.due_at).localeCompare(String(b.due_at))),
        items: [
          ...about
            .filter((each) => each.done_at || !each.due_at)
            .map((activity) => ({
              id: 1000 + activity.id,
              at: String(activity.done_at ?? activity.created_at ?? at(1)),
              kind: 'activity',
              actor: 1,
              activity,
            })),
          {
            id: 1,
            at: at(1),
            kind: 'changed',
            cause: { kind: 'rule', title: 'Клиент ответил в тот же день' },
            diff: { probability: { from: 40, to: 60 } },
          },
          { id: 2, at: at(4), kind: 'moved', actor: 1, diff: { stage: { from: 'new', to: record.stage } } },
          {
            id: 3,
            at: at(5),
            kind: 'offer_taken',
            actor: 1,
            cause: { kind: 'person' },
            diff: { offer: { user: 1, round: 1 } },
          },
          {
            id: 4,
            at: at(29),
            kind: 'offer_missed',
            cause: { kind: 'drum', title: 'Заявки с сайта' },
            diff: {
              offer: {
                user: 2,
                round: 1,
                due_at: Date.now() - 28.5 * 3_600_000,
                reasons: [
                  { user: 2, code: 'turn' },
                  { user: 1, code: 'later' },
                  { user: 4, code: 'paused' },
                ],
              },
            },
          },
          {
            id: 5,
            at: at(30),
            kind: 'request_came',
            cause: { kind: 'intake', title: 'Форма «Подбор»' },
            diff: {
              request: {
                text: 'Нужно оснастить склад ЛВЖ 3 200 м², предписание до 20 декабря.',
                source: 'yandex / cpc',
              },
            },
          },
        ],
        next: null,
      };
    },
  ],
  [
    'GET',
    /^\/records\/(\w+)\/(\d+)\/visits$/,
    (m) => ({
      items: [
        {
          stage: 'new',
          entered_at: iso(Date.now() - 9e7),
          left_at: iso(Date.now() - 8e7),
          work_seconds: 2520,
          wall_seconds: 2520,
        },
        {
          stage: records[m[1]!]!.get(Number(m[2]))!.stage,
          entered_at: iso(Date.now() - 1.44e7),
          work_seconds: 0,
          wall_seconds: 0,
        },
      ],
    }),
  ],
  [
    'POST',
    /^\/records\/(\w+)\/(\d+)\/activities$/,
    (m, _, body) => {
      const id = records.activity!.size + 1;
      const activity = {
        id,
        type: 'activity',
        version: 1,
        created_at: iso(Date.now()),
        about: `${m[1]}/${m[2]}`,
        ...body,
      } as unknown as RecordData;
      records.activity!.set(id, activity);
      if (body.due_at)
        Object.assign(records[m[1]!]!.get(Number(m[2]))!, { next_at: body.due_at, next_title: body.title });
      return activity;
    },
  ],
  [
    'GET',
    /^\/offers$/,
    () => ({
      items: [...records.lead!.values()]
        .map((lead) => lead.offer)
        .filter((offer): offer is Offer => !!offer && offer.user === me.id),
    }),
  ],
  [
    'POST',
    /^\/offers\/(\d+)\/take$/,
    (m) => {
      const lead = records.lead!.get(Number(m[1]))!;
      Object.assign(lead, { offer: null, responsible: me.id, stage: 'work' });
      tell('record', { type: 'lead', id: lead.id, event: 'moved', actor: 2 });
      return {};
    },
  ],
  ['GET', /^\/drums$/, () => ({ items: drums })],
  ['PATCH', /^\/drums\/(\d+)$/, (m, _, body) => Object.assign(drums[Number(m[1]) - 1]!, body)],
  [
    'GET',
    /^\/drums\/(\d+)\/state$/,
    () => ({
      next: 3,
      members: drums[0]!.members.map((each) => ({
        ...each,
        open: each.user % 3,
        misses_today: each.user === 2 ? 2 : 0,
        reason: each.user === 3 ? 'turn' : 'later',
      })),
      waiting: [...records.lead!.values()].map((lead) => lead.offer).filter(Boolean),
    }),
  ],
  [
    'GET',
    /^\/incidents$/,
    () => ({
      items: Array.from({ length: 14 }, (_, at) => ({
        id: at + 1,
        kind: 'offer_missed',
        at: iso(Date.now() - at * 7_000_000),
        user: (at % 4) + 1,
        drum: 1,
        type: 'lead',
        record: at + 1,
        title: `Заявка с сайта № ${at + 1}`,
      })),
      next: null,
    }),
  ],
  ['GET', /^\/intake-keys$/, () => ({ items: keys })],
  [
    'POST',
    /^\/intake-keys$/,
    (_, __, body) => {
      const made = {
        id: keys.length + 1,
        key: Math.random().toString(36).slice(2),
        active: true,
        ...body,
      } as (typeof keys)[number];
      keys.push(made);
      return made;
    },
  ],
  [
    'PATCH',
    /^\/intake-keys\/(\d+)$/,
    (m, _, body) => Object.assign(keys.find((each) => each.id === Number(m[1]))!, body),
  ],
  [
    'DELETE',
    /^\/intake-keys\/(\d+)$/,
    (m) => {
      keys = keys.filter((each) => each.id !== Number(m[1]));
    },
  ],
  [
    'GET',
    /^\/sessions$/,
    () => ({
      items: [
        {
          id: 1,
          agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140',
          ip: '10.0.0.5',
          created_at: iso(Date.now() - 9e7),
          seen_at: iso(Date.now()),
          current: true,
        },
        {
          id: 2,
          agent: 'Mozilla/5.0 (iPhone) Safari',
          ip: '10.0.0.9',
          created_at: iso(Date.now() - 9e8),
          seen_at: iso(Date.now() - 9e6),
        },
      ],
    }),
  ],
  [
    'GET',
    /^\/tokens$/,
    () => ({ items: [{ id: 1, title: 'Отчёты', created_at: iso(Date.now() - 9e8), used_at: null }] }),
  ],
  ['POST', /^\/tokens$/, (_, __, body) => ({ id: 2, title: body.title, token: 'vrk_6f1c2d9a' })],
  [
    'GET',
    /^\/search$/,
    (_, query) => {
      const q = (query.get('q') ?? '').toLowerCase();
      return {
        items: ['deal', 'company', 'contact', 'lead'].flatMap((type) =>
          [...records[type]!.values()]
            .filter((record) =>
              `${record.title} ${(record.company as { title?: string } | null)?.title ?? ''}`.toLowerCase().includes(q),
            )
            .slice(0, 4)
            .map((record) => ({
              type,
              id: record.id,
              title: record.title,
              hint: (record.company as { title?: string } | null)?.title ?? '',
            })),
        ),
      };
    },
  ],
];

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text ? (JSON.parse(text) as Body) : {};
}

/** The mock as a part of the dev server. */
export function mock(): Plugin {
  return {
    name: 'voronka-mock',
    configureServer(server) {
      server.middlewares.use('/api', (request, response) => {
        const url = new URL(request.url ?? '/', 'http://mock');
        if (url.pathname === '/live') {
          response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
          response.write(': hello\n\n');
          live.add(response);
          request.on('close', () => live.delete(response));
          return;
        }
        void answer(request, response, url);
      });
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  };
  if (!signedIn && !/^\/(session|setup)$/.test(url.pathname)) return send(401, { detail: 'Войдите' });
  for (const [method, path, run] of routes) {
    const match = method === request.method ? path.exec(url.pathname) : null;
    if (!match) continue;
    try {
      const body = method === 'GET' ? {} : await bodyOf(request);
      return send(200, run(match, url.searchParams, body));
    } catch (error) {
      if (error instanceof Refusal) return send(error.status, error.body);
      throw error;
    }
  }
  send(404, { detail: `${request.method} ${url.pathname}: нет в макете` });
}
