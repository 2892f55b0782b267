// Editing where one reads: the keys, the focus, and two people at the same record.
import assert from 'node:assert/strict';
import { enter, focused, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

/** The value of a field as it is read; pressing it opens the editor. */
const value = (page, title) => page.getByRole('button', { name: new RegExp(`^${title}: `) });
const editor = (page, title) => page.getByRole('textbox', { name: title, exact: true });

async function deal(portal, title, more = {}) {
  const made = await portal.record('deal', { title, probability: 20, ...more });
  return { ...made, path: `/deals/${made.id}`, now: () => portal.api('GET', `/api/records/deal/${made.id}`) };
}

at.journey('Enter saves and the focus stays, Esc forgets, Tab goes on, a click outside saves', async ({ browser, portal }) => {
  const made = await deal(portal, 'Монтаж спринклеров', { amount: { amount: '990000.00', currency: 'RUB' } });
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', made.path);
  await page.getByRole('heading', { name: 'Монтаж спринклеров' }).waitFor();
  await inspect(page, 'card');

  await value(page, 'Вероятность, %').click();
  await focused(editor(page, 'Вероятность, %'), 'the editor');
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('45');
  await page.keyboard.press('Enter');
  await focused(value(page, 'Вероятность, %'), 'the field that was edited');
  assert.match(await value(page, 'Вероятность, %').innerText(), /45/);
  await until('45 is saved', async () => (await made.now()).probability === 45);

  await page.keyboard.press('Enter');
  await page.keyboard.type('99');
  await page.keyboard.press('Escape');
  await focused(value(page, 'Вероятность, %'), 'the field that was left');
  assert.match(await value(page, 'Вероятность, %').innerText(), /45/);

  // Tab saves and opens the next field of the group; what is open is the field after in reading order.
  await value(page, 'Сумма').click();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('1 284 000,50');
  await page.keyboard.press('Tab');
  await until('the next field is open', () => page.evaluate(() => document.activeElement?.tagName === 'INPUT' && document.activeElement?.getAttribute('aria-label')).then((label) => (label && label !== 'Сумма') || label));
  await page.keyboard.press('Escape');
  await until('the amount is saved', async () => (await made.now()).amount.minor === 128_400_050);
  await value(page, 'Сумма').getByText('1 284 000,50 ₽').waitFor();

  // A field of many lines: Enter is a line, Ctrl Enter saves.
  await value(page, 'Комментарий').click();
  await page.keyboard.type('Первая строка');
  await page.keyboard.press('Enter');
  await page.keyboard.type('вторая');
  await page.keyboard.press('Control+Enter');
  await focused(value(page, 'Комментарий'), 'the comment');
  await until('two lines are saved', async () => (await made.now()).comment === 'Первая строка\nвторая');

  await value(page, 'Вероятность, %').click();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('50');
  await page.getByRole('heading', { name: ru('Клиент') }).click();
  await until('50 is saved', async () => (await made.now()).probability === 50);

  // A list is chosen by typing, also on the wrong keyboard layout: «htrkfvf» is «реклама».
  await value(page, 'Источник').click();
  await page.keyboard.type('htrkfvf');
  await page.getByRole('option', { name: 'Реклама' }).waitFor();
  await inspect(page, 'card-list-open');
  await page.getByRole('option', { name: 'Реклама' }).click();
  await until('the source is saved', async () => (await made.now()).source === 'ads');
  await focused(value(page, 'Источник'), 'the source');

  // The last change can be taken back.
  await page.getByRole('heading', { name: ru('Клиент') }).click();
  await page.keyboard.press('Control+KeyZ');
  await until('the source is empty again', async () => ((await made.now()).source ?? null) === null);
});

at.journey('two editors of one field: both values are shown and one is chosen', async ({ browser, portal }) => {
  await portal.person('Boris Second', 'boris@example.com', 'admin', { language: 'en' });
  const made = await deal(portal, 'Conflict');
  const page = await browser.window({ expected: [409] });
  const other = await browser.window({ lang: 'en', expected: [409] });
  await enter(page, portal, 'admin@example.com', made.path);
  await enter(other, portal, 'boris@example.com', made.path);

  await value(page, 'Вероятность, %').click();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('70');
  await value(other, 'Probability, %').click();
  await other.keyboard.press('Control+KeyA');
  await other.keyboard.type('30');
  await other.keyboard.press('Enter');
  await until('the first value is saved', async () => (await made.now()).probability === 30);
  // News about the record doesn't touch what is being typed.
  await page.getByText('Boris Second: ').first().waitFor();
  assert.equal(await editor(page, 'Вероятность, %').inputValue(), '70');
  await page.keyboard.press('Enter');

  const question = page.getByRole('dialog', { name: ru('Это поле только что изменили') });
  await question.getByText('70', { exact: true }).waitFor();
  await question.getByText('30', { exact: true }).waitFor();
  await inspect(page, 'card-conflict');
  await question.getByRole('button', { name: ru('Записать моё') }).click();
  await until('my value stays', async () => (await made.now()).probability === 70);
  await value(other, 'Probability, %').getByText('70').waitFor();

  // The other way round: the saved one is kept.
  await value(other, 'Probability, %').click();
  await other.keyboard.press('Control+KeyA');
  await other.keyboard.type('10');
  await portal.api('PATCH', `/api/records/deal/${made.id}`, { probability: 80 });
  await other.keyboard.press('Enter');
  const asked = other.getByRole('dialog', { name: en('Это поле только что изменили') });
  await asked.getByRole('button', { name: en('Оставить сохранённое') }).click();
  await value(other, 'Probability, %').getByText('80').waitFor();
  assert.equal((await made.now()).probability, 80);
});

at.journey('two editors of different fields: both are kept without a question', async ({ browser, portal }) => {
  const made = await deal(portal, 'Merge');
  const page = await browser.window({ size: 'phone', dark: true });
  await enter(page, portal, 'admin@example.com', made.path);
  await page.getByRole('button', { name: ru('Поля') }).click();
  await inspect(page, 'card-phone-fields');
  await value(page, 'Вероятность, %').click();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('60');
  await portal.api('PATCH', `/api/records/deal/${made.id}`, { version: made.version, comment: 'Перезвонить в среду' });
  await value(page, 'Комментарий').getByText('Перезвонить в среду').waitFor();
  await page.keyboard.press('Enter');
  await until('both changes are saved', async () => {
    const now = await made.now();
    return (now.probability === 60 && now.comment === 'Перезвонить в среду') || now;
  });
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.getByRole('button', { name: ru('Лента') }).click();
  await inspect(page, 'card-phone');
});
