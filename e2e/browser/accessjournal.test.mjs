// The access journal by hand: a card that was looked at leads to who looked, in words; filters and search narrow, the file is
// noted; the door has words for a provider that refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

at.journey('who looked at a card is told in words', async ({ browser, portal }) => {
  const contact = await portal.api('POST', '/api/contacts', { title: 'Ольга Ромашкина', phones: [{ value: '+79215550101' }] });
  await portal.api('PATCH', '/api/portal', { company: 'Пожтехснаб' });
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', `/contacts/${contact.id}`);
  await page.getByRole('heading', { name: /Ольга Ромашкина/ }).first().waitFor();
  await page.waitForTimeout(1500); // views are written once a second

  await page.getByRole('button', { name: ru('Ещё') }).first().click();
  await page.getByRole('menuitem', { name: ru('Кто смотрел') }).click();
  const lines = page.locator('.aj-line');
  await until('the one view', async () => (await lines.count()) === 1);
  const line = lines.first();
  for (const part of ['Мария Котова', ru('открывает карточку'), 'Ольга Ромашкина', '127.0.0.1']) assert.ok((await line.innerText()).includes(part), part);
  await inspect(page, 'accessjournal');

  await page.getByRole('button', { name: ru('Сбросить') }).click();
  await until('everything', async () => (await lines.count()) > 2);
  await page.getByLabel(ru('Что'), { exact: true }).selectOption({ label: ru('Настройки') });
  await until('settings alone', async () => (await lines.evaluateAll((list) => list.every((each) => each.dataset.kind === 'settings'))) && (await lines.count()) > 0);
  assert.ok((await lines.first().innerText()).includes(ru('меняет настройки: {what}', { what: ru('портал') })));
  await page.getByLabel(ru('Имя, почта или адрес в сети')).fill('никого такого');
  await page.getByRole('heading', { name: ru('Под фильтр ничего не подходит') }).waitFor();
  await page.getByLabel(ru('Имя, почта или адрес в сети')).fill('котова');
  await until('hers', async () => (await lines.count()) > 0);

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  assert.ok(readFileSync(await file.path(), 'utf8').includes('Изменение настроек'));
  const exports = (await portal.api('GET', '/api/access-journal?kind=export')).items;
  assert.equal(exports[0].data.type, 'access_journal');
});

at.journey('in English and on a phone', async ({ browser, portal }) => {
  const olga = await portal.person('Olga Green', 'olga@example.com', 'admin', { language: 'en' });
  await portal.api('GET', '/api/me', undefined, olga.token);
  const page = await browser.window({ size: 'phone' });
  await enter(page, portal, 'olga@example.com', '/settings/access-journal');
  await page.getByText(en('входит по паролю')).first().waitFor();
  await inspect(page, 'accessjournal-phone');
  await page.goto(`${portal.url}/settings/oidc`);
  await page.getByRole('heading', { name: en('Вход через провайдера') }).first().waitFor();
  await inspect(page, 'oidc-phone');
});

at.journey('a refusal of the provider has words', async ({ browser, portal }) => {
  const page = await browser.window();
  await page.goto(`${portal.url}/login?oidc=left`);
  await page.getByRole('alert').getByText(ru('Ваша учётная запись отключена. Спросите администратора')).waitFor();
  await page.goto(`${portal.url}/api/oidc/start`);
  await page.getByRole('alert').getByText(ru('Вход через провайдера выключен')).waitFor();
  assert.equal(new URL(page.url()).pathname, '/login');
});
