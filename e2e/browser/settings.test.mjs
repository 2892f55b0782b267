// What an administrator sets up: pipelines, drums, forms, and the bin.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cardIn, columnOf } from './board.mjs';
import { enter, focused, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

const stagesOf = async (portal, type) => (await portal.api('GET', `/api/pipelines?type=${type}`)).items[0].stages.map((stage) => stage.title_ru);

at.journey('a stage is added, put in its place by the keyboard, and removed with its records told where to go', async ({ browser, portal }) => {
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings/pipelines');
  await page.getByRole('region', { name: 'Сделки' }).getByRole('button', { name: /^Продажи/ }).click();
  const order = page.getByRole('region', { name: ru('Стадии') });
  await order.getByRole('button', { name: ru('Стадия'), exact: true }).click();
  const form = page.getByRole('region', { name: ru('Новая стадия') });
  await form.getByLabel(ru('Название по-русски')).fill('Замер');
  await form.getByLabel(ru('Название по-английски')).fill('Survey');
  await form.getByLabel(ru('Лимит времени')).fill('2');
  await form.getByLabel(ru('Единица')).selectOption('hours');
  await form.getByLabel(ru('Цель')).fill('Понять объём работ');
  await form.getByLabel(ru('Инструкция')).fill('Договоритесь о дне\nВозьмите план помещения');
  await form.getByRole('radio', { name: ru('Цвет {n}', { n: 7 }) }).click();
  await inspect(page, 'settings-stage');
  await form.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  await page.getByText(ru('Стадия добавлена')).waitFor();

  const grip = order.getByRole('button', { name: ru('Переставить «{stage}»: стрелками вверх и вниз', { stage: 'Замер' }) });
  await grip.focus();
  for (let i = 0; i < 10 && (await stagesOf(portal, 'deal')).indexOf('Замер') !== 2; i++) {
    const saved = page.waitForResponse((r) => r.url().includes('/stage-order'));
    await page.keyboard.press('ArrowUp');
    assert.equal((await saved).status(), 200);
    await focused(grip, 'the handle');
  }
  assert.equal((await stagesOf(portal, 'deal')).indexOf('Замер'), 2, 'third in the order');

  // It stands on the board; its instruction is on the card.
  const made = await portal.record('deal', { title: 'Склад на Лесной', stage: 'new' });
  await portal.record('deal', { title: 'Офис на Садовой', stage: 'new' });
  const board = await browser.window({ dark: true });
  await enter(board, portal, 'admin@example.com', '/deals');
  await columnOf(board, 'Замер').waitFor();
  const stage = (await portal.api('GET', '/api/pipelines?type=deal')).items[0].stages[2];
  for (const { id } of (await portal.api('GET', '/api/records/deal')).items) await portal.api('PATCH', `/api/records/deal/${id}`, { stage: stage.code });
  await cardIn(board, 'Замер', 'Склад на Лесной').waitFor();
  await cardIn(board, 'Замер', 'Офис на Садовой').waitFor();
  await board.goto(`${portal.url}/deals/${made.id}`);
  await board.getByText('Возьмите план помещения').waitFor();
  await inspect(board, 'settings-instruction');
  await board.goto(`${portal.url}/deals`);
  await columnOf(board, 'Замер').waitFor();

  await order.getByRole('button', { name: /^Замер/ }).click();
  await page.getByRole('region', { name: 'Замер' }).getByRole('button', { name: ru('Убрать стадию') }).click();
  const question = page.getByRole('dialog', { name: ru('Убрать стадию «{stage}»?', { stage: 'Замер' }) });
  await question.getByText('На ней 2 записи').waitFor();
  await inspect(page, 'settings-remove-stage');
  await question.getByLabel(ru('Перенести записи в')).selectOption({ label: 'Предложение' });
  await question.getByRole('button', { name: ru('Убрать стадию') }).click();
  await page.getByText(ru('Стадия убрана')).waitFor();
  assert.equal((await stagesOf(portal, 'deal')).includes('Замер'), false);
  await cardIn(board, 'Предложение', 'Склад на Лесной').waitFor();
  await columnOf(board, 'Замер').waitFor({ state: 'detached' });

  // Reasons why deals are lost.
  const reasons = page.getByRole('region', { name: ru('Причины отказа') });
  await reasons.getByLabel(ru('Новая причина')).fill('Нет допуска СРО');
  await page.keyboard.press('Enter');
  await reasons.getByRole('button', { name: /Нет допуска СРО/ }).first().waitFor();

  const phone = await browser.window({ size: 'phone', lang: 'en' });
  await portal.person('Emma Setup', 'emma@example.com', 'admin', { language: 'en' });
  await enter(phone, portal, 'emma@example.com', '/settings/pipelines');
  await phone.getByRole('heading', { name: en('Причины отказа') }).waitFor();
  await inspect(phone, 'settings-pipelines-phone-en');
});

at.journey('a drum is made, paused and changed; a form is opened and the call it shows works', async ({ browser, portal }) => {
  await portal.person('Анна Смирнова', 'anna@example.com');
  await portal.person('Борис Ким', 'boris@example.com');
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/drums');
  await page.getByRole('heading', { name: ru('Барабанов ещё нет') }).waitFor();
  await inspect(page, 'drums-empty');
  await page.keyboard.press('KeyC');
  const form = page.getByRole('dialog', { name: ru('Новый барабан') });
  await form.getByLabel(ru('Название')).fill('Входящие');
  await form.getByLabel(ru('Взять за, минут')).fill('15');
  await form.getByLabel(ru('Пропусков до руководителя')).fill('3');
  await form.getByLabel(ru('Время идёт')).selectOption('always'); // whatever the day of the week is
  for (const name of ['Анна Смирнова', 'Борис Ким']) {
    await form.getByLabel(ru('Люди по порядку')).and(page.locator('input')).click();
    await page.getByRole('option', { name }).click();
  }
  await inspect(page, 'drums-form');
  await form.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  await form.waitFor({ state: 'hidden' });
  const queue = page.getByRole('region', { name: ru('Кто следующий и почему') });
  const line = (name) => queue.getByRole('listitem').filter({ hasText: name });
  await line('Анна Смирнова').getByText(ru('следующий')).waitFor();
  await page.getByRole('button', { name: new RegExp(ru('Участники')) }).click();
  const people = page.getByRole('region', { name: ru('Участники') });
  await people.getByRole('button', { name: ru('Поставить на паузу: {name}', { name: 'Анна Смирнова' }) }).click();
  await people.getByRole('listitem').filter({ hasText: 'Анна Смирнова' }).getByText(ru('на паузе')).waitFor();
  await people.getByRole('button', { name: ru('Выше: {name}', { name: 'Борис Ким' }) }).click();
  await until('Boris stands first', async () => (await people.getByRole('listitem').first().innerText()).includes('Борис Ким'));
  await page.getByRole('button', { name: ru('Раздача') }).click();
  await line('Борис Ким').getByText(ru('следующий')).waitFor();
  await inspect(page, 'drums');

  await page.goto(`${portal.url}/settings/forms`);
  await page.getByRole('heading', { name: ru('Форм ещё нет') }).waitFor();
  await page.getByRole('button', { name: ru('Добавить форму') }).click();
  const opening = page.getByRole('dialog', { name: ru('Новая форма') });
  await opening.getByLabel(ru('Название')).fill('Лендинг');
  await opening.getByLabel(ru('Кому отдавать обращения')).selectOption({ label: ru('барабан «{title}»', { title: 'Входящие' }) });
  await opening.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  const key = page.getByRole('region', { name: 'Лендинг' });
  const call = await key.locator('pre').filter({ hasText: 'curl' }).innerText();
  await inspect(page, 'forms');
  const said = execFileSync('sh', ['-c', call.replace(/^curl /, 'curl -s ')], { encoding: 'utf8' });
  assert.equal(JSON.parse(said).status, 'accepted');
  await page.goto(`${portal.url}/leads`);
  await cardIn(page, 'Новый', ru('Павел Дорохов')).getByText(ru('{name}, ещё', { name: 'Борис' })).waitFor();

  // A closed door answers nobody.
  await page.goto(`${portal.url}/settings/forms`);
  await key.getByRole('button', { name: ru('Выключить') }).click();
  await key.getByText(ru('выключена')).waitFor();
  assert.notEqual(JSON.parse(execFileSync('sh', ['-c', call.replace(/^curl /, 'curl -s ')], { encoding: 'utf8' })).status, 'accepted');

  const phone = await browser.window({ size: 'phone', dark: true });
  await enter(phone, portal, 'admin@example.com', '/drums');
  await phone.getByRole('region', { name: ru('Кто следующий и почему') }).waitFor();
  await inspect(phone, 'drums-phone');
  await phone.goto(`${portal.url}/settings/forms`);
  await phone.getByRole('region', { name: 'Лендинг' }).waitFor();
  await inspect(phone, 'forms-phone');
});

at.journey('what was deleted waits in the bin and comes back', async ({ browser, portal }) => {
  const made = await portal.record('deal', { title: 'Удалённая по ошибке' });
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', `/deals/${made.id}`);
  await page.getByRole('heading', { name: 'Удалённая по ошибке' }).waitFor();
  await page.keyboard.press('Delete');
  await page.waitForURL('**/deals');
  await page.getByText('1 запись в корзине').waitFor();
  await page.goto(`${portal.url}/settings/bin`);
  const line = page.getByRole('listitem').filter({ hasText: 'Удалённая по ошибке' });
  await line.waitFor();
  await inspect(page, 'bin');
  await line.getByRole('button', { name: ru('Вернуть') }).click();
  await page.getByText(ru('Снова на месте: {title}', { title: 'Удалённая по ошибке' })).waitFor();
  await line.waitFor({ state: 'detached' });
  await page.goto(`${portal.url}/deals/${made.id}`);
  await page.getByRole('heading', { name: 'Удалённая по ошибке' }).waitFor();

  // The company's name is changed where it is read.
  await page.goto(`${portal.url}/settings`);
  await page.getByRole('button', { name: /^Компания: / }).click();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('Пожтехсервис');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').getByText('Пожтехсервис').first().waitFor();
  await inspect(page, 'settings');
  assert.equal((await portal.api('GET', '/api/portal')).company, 'Пожтехсервис');
});
