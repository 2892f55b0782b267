// Rights in words: a role made on the page gives a person one stage; four people see four boards of one portal, live; an assistant
// sees what the head sees; looking with another's eyes changes nothing.
import assert from 'node:assert/strict';
import { cardIn, column, columnOf } from './board.mjs';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

/** Picks an option of a list by typing into it. */
async function pick(box, page, text) {
  await box.click();
  await box.fill(text);
  await page.getByRole('option', { name: text }).first().click();
}

/** The stages of the first pipeline of deals. */
async function dealStages(portal) {
  const pipelines = (await portal.api('GET', '/api/pipelines')).items;
  return pipelines.find((each) => each.type === 'deal');
}

/** Moves a deal as the administrator. */
const move = (portal, id, to) => portal.api('PATCH', `/api/records/deal/${id}`, { stage: to });

at.journey('a role is made in words; its holder sees one stage, and why', async ({ browser, portal }) => {
  const pipeline = await dealStages(portal);
  const [first, second] = pipeline.stages;
  const anna = await portal.person('Анна Смирнова', 'anna@example.com');
  const egor = await portal.person('Егор Мишин', 'egor@example.com', 'employee');
  const count = await portal.record('deal', { title: 'Рукава 66 мм, Речной порт', responsible: anna.id });
  const other = await portal.record('deal', { title: 'Щит порошковый', responsible: anna.id });
  await move(portal, count.id, second.code);

  // Nobody gave the estimator anything yet: his board is empty.
  const his = await browser.window();
  await enter(his, portal, 'egor@example.com', '/deals');
  await until('nothing is there', async () => (await his.getByRole('article').count()) === 0);

  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings');
  await page.getByRole('main').getByRole('link', { name: ru('Права') }).click();
  await page.getByRole('heading', { name: ru('{role} словами', { role: ru('Менеджер') }) }).waitFor();
  await inspect(page, 'rights');
  await page.keyboard.press('KeyC');
  const form = page.getByRole('dialog', { name: ru('Новая роль') });
  await form.getByLabel(ru('Название')).fill('Сметчик');
  await form.getByRole('button', { name: ru('Добавить роль') }).click();
  await form.waitFor({ state: 'detached' });

  // A line: sees and edits all deals at one stage.
  await page.getByRole('button', { name: ru('Разрешить или запретить') }).click();
  const line = page.getByRole('dialog', { name: ru('Разрешить или запретить') });
  await line.getByRole('button', { name: ru('править') }).click();
  await line.getByRole('button', { name: 'Сделки' }).click();
  await line.getByRole('button', { name: ru('все'), exact: true }).click();
  await line.getByRole('button', { name: ru('свои'), exact: true }).waitFor();
  await line.getByRole('button', { name: second.title_ru }).first().click();
  await inspect(page, 'rights-line');
  await line.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  await line.waitFor({ state: 'detached' });
  const said = page.getByRole('region', { name: ru('{role} словами', { role: 'Сметчик' }) }).getByRole('listitem').first();
  await until('the line reads as a sentence', async () => {
    const text = (await said.innerText()).replace(/\s+/g, ' ');
    return text.includes(`видит и правит все сделки на стадии ${second.title_ru}`) || text;
  });

  // A field is hidden by a line of its own; a switch gives a part of the portal; both can be undone.
  await page.getByRole('button', { name: ru('Разрешить или запретить') }).click();
  await line.getByRole('button', { name: ru('О поле') }).click();
  await line.getByLabel(ru('Поле')).selectOption({ label: 'Сумма' });
  await line.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  await line.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: ru('Изменить строку {n}', { n: 2 }) }).waitFor();
  await page.getByRole('switch', { name: new RegExp(ru('Барабаны')) }).click();
  await page.getByRole('switch', { name: new RegExp(ru('Барабаны')), checked: true }).waitFor();
  await page.keyboard.press('Control+KeyZ');
  await page.getByRole('switch', { name: new RegExp(ru('Барабаны')), checked: false }).waitFor();

  // Given to a person, it works at once: the deal comes to his board while he looks.
  await pick(page.getByRole('textbox', { name: ru('Дать роль') }), page, 'Егор Мишин');
  await page.getByRole('button', { name: ru('Убрать: {title}', { title: 'Егор Мишин' }) }).waitFor();
  await cardIn(his, second.title_ru, 'Рукава 66 мм, Речной порт').waitFor();
  assert.equal(await his.getByRole('article').count(), 1);
  assert.equal(await his.getByRole('link', { name: 'Щит порошковый' }).count(), 0);

  // The matrix follows, a cell shows the lines it comes from.
  const cell = page.getByRole('button', { name: ru('{type}, {op}: {reach}. Показать строки', { type: 'Сделки', op: ru('видеть'), reach: ru('все') }) });
  await cell.click();
  await page.locator('.grants .lit').waitFor();
  await inspect(page, 'rights-estimator');

  // "What does he see, and why?"
  const why = page.getByRole('complementary', { name: ru('Что видит и почему') });
  await pick(why.getByRole('textbox', { name: ru('Кто') }), page, 'Егор Мишин');
  await pick(why.getByRole('textbox', { name: ru('Запись') }), page, 'Щит порошковый');
  await why.getByText(ru('Нет, не может {op}', { op: ru('видеть') })).waitFor();
  await why.getByText(ru('Запись на стадии «{stage}», а строка о других.', { stage: first.title_ru })).waitFor();
  await why.getByText(ru('Кто может помочь')).waitFor();
  await pick(why.getByRole('textbox', { name: ru('Запись') }), page, 'Рукава 66 мм');
  await why.getByText(ru('Да, может {op}', { op: ru('видеть') })).waitFor();
  await page.waitForURL((url) => url.searchParams.get('id') === String(count.id) && url.searchParams.get('user') === String(egor.id));
  await inspect(page, 'rights-why');
  // The answer leads to the line that decides.
  await page.getByRole('button', { name: ru('Менеджер'), exact: false }).first().click();
  await why.getByRole('link', { name: ru('Роль «{role}», строка {line}', { role: 'Сметчик', line: 1 }) }).click();
  await page.getByRole('region', { name: ru('{role} словами', { role: 'Сметчик' }) }).waitFor();
  await page.locator('.grants .lit').first().waitFor();

  // He himself: the field isn't there, and the menu of the card says why he can't delete.
  await his.getByRole('link', { name: 'Рукава 66 мм, Речной порт' }).click();
  await his.getByRole('main').getByRole('button', { name: ru('Ещё'), exact: true }).click();
  await his.getByRole('menuitem', { name: ru('Почему я не могу…?') }).click();
  const asked = his.getByRole('dialog', { name: ru('Почему я не могу…?') });
  await asked.getByRole('button', { name: ru('удалять') }).click();
  await asked.getByText(ru('Вам нельзя {op}', { op: ru('удалять') })).waitFor();
  await asked.getByRole('link', { name: 'Мария Котова' }).or(asked.getByRole('link', { name: 'Анна Смирнова' })).first().waitFor();
  await inspect(his, 'rights-why-not');
  await his.keyboard.press('Escape');

  // Who can see this, and the same answer by its address.
  await his.getByRole('main').getByRole('button', { name: ru('Ещё'), exact: true }).click();
  await his.getByRole('menuitem', { name: ru('Кто это видит') }).click();
  const seen = his.getByRole('dialog', { name: ru('Кто это видит') });
  await seen.getByText('Анна Смирнова').waitFor();
  await inspect(his, 'rights-seen-by');
  await his.goto(`${portal.url}/rights?type=deal&id=${count.id}&op=edit`);
  await his.getByText(ru('Вы можете {op}', { op: ru('править') })).waitFor();
  his.expected.push(404);
  await his.goto(`${portal.url}/rights?type=deal&id=${other.id}&op=see`);
  await his.getByText(ru('Записи нет или она вам не видна')).waitFor();

  // The history says what was done, and takes it back.
  await page.getByRole('button', { name: ru('Что сделать с ролью') }).click();
  await page.getByRole('menuitem', { name: ru('История роли') }).click();
  const history = page.getByRole('dialog', { name: ru('История роли «{role}»', { role: 'Сметчик' }) });
  await history.getByText(ru('роль у: {name}', { name: 'Егор Мишин' })).waitFor();
  await inspect(page, 'rights-history');
  await history.getByRole('button', { name: ru('Вернуть как было до этого') }).first().click();
  await history.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: ru('Убрать: {title}', { title: 'Егор Мишин' }) }).waitFor({ state: 'detached' });

  // Compared with another, out as a file, on a phone in the dark and in English.
  await page.locator('header').getByRole('button', { name: ru('Сравнить роли') }).click();
  await page.getByRole('dialog', { name: ru('Сравнить роли') }).getByText(ru('выгружать')).first().waitFor();
  await inspect(page, 'rights-compare');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: ru('Ещё о правах') }).click();
  await page.getByRole('menuitem', { name: ru('Выгрузить роли в файл') }).click();
  await page.getByRole('dialog').getByText('title: Сметчик').waitFor();
  await page.keyboard.press('Escape');
  await portal.api('PATCH', '/api/me', { language: 'en' });
  const small = await browser.window({ size: 'phone', lang: 'en', dark: true });
  await enter(small, portal, 'admin@example.com', '/settings/rights');
  await small.getByRole('heading', { name: en('{role} словами', { role: en('Менеджер') }) }).waitFor();
  await inspect(small, 'rights-phone');
  await portal.api('PATCH', '/api/me', { language: 'ru' });
});

at.journey('four people see four boards of one portal, live; a right goes while one looks', async ({ browser, portal }) => {
  const pipeline = await dealStages(portal);
  const [first, second] = pipeline.stages;
  const north = await portal.api('POST', '/api/departments', { title: 'Север' });
  const petr = await portal.person('Пётр Ильин', 'petr@example.com', 'manager', { department: north.id });
  const gleb = await portal.person('Глеб Руднев', 'gleb@example.com', 'head', { department: north.id });
  const yana = await portal.person('Яна Третьяк', 'yana@example.com', 'employee');
  await portal.api('PATCH', `/api/departments/${north.id}`, { head: gleb.id });
  const role = await portal.api('POST', '/api/roles', {
    title: 'Контролёр',
    grants: [{ types: ['deal'], pipelines: [], stages: [second.id], ops: ['see'], scopes: ['all'] }],
    holders: [{ kind: 'user', id: yana.id }],
  });
  const deal = await portal.record('deal', { title: 'Насосы для порта', responsible: petr.id });
  const boards = {};
  for (const email of ['admin', 'gleb', 'petr', 'yana']) {
    boards[email] = await browser.window();
    await enter(boards[email], portal, `${email}@example.com`, '/deals');
  }
  const card = (who, where) => cardIn(boards[who], where.title_ru, 'Насосы для порта');
  for (const who of ['admin', 'gleb', 'petr']) await card(who, first).waitFor();
  await columnOf(boards.yana, second.title_ru).waitFor();
  assert.equal(await boards.yana.getByRole('link', { name: 'Насосы для порта' }).count(), 0);

  // The deal comes to the stage of the fourth, who sees it appear; the others see it move.
  await move(portal, deal.id, second.code);
  for (const who of ['admin', 'gleb', 'petr', 'yana']) await card(who, second).waitFor();
  await move(portal, deal.id, first.code);
  await card('yana', second).waitFor({ state: 'detached' });
  for (const who of ['admin', 'gleb', 'petr']) await card(who, first).waitFor();
  await move(portal, deal.id, second.code);
  await card('yana', second).waitFor();
  for (const [who, page] of Object.entries(boards)) await inspect(page, `rights-board-${who}`);

  // Given to a colleague outside the department, it is gone for its first manager and his head.
  const boris = await portal.person('Борис Ким', 'boris@example.com');
  await portal.api('PATCH', `/api/records/deal/${deal.id}`, { responsible: boris.id });
  for (const who of ['petr', 'gleb']) await card(who, second).waitFor({ state: 'detached' });
  await card('yana', second).waitFor();

  // The role is taken away while she looks: within two seconds, without a reload.
  const began = Date.now();
  await portal.api('PATCH', `/api/roles/${role.id}`, { holders: [] });
  await card('yana', second).waitFor({ state: 'detached' });
  const took = Date.now() - began;
  assert.ok(took < 2000, `the card stayed for ${took} ms`);
  await card('admin', second).waitFor();
});

at.journey('an assistant sees what the head sees, and changes nothing by it', async ({ browser, portal }) => {
  const [first] = (await dealStages(portal)).stages;
  const south = await portal.api('POST', '/api/departments', { title: 'Юг' });
  const olga = await portal.person('Ольга Ветрова', 'olga@example.com', 'head', { department: south.id });
  await portal.api('PATCH', `/api/departments/${south.id}`, { head: olga.id });
  const timur = await portal.person('Тимур Ахметов', 'timur@example.com', 'manager', { department: south.id });
  const inga = await portal.person('Инга Лебедь', 'inga@example.com', 'employee');
  const deal = await portal.record('deal', { title: 'Гидранты, юг', responsible: timur.id });
  const hers = await browser.window();
  await enter(hers, portal, 'inga@example.com', '/deals');
  await until('nothing is there', async () => (await hers.getByRole('article').count()) === 0);

  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings/people');
  await page.getByRole('button', { name: /Инга Лебедь/ }).click();
  const form = page.getByRole('dialog', { name: 'Инга Лебедь' });
  await form.getByRole('button', { name: ru('Помощник или заместитель') }).click();
  await pick(form.getByRole('textbox', { name: ru('Кого') }), page, 'Ольга Ветрова');
  await inspect(page, 'rights-assistant');
  await form.getByRole('button', { name: ru('Назначить') }).click();
  await form.getByText(ru('{name}: помощник, видит всё, что видит {for}', { name: 'Инга Лебедь', for: 'Ольга Ветрова' })).waitFor();

  await cardIn(hers, first.title_ru, 'Гидранты, юг').waitFor();
  await hers.getByRole('link', { name: 'Гидранты, юг' }).click();
  await hers.getByRole('heading', { name: 'Гидранты, юг' }).waitFor();
  await hers.getByRole('main').getByRole('button', { name: ru('Ещё'), exact: true }).click();
  await hers.getByRole('menuitem', { name: ru('Почему я не могу…?') }).click();
  await hers.getByRole('dialog').getByText(ru('Вам нельзя {op}', { op: ru('править') })).waitFor();
  await assert.rejects(() => portal.api('DELETE', `/api/records/deal/${deal.id}`, undefined, inga.token), /403|404/);
});

at.journey('looking with another’s eyes shows his portal and changes nothing', async ({ browser, portal }) => {
  const [first, second] = (await dealStages(portal)).stages;
  const rita = await portal.person('Рита Соль', 'rita@example.com');
  await portal.record('deal', { title: 'Сделка Риты', responsible: rita.id });
  await portal.record('deal', { title: 'Чужая сделка' });
  const page = await browser.window({ expected: [403] });
  await enter(page, portal, 'admin@example.com', `/settings/rights?user=${rita.id}`);
  await page.getByRole('button', { name: ru('Посмотреть как {name}', { name: 'Рита Соль' }) }).click();
  const bar = page.getByRole('region', { name: ru('Чужими глазами') });
  await bar.getByText(ru('Вы смотрите как {name}', { name: 'Рита Соль' })).waitFor();
  await page.goto(`${portal.url}/deals`);
  await cardIn(page, first.title_ru, 'Сделка Риты').waitFor();
  assert.equal(await column(page, first.title_ru).getByText('Чужая сделка').count(), 0);
  await inspect(page, 'rights-look-as');

  // A change is refused and says why; the card is where it was.
  await page.getByRole('link', { name: 'Сделка Риты' }).click();
  await page.getByRole('main').getByRole('button', { name: new RegExp(second.title_ru) }).first().click();
  await page.getByRole('alert').filter({ hasText: 'чужими глазами' }).waitFor();
  await bar.getByRole('button', { name: ru('Закончить') }).click();
  await page.waitForURL((url) => url.pathname === '/settings/rights');
  await bar.waitFor({ state: 'detached' });
  await page.goto(`${portal.url}/deals`);
  await page.getByText('Чужая сделка').first().waitFor();
});
