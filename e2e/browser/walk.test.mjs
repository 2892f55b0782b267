// The main street: a request from a foreign page or a form becomes a lead, is offered, missed, offered again, taken, and
// the card tells it all.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { cardIn, columnOf } from './board.mjs';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

const hours = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]));

/** A drum of Anna and Boris with a short time to take, and the key of a form that feeds it; work goes on round the clock. */
async function drumOf(portal, { minutes }) {
  await portal.api('PATCH', '/api/portal', { worktime: { week: hours } });
  const anna = await portal.person('Анна Смирнова', `anna-${minutes}@example.com`);
  const boris = await portal.person('Борис Ким', `boris-${minutes}@example.com`, 'manager', { language: 'en' });
  const drum = await portal.api('POST', '/api/drums', { title: `Входящие ${minutes}`, take_minutes: minutes, misses_to_head: 0, hours: 'always', members: [{ user: anna.id }, { user: boris.id }] });
  const key = await portal.api('POST', '/api/intake-keys', { title: 'Форма на сайте', drum: drum.id });
  return { anna, boris, drum, key };
}

/** A page of somebody else's site, served from another address, that sends requests by a script of its own. */
async function foreignPage(portal, key) {
  const html = `<!doctype html><html lang="ru"><meta charset="utf-8"><title>Чужой сайт</title><body><form id="f"><input name="name" aria-label="Имя"><input name="phone" aria-label="Телефон"><button>Отправить</button></form><output id="answer"></output>
<script>document.getElementById('f').addEventListener('submit', async (e) => { e.preventDefault();
const answer = await fetch(${JSON.stringify(`${portal.url}/api/intake/${key.key}`)}, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...Object.fromEntries(new FormData(e.target)), comment: 'Нужен расчёт сигнализации', utm_source: 'yandex' }) });
document.getElementById('answer').textContent = answer.status + ' ' + (await answer.json()).status; });</script></body></html>`;
  const server = createServer((_, answer) => answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

async function send(page, url, name, phone) {
  await page.goto(url);
  await page.getByLabel('Имя').fill(name);
  await page.getByLabel('Телефон').fill(phone);
  await page.getByRole('button').click();
  await page.getByText('201 accepted').waitFor();
}

at.journey('a foreign page → offer to Anna → miss → Boris takes → the story with its causes', async ({ browser, portal }) => {
  const { anna, boris, key } = await drumOf(portal, { minutes: 0.2 });
  const site = await foreignPage(portal, key);
  try {
    const head = await browser.window();
    const annas = await browser.window();
    const boriss = await browser.window({ lang: 'en', dark: true });
    await enter(head, portal, 'admin@example.com', '/leads');
    await enter(annas, portal, anna.email, '/leads');
    await enter(boriss, portal, boris.email, '/leads');
    await head.getByRole('heading', { name: ru('Здесь пока пусто') }).waitFor();

    const visitor = await browser.window();
    await send(visitor, site.url, 'Павел Дорохов', '8 (921) 555-01-42');

    // It appears by itself on every board that may show it, with a running countdown for the one asked.
    const title = 'Павел Дорохов';
    const mine = cardIn(annas, 'Новый', title);
    await mine.getByRole('button', { name: ru('Взять') }).waitFor();
    await mine.getByText(ru('Вам ещё')).waitFor();
    const before = await mine.getByRole('timer').innerText();
    assert.match(before, /^00:(0\d|1[0-2])$/);
    await until('the clock runs', async () => (await mine.getByRole('timer').innerText()) !== before);
    await cardIn(head, 'Новый', title).getByText(ru('{name}, ещё', { name: 'Анна' })).waitFor();
    assert.equal(await columnOf(boriss, 'New').getByRole('article').count(), 0, 'Boris does not see what is not his yet');
    await inspect(annas, 'walk-offer');

    // Anna lets it go; Boris is asked and sees it come; Anna's board lets go of it.
    const his = cardIn(boriss, 'New', title);
    await his.getByRole('button', { name: en('Взять') }).waitFor({ timeout: 25_000 });
    await mine.waitFor({ state: 'detached' });
    await inspect(boriss, 'walk-offer-en');
    await his.getByRole('button', { name: en('Взять') }).click();
    await boriss.getByText(en('Взято в работу'), { exact: true }).waitFor();
    await cardIn(boriss, 'In work', title).waitFor();
    await cardIn(head, 'В работе', title).waitFor();

    // The card tells the story, the latest first, each step with its cause.
    await cardIn(head, 'В работе', title).getByRole('link').click();
    await head.getByText(ru('Взято в работу: {name}', { name: 'Борис Ким' })).waitFor();
    const story = (await head.locator('.tl .ev-text').allInnerTexts()).map((line) => line.replace(/\s+/g, ' '));
    const order = [/Взято в работу: Борис Ким/, /Предложено: Борис Ким/, /Пропуск: Анна Смирнова/, /Предложено: Анна Смирнова/, /Обращение/].map((want) => story.findIndex((line) => want.test(line)));
    assert.ok(order.every((place) => place >= 0), `${order} in ${story.join(' | ')}`);
    assert.deepEqual(order, [...order].sort((a, b) => a - b), story.join(' | '));
    await head.locator('.tl').getByText('Нужен расчёт сигнализации').waitFor();
    const missed = head.locator('.ev').filter({ hasText: /Пропуск: Анна/ });
    await missed.getByRole('button', { name: ru('почему?') }).click();
    await missed.locator('.because').getByText(/Барабан|Срок/).first().waitFor();
    await inspect(head, 'walk-story');

    // The miss is on record.
    await head.getByRole('link', { name: ru('Инциденты') }).click();
    const journal = head.getByRole('region', { name: ru('Журнал') });
    await journal.getByText('Анна Смирнова').first().waitFor();
    await journal.getByText('Пропуск барабана').first().waitFor();
    await journal.getByRole('link', { name: title }).first().waitFor();
    await inspect(head, 'walk-incidents');
    await head.getByRole('link', { name: ru('Барабаны') }).click();
    await head.getByRole('region', { name: ru('Кто следующий и почему') }).waitFor();
    await head.getByText('Анна Смирнова').first().waitFor();
    await inspect(head, 'walk-drum');

    // The same client in another notation is recognised: the request lands on the lead that is open.
    await send(visitor, site.url, 'Павел', '+7 921 5550142');
    await boriss.getByRole('link', { name: title, exact: true }).first().click();
    await boriss.getByText(en('Повторное обращение')).waitFor();
    const leads = await portal.api('GET', '/api/records/lead?fields=title');
    assert.equal(leads.items.length, 1, JSON.stringify(leads.items));
    await inspect(boriss, 'walk-repeat-en');
  } finally {
    site.close();
  }
});

at.journey('the hosted form on a phone without scripts, in both languages', async ({ browser, portal }) => {
  const { anna, key } = await drumOf(portal, { minutes: 60 });
  await portal.api('PATCH', `/api/intake-keys/${key.id}`, { form: { no_script: 'accept' } });
  const board = await browser.window({ size: 'phone' });
  await enter(board, portal, anna.email, '/leads');

  const page = await browser.window({ size: 'phone', scripts: false, expected: [422] });
  await page.goto(`${portal.url}/f/${key.key}?utm_source=vk`);
  await page.getByLabel('Как вас зовут').fill('Ольга Белова');
  await page.getByRole('button').click();
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel('Телефон').fill('8 912 345 67 89');
  await page.getByLabel('Что нужно').fill('Позвоните после обеда');
  // A form sent faster than a hand can is taken for a program.
  await new Promise((r) => setTimeout(r, 2000));
  await page.getByRole('button').click();
  await page.getByRole('status').waitFor();
  await cardIn(board, 'Новый', 'Ольга Белова').getByRole('button', { name: ru('Взять') }).waitFor();
  await inspect(board, 'walk-phone-offer');
  await cardIn(board, 'Новый', 'Ольга Белова').getByRole('button', { name: ru('Взять') }).click();
  await board.getByRole('navigation', { name: ru('Стадии') }).getByRole('button', { name: /В работе/ }).click();
  await cardIn(board, 'В работе', 'Ольга Белова').getByRole('link').click();
  await board.locator('.tl').getByText('Позвоните после обеда').waitFor();
  await inspect(board, 'walk-phone-card');

  // Axe needs scripts, the form doesn't.
  const looking = await browser.window({ size: 'phone', lang: 'en', dark: true });
  await looking.goto(`${portal.url}/f/${key.key}`);
  await looking.getByLabel('Your name').waitFor();
  await inspect(looking, 'walk-form-en');
});
