// What stands around every page: the palette, the shortcuts, addresses, menus by role, and a server that goes away.
import assert from 'node:assert/strict';
import { cardIn } from './board.mjs';
import { enter, focused, logIn, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

at.journey('the palette finds a record, an action and a page, on the wrong keyboard layout, too', async ({ browser, portal }) => {
  const made = await portal.record('company', { title: 'Приволжский склад' });
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/deals');
  await page.getByRole('heading', { name: ru('Здесь пока пусто') }).waitFor();
  const palette = page.getByRole('combobox', { name: ru('Поиск и команды') });
  const options = page.getByRole('option');
  const open = async (text) => {
    await page.keyboard.press('Control+KeyK');
    await focused(palette, 'the palette');
    await page.keyboard.type(text);
  };

  await open('ghbdjk'); // «привол»
  await options.filter({ hasText: 'Приволжский склад' }).waitFor();
  await page.getByText(ru('ищем и «{text}»', { text: 'привол' })).waitFor();
  await inspect(page, 'palette');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/companies/${made.id}`);

  await open('барабаны');
  await options.filter({ hasText: ru('Барабаны') }).first().waitFor();
  await until('the page is the marked line', async () => (await options.filter({ hasText: ru('Барабаны') }).first().getAttribute('aria-selected')) === 'true');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/drums');

  await page.goto(`${portal.url}/deals`);
  await page.getByRole('heading', { name: ru('Здесь пока пусто') }).waitFor();
  await open('новая сделка');
  await options.filter({ hasText: ru('Новая сделка') }).first().click();
  await page.getByRole('dialog', { name: ru('Новая сделка') }).waitFor();
  await page.keyboard.press('Escape');

  // What is typed and not found may be made at once.
  await open('Склад на Мира');
  await options.filter({ hasText: 'Склад на Мира' }).click();
  const form = page.getByRole('dialog', { name: ru('Новый лид') });
  assert.equal(await form.getByLabel('Название').inputValue(), 'Склад на Мира');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Shift+Slash');
  const help = page.getByRole('dialog', { name: ru('Клавиши') });
  await help.getByText(ru('Перенести в…')).waitFor();
  await inspect(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });

  const phone = await browser.window({ size: 'phone' });
  await enter(phone, portal, 'admin@example.com', '/companies');
  await phone.getByRole('button', { name: ru('Найти или выполнить…') }).click();
  await phone.getByRole('combobox').fill('склад');
  await phone.getByRole('option').filter({ hasText: 'Приволжский склад' }).waitFor();
  await inspect(phone, 'palette-phone');
});

at.journey('addresses open what they name, Back goes back, a login returns to where one wanted', async ({ browser, portal }) => {
  const made = await portal.record('deal', { title: 'По прямой ссылке' });
  const page = await browser.window({ expected: [401] });
  await page.goto(`${portal.url}/deals/${made.id}`);
  await page.waitForURL('**/login**');
  await inspect(page, 'login');
  await page.locator('input[type=email]').fill('admin@example.com');
  await page.locator('input[type=password]').fill('a wrong password');
  await page.locator('button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await page.locator('input[type=password]').fill('correct horse battery');
  await page.locator('button[type=submit]').click();
  await page.waitForURL(`**/deals/${made.id}`);
  await page.getByRole('heading', { name: 'По прямой ссылке' }).waitFor();

  await page.goto(`${portal.url}/deals?tab=mine`);
  await cardIn(page, 'Новая', 'По прямой ссылке').getByRole('link').click();
  await page.getByRole('heading', { name: 'По прямой ссылке' }).waitFor();
  await page.goBack();
  await page.waitForURL('**/deals?tab=mine');
  await cardIn(page, 'Новая', 'По прямой ссылке').waitFor();
  await page.goForward();
  await page.getByRole('heading', { name: 'По прямой ссылке' }).waitFor();
  await page.keyboard.press('Escape');
  await cardIn(page, 'Новая', 'По прямой ссылке').waitFor();
  await page.goto(`${portal.url}/nowhere`);
  await page.getByRole('heading', { name: ru('Нет такого раздела') }).first().waitFor();
});

at.journey('menus show only what one may open', async ({ browser, portal }) => {
  await portal.person('Anna Manager', 'anna@example.com', 'manager', { language: 'en' });
  const admin = await browser.window();
  await enter(admin, portal, 'admin@example.com', '/settings');
  const manager = await browser.window({ lang: 'en' });
  await logIn(manager, portal, 'anna@example.com');
  await manager.goto(`${portal.url}/settings`);
  const menu = (page, t) => page.getByRole('navigation', { name: t('Главное меню') }).first();
  await menu(admin, ru).getByRole('link', { name: ru('Инциденты') }).waitFor();
  await admin.getByRole('main').getByRole('link', { name: new RegExp(ru('Люди и отделы')) }).waitFor();
  await menu(manager, en).getByRole('link', { name: en('Барабаны') }).waitFor();
  const open = await manager.getByRole('main').getByRole('link').allInnerTexts();
  assert.deepEqual(open.map((text) => text.split('\n')[0]), [en('Отсутствия'), en('Рабочие дни'), en('Корзина')]);
  await inspect(manager, 'settings-manager-en');
  // What is not in the menu isn't behind its address either.
  await manager.goto(`${portal.url}/settings/people`);
  await manager.waitForURL('**/settings');
  await manager.getByRole('link', { name: en('Корзина') }).waitFor();
  await portal.person('Guest', 'guest@example.com', 'guest', { language: 'en' });
  const guest = await browser.window({ lang: 'en', dark: true });
  await enter(guest, portal, 'guest@example.com', '/');
  await guest.waitForURL('**/profile');
  await menu(guest, en).waitFor();
  assert.equal(await menu(guest, en).getByRole('link').count(), 0, 'a guest has nothing to open');
  await inspect(guest, 'guest-en');
  await guest.goto(`${portal.url}/deals`);
  await guest.getByText(en('Адрес устарел или раздел вам не открыт')).waitFor();

  const phone = await browser.window({ size: 'phone', lang: 'en' });
  await enter(phone, portal, 'anna@example.com', '/contacts');
  await phone.getByRole('heading', { name: en('Здесь пока пусто') }).waitFor();
  await phone.getByRole('button', { name: en('Ещё') }).click();
  await phone.getByRole('dialog', { name: en('Ещё') }).getByRole('link', { name: en('Корзина') }).waitFor();
  await inspect(phone, 'more-phone-en');
});

at.journey('the server goes away and comes back: the bar says so, then the board catches up', async ({ browser, portal }) => {
  const page = await browser.window({ expected: ['ERR_CONNECTION_REFUSED', 'ERR_INCOMPLETE_CHUNKED_ENCODING', 'ERR_EMPTY_RESPONSE', 'ERR_CONNECTION_RESET', 'Failed to load resource', 'when fetching the script'] });
  await enter(page, portal, 'admin@example.com', '/leads');
  await page.getByRole('heading', { name: 'Лиды', level: 1 }).waitFor();
  await portal.record('lead', { title: 'До обрыва' });
  await cardIn(page, 'Новый', 'До обрыва').waitFor();
  // Dialogs are fetched when they are first wanted: this one is here when the server goes.
  await cardIn(page, 'Новый', 'До обрыва').getByRole('link').focus();
  await page.keyboard.press('KeyM');
  await page.getByRole('dialog', { name: ru('Перенести в…') }).waitFor();
  await page.keyboard.press('Escape');
  await portal.halt();
  const bar = page.getByText(ru('Связи с сервером нет. Подключимся сами, когда она вернётся'));
  await bar.waitFor();
  await inspect(page, 'connection-lost');

  // A move that can't be saved comes back and says why.
  await cardIn(page, 'Новый', 'До обрыва').getByRole('link').focus();
  await page.keyboard.press('KeyM');
  await page.getByRole('dialog', { name: ru('Перенести в…') }).getByRole('button', { name: 'В работе' }).click();
  await page.getByText(ru('Карточка вернулась')).waitFor();
  await cardIn(page, 'Новый', 'До обрыва').waitFor();
  await portal.serve();
  await portal.record('lead', { title: 'После обрыва' });
  await cardIn(page, 'Новый', 'После обрыва').waitFor({ timeout: 40_000 });
  await bar.waitFor({ state: 'hidden' });
});
