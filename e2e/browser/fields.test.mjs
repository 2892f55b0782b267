// A field hidden from somebody isn't anywhere on his screens, one he may only read isn't opened for editing, and what he may not do
// has no button.
import assert from 'node:assert/strict';
import { cardIn } from './board.mjs';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');

at.journey('somebody who may see and move deals, without amounts and phones', async ({ browser, portal }) => {
  const pipeline = (await portal.api('GET', '/api/pipelines')).items.find((each) => each.type === 'deal');
  const eva = await portal.person('Ева Лис', 'eva@example.com', 'employee');
  const line = (types, ops) => ({ types, pipelines: [], stages: [], ops, scopes: ['all'] });
  const hidden = (type, field) => ({ type, field, access: 'hidden' });
  await portal.api('POST', '/api/roles', {
    title: 'Без сумм',
    grants: [line(['deal'], ['see', 'edit', 'move']), line(['contact', 'activity'], ['see'])],
    fields: [hidden('deal', 'amount'), hidden('contact', 'phones'), { type: 'deal', field: 'closes_on', access: 'read_only' }],
    holders: [{ kind: 'user', id: eva.id }],
  });
  const contact = await portal.record('contact', { title: 'Олег Тихонов', phones: ['+79217391739'] });
  const deal = await portal.record('deal', { title: 'Мост через Яузу', amount: '739100', contact: contact.id, closes_on: '2027-03-05' });

  const page = await browser.window();
  await enter(page, portal, 'eva@example.com', '/deals');
  await cardIn(page, pipeline.stages[0].title_ru, 'Мост через Яузу').waitFor();
  const tells = async () => /739|7391739|₽/.test((await page.locator('#main').textContent()) ?? '');
  assert.ok(!(await tells()), 'the board tells an amount');
  assert.equal(await page.getByRole('button', { name: ru('Добавить') }).count(), 0, 'she can make none');
  await inspect(page, 'fields-board');

  await page.goto(`${portal.url}/deals?view=list`);
  await page.getByText('Мост через Яузу').first().waitFor();
  assert.ok(!(await tells()), 'the list tells an amount');
  assert.equal(await page.getByRole('columnheader', { name: 'Сумма' }).count(), 0);
  assert.equal(await page.getByText(ru('Выгрузить')).count(), 0, 'she may not export');

  await page.goto(`${portal.url}/deals/${deal.id}`);
  const fields = page.getByRole('region', { name: 'Сделка' });
  await fields.getByText('Ответственный').waitFor();
  assert.ok(!(await tells()), 'the card tells an amount or a phone');
  assert.equal(await fields.getByText('Сумма').count(), 0);
  await until('the date to read only stands there', async () => /\d/.test((await page.locator('#field-closes_on').textContent()) ?? ''));
  assert.equal(await page.locator('#field-closes_on button').count(), 0, 'it opens for editing');
  await page.getByRole('button', { name: ru('Ещё') }).first().click();
  assert.equal(await page.getByRole('menuitem', { name: ru('Удалить') }).count(), 0, 'she may not delete');
  await page.getByRole('menuitem', { name: ru('Перенести в…') }).waitFor();
  await page.keyboard.press('Escape');
  await inspect(page, 'fields-card');

  // The role is given back: without a reload everything is there.
  const role = (await portal.api('GET', '/api/roles')).items.find((each) => each.title === 'Без сумм');
  await portal.api('PATCH', `/api/roles/${role.id}`, { fields: [], version: role.version });
  await until('the amount is there', async () => /739/.test((await page.locator('#main').textContent()) ?? ''));
});
