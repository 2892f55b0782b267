// The list: conditions, sorting, the address that keeps them, editing in place, many at once.
import assert from 'node:assert/strict';
import { enter, focused, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

const rows = (page) => page.getByRole('rowgroup').getByRole('row');
const titles = async (page) => (await rows(page).locator('.row-link').allInnerTexts()).map((title) => title.trim());
const input = (scope, label) => scope.getByLabel(label).and(scope.page().locator('input'));

async function seed(portal, prefix, n) {
  for (let i = 1; i <= n; i++) {
    await portal.record('deal', { title: `${prefix} ${i}`, stage: i % 2 ? 'new' : 'proposal', source: i % 3 ? 'site' : 'ads', amount: { amount: `${i * 1000}.00`, currency: 'RUB' } });
  }
}

at.journey('empty, then filtered by the builder; sort, counters; the address keeps the view over reload and Back', async ({ browser, portal }) => {
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/deals?view=list');
  await page.getByRole('heading', { name: ru('Здесь пока пусто') }).waitFor();
  await inspect(page, 'list-empty');
  await seed(portal, 'Сделка', 6);
  await page.goto(`${portal.url}/deals`);
  await page.getByRole('button', { name: ru('Список'), exact: true }).click();
  await until('six rows', async () => (await rows(page).count()) === 6);

  await page.keyboard.press('KeyF');
  const builder = page.getByRole('dialog', { name: ru('Фильтр') });
  await input(builder, ru('Поле')).click();
  await page.getByRole('option', { name: 'Сумма' }).click();
  await builder.getByLabel(ru('Условие'), { exact: true }).selectOption({ label: ru('не меньше') });
  await builder.getByLabel(ru('Значение')).fill('3000');
  await builder.getByRole('button', { name: ru('Условие'), exact: true }).click();
  await input(builder, ru('Поле')).nth(1).click();
  await page.getByRole('option', { name: 'Источник' }).click();
  await input(builder, ru('Значение')).nth(1).click();
  await page.getByRole('option', { name: 'Сайт' }).click();
  await inspect(page, 'list-builder');
  await builder.getByRole('button', { name: ru('Показать') }).click();
  await until('4 and 5 are left', async () => (await titles(page)).sort().join() === 'Сделка 4,Сделка 5');
  // Sums are of what the filter finds: 4000 + 5000.
  await page.getByText('9 000 ₽').waitFor();
  await inspect(page, 'list-filtered');

  await page.getByRole('columnheader', { name: 'Сумма' }).getByRole('button').click();
  await until('the smaller first', async () => (await titles(page)).join() === 'Сделка 4,Сделка 5');
  await page.getByRole('columnheader', { name: 'Сумма' }).getByRole('button').click();
  await until('the larger first', async () => (await titles(page)).join() === 'Сделка 5,Сделка 4');

  await page.reload();
  await until('the same after reload', async () => (await titles(page)).join() === 'Сделка 5,Сделка 4');
  await page.getByRole('link', { name: 'Сделка 5' }).click();
  await page.waitForURL(/\/deals\/\d+$/);
  await page.goBack();
  await until('the same after Back', async () => (await titles(page)).join() === 'Сделка 5,Сделка 4');
  await page.getByRole('button', { name: ru('Убрать условие «{field}»', { field: 'Сумма' }) }).click();
  await until('one condition is left', async () => (await titles(page)).join() === 'Сделка 5,Сделка 4,Сделка 2,Сделка 1');
  await page.goBack();
  await until('Back brings the condition again', async () => (await titles(page)).join() === 'Сделка 5,Сделка 4');

  // A condition nothing fits: why it is empty and the way out.
  await page.keyboard.press('KeyF');
  await builder.getByLabel(ru('Значение')).first().fill('900000');
  await builder.getByRole('button', { name: ru('Показать') }).click();
  await page.getByRole('heading', { name: ru('Под фильтр ничего не подходит') }).waitFor();
  await inspect(page, 'list-nothing');
  await page.getByRole('button', { name: ru('Убрать фильтр') }).click();
  await until('all six again', async () => (await rows(page).count()) === 6);
});

at.journey('a cell is edited where it stands; many are moved and deleted with a way back', async ({ browser, portal }) => {
  const before = await portal.api('GET', '/api/records/deal?limit=100&fields=title');
  for (const { id } of before.items) await portal.api('DELETE', `/api/records/deal/${id}`);
  await seed(portal, 'Deal', 5);
  await portal.person('Emma List', 'emma@example.com', 'admin', { language: 'en' });
  const page = await browser.window({ lang: 'en', dark: true });
  await enter(page, portal, 'emma@example.com', '/deals?view=list&sort=title');
  await until('five rows', async () => (await rows(page).count()) === 5);

  const cell = rows(page).first().getByRole('button', { name: /^Amount: / });
  await cell.click();
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.type('7500');
  await page.keyboard.press('Enter');
  await cell.getByText('7,500 ₽').waitFor();
  await focused(cell, 'the cell');
  await until('it is saved', async () => (await portal.api('GET', `/api/records/deal?filter=${encodeURIComponent('title = "Deal 1"')}`)).items[0].amount.minor === 750_000);

  // Space and Shift Space mark rows, the bar counts them.
  await rows(page).first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+Space');
  const bar = page.getByRole('region', { name: en('Выбранное') });
  await bar.getByText('3 selected').waitFor();
  await inspect(page, 'list-marked');
  await bar.getByRole('button', { name: en('Перенести') }).click();
  await page.getByRole('menuitem', { name: 'Contract' }).click();
  await page.getByText('3 records moved to "Contract"').waitFor();
  await until('three stand there', async () => (await rows(page).filter({ hasText: 'Contract' }).count()) === 3);
  await page.keyboard.press('Control+KeyZ');
  await until('they are back', async () => (await rows(page).filter({ hasText: 'Contract' }).count()) === 0);

  await page.getByLabel(en('Выбрать все показанные')).check();
  await bar.getByText('5 selected').waitFor();
  await bar.getByRole('button', { name: en('Удалить') }).click();
  await page.getByText('5 records in the bin').waitFor();
  await page.getByRole('heading', { name: en('Здесь пока пусто') }).waitFor();
  await page.getByRole('button', { name: en('Вернуть') }).last().click();
  await until('all five are back', async () => (await rows(page).count()) === 5);

  const phone = await browser.window({ size: 'phone', lang: 'en' });
  await enter(phone, portal, 'emma@example.com', '/deals?view=list&sort=title');
  await until('five rows on the phone', async () => (await rows(phone).count()) === 5);
  await inspect(phone, 'list-phone');
  await phone.getByRole('link', { name: /Deal 2/ }).click();
  await phone.getByRole('heading', { name: 'Deal 2' }).waitFor();
});
