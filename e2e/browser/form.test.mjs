// Forms: one is built by keyboard, stands on somebody else's site, remembers how a visitor came over several pages, and what
// comes from a browser without scripts waits for a person.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { cardIn } from './board.mjs';
import { enter, focused, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');

const hours = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]));

let people = 0;

/** Anna in a drum of her own and the key of a form that feeds it. */
async function formOf(portal, name) {
  await portal.api('PATCH', '/api/portal', { worktime: { week: hours } });
  const anna = await portal.person('Анна Смирнова', `anna-${++people}@example.com`);
  const drum = await portal.api('POST', '/api/drums', { title: name, take_minutes: 60, misses_to_head: 0, members: [{ user: anna.id }] });
  const key = await portal.api('POST', '/api/intake-keys', { title: `Форма ${name}`, drum: drum.id, lang: 'ru' });
  return { anna, key };
}

/**
 * A site of three pages on an address of its own with a strict policy: scripts and frames of the portal only. The snippet
 * stands on all pages, the form on one.
 */
async function siteOf(portal, key) {
  const pages = {
    '/': '<h1>Огонь</h1><a href="/prices">Цены</a>',
    '/prices': '<h1>Цены</h1><a href="/order">Заказать</a>',
    '/order': '<h1>Заказ</h1><div id="here"></div>',
  };
  const server = createServer((request, answer) => {
    const path = new URL(request.url, 'http://x').pathname;
    if (!(path in pages)) return answer.writeHead(404).end();
    const form = path === '/order' ? ` data-form="${key.key}" data-into="#here"` : '';
    answer
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': `default-src 'none'; script-src ${portal.url}; frame-src ${portal.url}; img-src data:` })
      .end(`<!doctype html><html lang="ru"><meta charset="utf-8"><title>Чужой сайт</title><link rel="icon" href="data:,"><body>${pages[path]}<script src="${portal.url}/f/embed.js"${form}></script></body></html>`);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://localhost:${server.address().port}`, close: () => server.close() };
}

at.journey('a form is built by keyboard, beside its preview', async ({ browser, portal }) => {
  await portal.api('POST', '/api/types/lead/fields', {
    code: 'object', kind: 'list', title_ru: 'Объект', title_en: 'Object',
    values: [{ code: 'shop', title_ru: 'Магазин', title_en: 'Shop' }, { code: 'plant', title_ru: 'Завод', title_en: 'Plant' }],
  });
  const { key } = await formOf(portal, 'клавиатура');
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', `/settings/forms/${key.id}`);
  const lines = page.locator('.fb-name');
  const names = async () => (await lines.allInnerTexts()).map((text) => text.split('\n')[0].trim());
  await until('the form has its four fields', async () => (await lines.count()) === 4);
  const first = await names();

  // Down with Alt, away with Delete; the focus goes along.
  await lines.first().focus();
  await page.keyboard.press('Alt+ArrowDown');
  await until('it moved', async () => JSON.stringify(await names()) === JSON.stringify([first[1], first[0], first[2], first[3]]));
  await focused(lines.nth(1), 'the line that moved');
  await page.keyboard.press('ArrowDown');
  await focused(lines.nth(2), 'the next line');
  await page.keyboard.press('Delete');
  await until('it is gone', async () => (await lines.count()) === 3);

  // A new field: typed, chosen with Enter; then a condition on it.
  const add = page.getByRole('textbox', { name: ru('Добавить поле') });
  for (const title of ['Объект', 'ИНН']) {
    await add.focus();
    await page.keyboard.type(title);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await lines.filter({ hasText: title }).waitFor();
  }
  const inn = lines.filter({ hasText: 'ИНН' });
  await focused(inn, 'the new line');
  await page.keyboard.press('Enter');
  const details = page.locator('.fb-more');
  await details.getByLabel(ru('Подпись по-русски')).fill('ИНН завода');
  await details.getByLabel(ru('Показывать')).selectOption('lead.object');
  await details.getByLabel('Завод').focus();
  await page.keyboard.press('Space');
  await inspect(page, 'form-builder');

  // The preview follows, with the condition at work.
  const preview = page.frameLocator('.fb-frame');
  await preview.getByLabel('Объект').waitFor();
  assert.equal(await preview.getByLabel('ИНН завода').isVisible(), false);
  await preview.getByLabel('Объект').selectOption('plant');
  await preview.getByLabel('ИНН завода').waitFor();

  await page.getByRole('button', { name: ru('Тексты') }).click();
  await page.getByRole('group', { name: ru('По-русски') }).getByLabel(ru('Заголовок')).fill('Смета за день');
  await page.getByLabel(ru('Просить согласие')).check();
  await preview.getByRole('heading', { name: 'Смета за день' }).waitFor();
  await preview.getByLabel(/Согласен на обработку/).waitFor();
  await inspect(page, 'form-words');
  await page.getByRole('button', { name: ru('Вид и защита') }).click();
  await page.getByLabel(ru('Слова над заголовком')).fill('Пожтехснаб');
  await preview.getByText('Пожтехснаб').waitFor();
  await inspect(page, 'form-look');
  await page.getByRole('button', { name: ru('Сохранить'), exact: true }).click();
  await page.getByText(ru('Форма сохранена')).waitFor();

  // Others see it only now; the trial says who would get a request.
  await page.getByRole('button', { name: ru('На сайт') }).click();
  await page.getByText(`data-form="${key.key}"`).waitFor();
  await page.getByRole('button', { name: ru('Попробовать') }).click();
  await page.getByText(/Анна Смирнова/).waitFor();
  await inspect(page, 'form-site');
  const leads = await portal.api('GET', '/api/records/lead?fields=title');
  assert.equal(leads.items.length, 0, 'the trial stayed');
  const small = await browser.window({ size: 'phone', dark: true });
  await enter(small, portal, 'admin@example.com', `/settings/forms/${key.id}`);
  await small.locator('.fb-name').first().click();
  await inspect(small, 'form-builder-phone');
});

at.journey('a foreign site over several pages → a lead on an open board within a second, with the way the client came', async ({ browser, portal }) => {
  const { anna, key } = await formOf(portal, 'сайт');
  const form = { items: [{ name: 'name' }, { name: 'phone', required: true }], consent: { text: { ru: 'Согласен на звонок' }, required: true } };
  await portal.api('PATCH', `/api/intake-keys/${key.id}`, { form });
  const site = await siteOf(portal, key);
  try {
    const board = await browser.window();
    await enter(board, portal, anna.email, '/leads');
    const visitor = await browser.window();
    await visitor.goto(`${site.url}/?utm_source=yandex&utm_medium=cpc&utm_campaign=osen&email=secret@mail.ru`);
    await visitor.getByRole('link', { name: 'Цены' }).click();
    await visitor.getByRole('heading', { name: 'Цены' }).waitFor();
    await visitor.goto(`${site.url}/prices?utm_source=vk&utm_medium=social`);
    await visitor.getByRole('link', { name: 'Заказать' }).click();
    const frame = visitor.frameLocator('iframe');
    await frame.getByLabel('Как вас зовут').fill('Павел Дорохов');
    await frame.getByLabel('Телефон').fill('8 (921) 555-01-42');
    await frame.getByLabel('Согласен на звонок').check();
    const high = async () => visitor.locator('iframe').evaluate((e) => e.offsetHeight - 0);
    const inner = await frame.locator('main').evaluate((e) => e.getBoundingClientRect().height);
    await until('the frame is as high as the form', async () => Math.abs((await high()) - inner) < 3 || [await high(), inner]);
    await frame.getByRole('button').click();
    await frame.getByRole('status').waitFor({ timeout: 15_000 });
    const thanked = Date.now();
    const card = cardIn(board, 'Новый', 'Павел Дорохов');
    await card.getByRole('button', { name: ru('Взять') }).waitFor();
    assert.ok(Date.now() - thanked < 1000, `on the board after ${Date.now() - thanked} ms`);
    assert.deepEqual(await visitor.context().cookies(), [], 'the snippet needs no cookies');

    await card.getByRole('link').click();
    const story = board.locator('.tl');
    await story.getByText('yandex / cpc / osen').waitFor();
    await story.getByText('vk / social').waitFor();
    await story.getByRole('button', { name: ru('Что прислано и согласие') }).click();
    await story.getByText('Согласен на звонок').waitFor();
    assert.equal(await story.getByText('secret@mail.ru').count(), 0, 'an address of the visitor came along');
    await inspect(board, 'form-origin');
    const [request] = (await portal.api('GET', `/api/requests?key=${key.id}`)).items;
    assert.equal(request.attribution.views, 4);
  } finally {
    site.close();
  }
});

at.journey('without scripts a request waits, is let in, and becomes a lead', async ({ browser, portal }) => {
  const { anna, key } = await formOf(portal, 'без скриптов');
  const board = await browser.window();
  await enter(board, portal, anna.email, '/leads');
  const head = await browser.window();
  await enter(head, portal, 'admin@example.com', '/held');
  const page = await browser.window({ size: 'phone', scripts: false });
  for (const [name, phone] of [['Ольга Белова', '8 912 345 67 89'], ['Робот', '8 912 345 67 00']]) {
    await page.goto(`${portal.url}/f/${key.key}`);
    await page.getByLabel('Как вас зовут').fill(name);
    await page.getByLabel('Телефон').fill(phone);
    await new Promise((r) => setTimeout(r, 2100)); // a form sent faster than a hand can waits for another reason
    await page.getByRole('button').click();
    await page.getByRole('status').waitFor();
  }
  await head.reload();
  const held = head.getByRole('article', { name: 'Ольга Белова' });
  await held.getByText(ru('браузер без скриптов')).waitFor();
  await head.locator('.rail').getByRole('link', { name: ru('На проверке') }).getByText('2').waitFor();
  await inspect(head, 'form-held');
  assert.equal(await cardIn(board, 'Новый', 'Ольга Белова').count(), 0);
  await head.getByRole('article', { name: 'Робот' }).getByRole('button', { name: ru('Отклонить') }).click();
  await head.getByRole('article', { name: 'Робот' }).waitFor({ state: 'detached' });
  await held.getByRole('button', { name: ru('Принять') }).click();
  await cardIn(board, 'Новый', 'Ольга Белова').getByRole('button', { name: ru('Взять') }).waitFor();
  await head.getByText(ru('Проверять нечего')).waitFor();
  const leads = await portal.api('GET', `/api/records/lead?fields=title`);
  assert.deepEqual(leads.items.filter((lead) => lead.title === 'Робот'), []);
});
