// A board of deals: adding, moving, losing, undoing, and what the others see of it.
import assert from 'node:assert/strict';
import { enter, focused, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';
import { cardIn, column, columnOf, drag, headOf } from './board.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');
const amount = (rubles) => ({ amount: `${rubles}.00`, currency: 'RUB' });

at.journey('quick add: an empty board, C, four fields, a card with its sum', async ({ browser, portal }) => {
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/deals');
  await page.getByRole('heading', { name: ru('Здесь пока пусто') }).waitFor();
  await inspect(page, 'board-empty');

  await page.keyboard.press('KeyC');
  const form = page.getByRole('dialog', { name: ru('Новая сделка') });
  await focused(form.getByLabel('Название'), 'the title');
  await inspect(page, 'board-quick-add');
  await form.getByLabel('Название').fill('Пожарная сигнализация, склад 4');
  await form.getByLabel('Сумма').fill('1 284 000');
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'hidden' });
  await cardIn(page, 'Новая', 'Пожарная сигнализация, склад 4').waitFor();
  await until('the head counts and sums', async () => headOf(page, 'Новая').then((head) => (head.includes('1') && head.includes('1,3 млн ₽')) || head));

  // The same from the phone: the round button, the column of the thumb.
  const phone = await browser.window({ size: 'phone', lang: 'ru', dark: true });
  await enter(phone, portal, 'admin@example.com', '/deals');
  await phone.getByRole('button', { name: ru('Новая сделка') }).click();
  const small = phone.getByRole('dialog', { name: ru('Новая сделка') });
  await small.getByLabel('Название').fill('Огнезащита кабелей');
  await small.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  await cardIn(phone, 'Новая', 'Огнезащита кабелей').waitFor();
  await inspect(phone, 'board-phone');
  await cardIn(page, 'Новая', 'Огнезащита кабелей').waitFor();
  await until('the desk counts two', async () => headOf(page, 'Новая').then((head) => /(^|\D)2\D/.test(head) || head));
});

at.journey('a card dragged in one browser moves in the other within a second, the counters follow', async ({ browser, portal }) => {
  await portal.person('Boris Head', 'boris@example.com', 'admin', { language: 'en' });
  for (const title of ['Drag one', 'Drag two', 'Drag three']) await portal.record('deal', { title, stage: 'need', amount: amount(100_000) });
  const page = await browser.window();
  const other = await browser.window({ lang: 'en', dark: true });
  await enter(page, portal, 'admin@example.com', '/deals');
  await enter(other, portal, 'boris@example.com', '/deals');
  await cardIn(other, 'Need', 'Drag one').waitFor();
  await inspect(other, 'board-en-dark');

  const waits = [];
  for (const title of ['Drag one', 'Drag two', 'Drag three']) {
    const saved = page.waitForResponse((r) => r.request().method() === 'PATCH' && r.url().includes('/api/records/deal/'));
    await drag(page, cardIn(page, 'Потребность', title), column(page, 'Предложение'));
    assert.equal((await saved).status(), 200);
    const from = Date.now();
    await cardIn(other, 'Proposal', title).waitFor();
    waits.push(Date.now() - from);
    await cardIn(page, 'Предложение', title).waitFor();
  }
  await other.getByText(en('{name}: перенос сейчас', { name: 'Мария' })).first().waitFor();
  assert.ok(waits.sort((a, b) => a - b)[1] < 1000, `seen after ${waits} ms`);
  await until('the counters of the other follow', async () => headOf(other, 'Proposal').then((head) => (head.includes('3') && head.includes('300k ₽')) || head));
  assert.equal(await columnOf(other, 'Need').getByRole('article').count(), 0);
});

at.journey('by keyboard: arrows to the card, M, the stage; a lost one asks why; Ctrl Z brings it back', async ({ browser, portal }) => {
  await portal.record('deal', { title: 'Пломбирование щитов', stage: 'contract' });
  await portal.record('deal', { title: 'Датчики дыма', stage: 'contract' });
  const page = await browser.window({ dark: true });
  await enter(page, portal, 'admin@example.com', '/deals');
  const first = columnOf(page, 'Договор').getByRole('article').first();
  const title = await first.getByRole('link').innerText();
  await first.getByRole('link').focus();
  await page.keyboard.press('ArrowDown');
  await focused(columnOf(page, 'Договор').getByRole('article').nth(1).getByRole('link'), 'the second card');
  await page.keyboard.press('ArrowUp');
  await focused(first.getByRole('link'), 'the first card');

  await page.keyboard.press('KeyM');
  const menu = page.getByRole('dialog', { name: ru('Перенести в…') });
  await menu.waitFor();
  await inspect(page, 'board-move-to');
  await menu.getByRole('button', { name: 'Оплата' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(ru('Перенесено в «{stage}»', { stage: 'Оплата' })).waitFor();
  await cardIn(page, 'Оплата', title).waitFor();

  await cardIn(page, 'Оплата', title).getByRole('link').focus();
  await page.keyboard.press('KeyM');
  await menu.getByRole('button', { name: 'Проиграна' }).click();
  const why = page.getByRole('dialog', { name: ru('Почему отказ?') });
  await why.getByRole('button', { name: 'Дорого' }).waitFor();
  await inspect(page, 'board-lost-reason');
  await why.getByRole('button', { name: 'Дорого' }).click();
  await page.getByText(ru('Перенесено в «{stage}»', { stage: 'Проиграна' })).waitFor();
  await cardIn(page, 'Оплата', title).waitFor({ state: 'detached' });
  await until('the deal is lost for a reason', async () => lostReason(portal, title).then((reason) => reason === 'price' || reason));

  await page.keyboard.press('Control+KeyZ');
  await cardIn(page, 'Оплата', title).waitFor();
  await until('the deal is open again', async () => lostReason(portal, title).then((reason) => reason === null || reason));

  // Dropped on a folded column it asks the same; closing the question leaves the card where it was.
  await portal.record('lead', { title: 'Ошиблись номером' });
  await page.getByRole('link', { name: /^Лиды/ }).click();
  await cardIn(page, 'Новый', 'Ошиблись номером').waitFor();
  await drag(page, cardIn(page, 'Новый', 'Ошиблись номером'), page.getByRole('button', { name: ru('Развернуть «{stage}»', { stage: 'Не наш' }) }));
  await why.getByRole('button', { name: 'Спам' }).waitFor();
  await page.keyboard.press('Escape');
  await why.waitFor({ state: 'hidden' });
  await cardIn(page, 'Новый', 'Ошиблись номером').waitFor();
});

async function lostReason(portal, title) {
  const { items } = await portal.api('GET', `/api/records/deal?filter=${encodeURIComponent(`title = "${title}"`)}&fields=title,lost_reason`);
  return items[0].lost_reason ?? null;
}
