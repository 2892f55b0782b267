// A base from a file, rows from a spreadsheet, and the page on which an integrator tries the API.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');

/** A base of n rows in windows-1251's place: UTF-8 with the mark Excel writes. Every tenth row is broken. */
function base(n) {
  const rows = Array.from({ length: n }, (_, i) => (i % 10 === 9 ? `Клиент ${i};12;нет;` : `Клиент ${i};+7912${String(1000000 + i)};k${i}@mail.ru;${i * 100},50`));
  return `\uFEFFФИО;Телефон;E-mail;Бюджет\r\n${rows.join('\r\n')}\r\n`;
}

at.journey('a base is uploaded, its columns are corrected, it comes in, and what is broken is taken away as a file', async ({ browser, portal }) => {
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings');
  await page.getByRole('link', { name: ru('Импорт') }).click();
  await page.locator('input[type=file]').setInputFiles({ name: 'база.csv', mimeType: 'text/csv', buffer: Buffer.from(base(100)) });
  const panel = page.getByRole('region', { name: 'база.csv' });
  const what = (title) => panel.getByLabel(ru('Что в колонке «{title}»', { title }));
  await what('ФИО').waitFor();
  assert.deepEqual(await Promise.all(['ФИО', 'Телефон', 'E-mail', 'Бюджет'].map((title) => what(title).inputValue())), ['name', 'phone', 'email', 'amount']);
  await what('E-mail').selectOption('keep');
  await inspect(page, 'import-columns');
  await panel.getByRole('button', { name: /^Принять 100/ }).click();
  await panel.getByText(ru('готово'), { exact: true }).waitFor({ timeout: 30_000 });
  await panel.getByText(ru('новых: {n}', { n: 90 })).waitFor();
  await panel.getByText(ru('не принято: {n}', { n: 10 })).waitFor();
  await panel.getByRole('button', { name: ru('Что не принято') }).click();
  await panel.getByText('«Телефон»: «12»').first().waitFor();
  await inspect(page, 'import-done');
  const [file] = await Promise.all([page.waitForEvent('download'), panel.getByRole('link', { name: ru('Скачать с причинами') }).click()]);
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\n');
  assert.equal(lines.length, 11);
  assert.match(lines[1], /^11;.*Клиент 9;12;нет/);

  // The card names the import and leads to it.
  const [lead] = (await portal.api('GET', '/api/records/lead?limit=1')).items;
  await page.goto(`${portal.url}/leads/${lead.id}`);
  await page.getByRole('button', { name: ru('почему?') }).first().click();
  await page.getByRole('link', { name: /база\.csv/ }).first().click();
  await page.waitForURL(/settings\/import#import-1/);
  await panel.waitFor();
  const phone = await browser.window({ size: 'phone', dark: true });
  await enter(phone, portal, 'admin@example.com', '/settings/import');
  await phone.getByText(ru('новых: {n}', { n: 90 })).waitFor();
  await phone.locator('input[type=file]').setInputFiles({ name: 'ещё.csv', mimeType: 'text/csv', buffer: Buffer.from(base(3)) });
  await phone.getByLabel(ru('Что в колонке «{title}»', { title: 'Телефон' })).waitFor();
  await inspect(phone, 'import-phone');
});

at.journey('rows of a spreadsheet are pasted into an empty list, and taken back', async ({ browser, portal }) => {
  const page = await browser.window({ expected: ['422'] });
  await portal.person('Анна Пак', 'anna@example.com');
  await enter(page, portal, 'anna@example.com', '/companies');
  await page.getByText(ru('Здесь пока пусто')).waitFor();
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, 'Название\tТелефон\tИНН\nООО «Рога»\t8 495 123-45-67\t7707083893\nООО «Копыта»\t8 495 123-45-68\t\n«Хвосты»\tпозже\t\n');
  const dialog = page.getByRole('dialog', { name: ru('Вставить из таблицы') });
  await dialog.getByRole('cell', { name: 'ООО «Рога»' }).waitFor();
  await inspect(page, 'paste-preview');
  await dialog.getByRole('button', { name: /^Добавить 3/ }).click();
  await dialog.getByText(ru('Строка {n}', { n: 4 })).waitFor();
  await dialog.getByRole('button', { name: ru('Понятно') }).click();
  await page.getByText('ООО «Рога»').first().waitFor();
  const count = async () => (await portal.api('GET', '/api/records/company')).items.length;
  assert.equal(await count(), 2);
  await page.keyboard.press('Control+z');
  await until('both are in the bin', async () => (await count()) === 0);
});

at.journey('an integrator copies a command with a token of his own and sees what arrives', async ({ browser, portal }) => {
  const page = await browser.window();
  const key = await portal.api('POST', '/api/intake-keys', { title: 'Сайт', channel: 'api' });
  await enter(page, portal, 'admin@example.com', '/settings/api');
  await page.getByRole('button', { name: ru('Создать токен') }).click();
  await page.getByText(ru('Ваш токен. Он уже в командах ниже, больше он не покажется')).waitFor();
  const token = (await page.locator('.codebox').first().innerText()).trim();
  await page.getByText(`Authorization: Bearer ${token}`).first().waitFor();
  assert.ok((await portal.api('GET', '/api/me', undefined, token)).email);
  // The commands do what they say when they are run.
  for (const [label, answer] of [['Получить список', /"items":/], ['Создать запись', /"title":"Павел Дорохов"/]]) {
    const command = await page.locator('div', { has: page.getByText(ru(label), { exact: true }) }).last().locator('xpath=..').locator('pre').innerText();
    assert.match(execFileSync('sh', ['-c', command.replace('curl', 'curl -s')], { encoding: 'utf8' }), answer);
  }
  await page.getByLabel(ru('Ключ'), { exact: true }).selectOption({ label: 'Сайт' });
  await page.getByText(ru('Пока ничего не приходило')).waitFor();
  await page.getByRole('button', { name: ru('Отправить образец') }).click();
  await page.getByText(ru('Ответ {status}', { status: '201' })).waitFor();
  const arrives = page.getByRole('region', { name: ru('Что приходит') });
  await arrives.getByText('+7 921 555-01-42').nth(1).waitFor();
  // What others send is seen without a reload, and what no field takes is told.
  await fetch(`${portal.url}/api/intake/${key.key}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'Пётр', phone: '+7 912 000-00-01', cat: 'Мурзик' }) });
  await arrives.getByText(ru('Таких полей нет, значения остались только здесь: {names}', { names: 'cat' })).waitFor();
  await inspect(page, 'api-page');
  const phone = await browser.window({ size: 'phone', dark: true });
  await enter(phone, portal, 'admin@example.com', '/settings/api');
  await phone.getByLabel(ru('Ключ'), { exact: true }).selectOption({ label: 'Сайт' });
  await phone.getByText('Мурзик').waitFor();
  await inspect(phone, 'api-phone');
});
