// Figures by hand: a cell of the table of incidents opens exactly its incidents, the head excuses one, the file holds what is
// shown, reports and the owner's day open the records behind their numbers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

/** A drum of two with a head over them, a miss each of what nobody takes, one taken in time. */
async function office(portal) {
  const head = await portal.person('Сергей Волков', 'sergey@example.com', 'head');
  const sales = await portal.api('POST', '/api/departments', { title: 'Продажи', head: head.id });
  const anna = await portal.person('Анна Смирнова', 'anna@example.com', 'manager', { department: sales.id });
  const igor = await portal.person('Игорь Петров', 'igor@example.com', 'manager', { department: sales.id });
  const drum = await portal.api('POST', '/api/drums', { title: 'Входящие', take_minutes: 0.02, hours: 'always', head: head.id, misses_to_head: 3, members: [{ user: anna.id, active: true }, { user: igor.id, active: true }] });
  const key = await portal.api('POST', '/api/intake-keys', { title: 'Сайт', drum: drum.id, source: 'site' });
  const ask = (name, phone) => portal.api('POST', `/api/intake/${key.key}`, { name, phone });
  const misses = async () => (await portal.api('GET', '/api/incidents?kind=missed_offer&limit=100')).items;
  await ask('=HYPERLINK("http://x.example";"Склад; 2")', '+79215550101');
  await ask('Гидранты, запрос с сайта', '+79215550102');
  // Nobody takes them: round by round everybody misses until the head has them.
  await until('both reached the head', async () => (await misses()).length === 6, 40_000);
  await portal.api('PATCH', `/api/drums/${drum.id}`, { take_minutes: 600 });
  await ask('Перезарядка, 140 баллонов', '+79215550103');
  let offer;
  await until('somebody is offered the third', async () => {
    for (const person of [anna, igor]) {
      const mine = (await portal.api('GET', '/api/offers?mine=true', undefined, person.token)).items.filter((each) => each.state === 'offered');
      if (mine.length) offer = { ...mine[0], token: person.token };
    }
    return !!offer;
  }, 20_000);
  await portal.api('POST', `/api/offers/${offer.id}/take`, {}, offer.token);
  return { head, anna, igor, drum, misses: await misses() };
}

at.journey('a cell opens its incidents, the head excuses one, the file holds what is shown', async ({ browser, portal }) => {
  const { anna, igor, misses } = await office(portal);
  const own = misses.filter((each) => each.user === igor.id);
  const page = await browser.window();
  await enter(page, portal, 'sergey@example.com', '/incidents');
  const journal = page.locator('tr[data-incident]');
  await until('the journal has all', async () => (await journal.count()) === misses.length);
  const heat = page.getByRole('region', { name: ru('Инциденты по людям и месяцам') });
  const row = heat.getByRole('row', { name: /Игорь Петров/ });
  await heat.getByText(ru('не работал')).first().waitFor({ state: 'attached' });

  // The cell of this month: exactly Igor's, and the address keeps it.
  const cell = row.getByRole('button', { name: new RegExp(`: ${own.length}$`) }).first();
  await cell.click();
  await until('only Igor is left', async () => (await journal.count()) === own.length);
  const ids = await journal.evaluateAll((list) => list.map((each) => Number(each.dataset.incident)));
  assert.deepEqual(ids.sort((a, b) => a - b), own.map((each) => each.id).sort((a, b) => a - b));
  assert.equal(await cell.getAttribute('aria-pressed'), 'true');
  await inspect(page, 'incidents');

  // Excused in place: it stays in the journal and leaves the figures.
  await journal.first().getByRole('button', { name: ru('Оправдать') }).click();
  const reason = page.getByLabel(ru('Уважительная причина'));
  await reason.fill('Был на обследовании, связи в подвале нет');
  await inspect(page, 'incidents-excuse');
  await reason.press('Control+Enter');
  await journal.first().getByText(ru('оправдан'), { exact: true }).waitFor();
  await row.getByRole('button', { name: new RegExp(`: ${own.length - 1}$`) }).first().waitFor();
  assert.equal(await journal.count(), own.length);
  await until('the server knows who excused', async () => (await portal.api('GET', `/api/incidents?user=${igor.id}`)).items.some((each) => each.excuse?.comment.startsWith('Был на обследовании')));

  // The file: the lines of the journal, no formula, quotes where a table program wants them.
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const text = readFileSync(await (await file).path(), 'utf8');
  assert.ok(text.startsWith(`\uFEFF${ru('Когда')};`), text);
  assert.equal(text.trim().split('\r\n').length, own.length + 1);
  assert.ok(!/(^|[;\r\n])"?=HYPERLINK/.test(text) && text.includes('Был на обследовании'), text);
  assert.ok(text.includes('"\'=HYPERLINK(""http://x.example"";""Склад; 2"")"'), text);

  // Without the choice all are back; a person of the filter narrows table and journal alike.
  await page.getByRole('button', { name: ru('снять выбор') }).click();
  await until('all are back', async () => (await journal.count()) === misses.length);
  await page.getByLabel(ru('Сотрудник'), { exact: true }).selectOption({ label: 'Анна Смирнова' });
  await until('only Anna', async () => (await journal.count()) === misses.filter((each) => each.user === anna.id).length);
  assert.equal(await heat.getByRole('row', { name: /Игорь Петров/ }).count(), 0);

  // Igor sees his own and excuses nobody.
  const his = await browser.window();
  await enter(his, portal, 'igor@example.com', '/incidents');
  await until('Igor sees his own', async () => (await his.locator('tr[data-incident]').count()) === own.length);
  assert.equal(await his.getByRole('button', { name: ru('Оправдать') }).count(), 0);
  assert.equal(await his.getByRole('link', { name: ru('Отчёты') }).count(), 0);
});

at.journey('numbers of reports and of the day open their records', async ({ browser, portal }) => {
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/reports');
  const stages = page.getByRole('region', { name: ru('Что у кого на стадиях') });
  await stages.getByLabel(ru('Воронка')).selectOption({ label: 'Лиды' });
  const cell = stages.getByRole('link', { name: /Сергей Волков, .*: \d/ }).first();
  const count = Number((await cell.textContent()).trim());
  assert.ok(count > 0);
  await inspect(page, 'reports');
  await cell.click();
  await page.waitForURL(/\/leads\?/);
  await until('the list holds as many', async () => (await page.getByRole('row').filter({ has: page.getByRole('link') }).count()) === count || (await page.locator('.dt-row').count()) === count);

  await page.goBack();
  const cohort = page.getByRole('region', { name: ru('Что стало с обращениями') });
  await cohort.getByRole('button', { name: new RegExp(`, ${ru('пришло')}: 3$`) }).first().click();
  const dialog = page.getByRole('dialog');
  await until('three records stand behind it', async () => (await dialog.getByRole('link').count()) === 3);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const shares = page.getByRole('region', { name: ru('Взято в срок по людям и неделям') });
  await shares.getByRole('button').first().click();
  await dialog.getByRole('link').first().waitFor();
  await page.keyboard.press('Escape');

  // The prices are the administrator's; a lead lost after a miss costs one.
  await page.goto(`${portal.url}/incidents`);
  const cost = page.getByRole('region', { name: ru('Во что обошлись пропуски') });
  const price = cost.getByLabel(ru('Цена лида, {what}', { what: 'Сайт' }));
  await price.fill('1500');
  await price.press('Enter');
  await until('the price is kept', async () => (await portal.api('GET', '/api/lead-prices')).prices.site === 150_000);
  const miss = (await portal.api('GET', '/api/incidents?kind=missed_offer')).items.find((each) => !each.excuse);
  const lost = (await portal.api('GET', '/api/pipelines?type=lead')).items[0].stages.find((each) => each.kind === 'lost');
  const reason = (await portal.api('GET', '/api/lost-reasons?type=lead')).items[0];
  await portal.api('PATCH', `/api/leads/${miss.record}`, { stage: lost.code, lost_reason: reason.code });
  await page.reload();
  await cost.getByText(/1.500.₽/).first().waitFor();

  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' }).format(Date.now());
  await page.goto(`${portal.url}/yesterday`);
  await page.getByRole('heading', { level: 1, name: ru('Вчера') }).waitFor();
  await page.getByRole('button', { name: ru('День позже') }).click();
  await page.waitForURL((url) => url.searchParams.get('day') === today);
  await page.getByText(/1.500.₽/).first().waitFor();
  await page.getByRole('button', { name: new RegExp(`^${ru('Пропущено')}: `) }).click();
  await dialog.getByRole('link').first().waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: ru('Как дела стоят сейчас') }).first().getByRole('link', { name: new RegExp(`, ${ru('Без шага')}: [1-9]`) }).first().waitFor();
  await inspect(page, 'yesterday');
});

at.journey('pages of figures in English, dark, on a phone', async ({ browser, portal }) => {
  await portal.person('Helen Ward', 'helen@example.com', 'admin', { language: 'en' });
  const page = await browser.window({ size: 'phone', lang: 'en', dark: true });
  await enter(page, portal, 'helen@example.com', '/incidents');
  await page.getByRole('region', { name: en('Инциденты по людям и месяцам') }).getByRole('row').nth(2).waitFor();
  await inspect(page, 'incidents-phone');
  for (const [path, title] of [['/reports', en('Отчёты')], ['/yesterday', en('Вчера')]]) {
    await page.goto(portal.url + path);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await inspect(page, `${path.slice(1)}-phone`);
  }
});
