// How people get in: invited, with a second step, after a session has ended in the middle of something, and without a password.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { enter, password, stage, until } from './harness.mjs';
import { inspect, picture, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

/** The code an authenticator app shows: RFC 6238. */
function totp(secret, ahead = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll(' ', '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const place = mac[19] & 15;
  return String((mac.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Takes both steps of signing in. */
async function twoSteps(page, portal, email, code) {
  await page.goto(`${portal.url}/login`);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  const field = page.locator('input[name=code]');
  await field.waitFor();
  if (code.includes('-')) await page.getByRole('button', { name: ru('Нет телефона? Код восстановления') }).click();
  await field.fill(code);
  await page.locator('button[type=submit]').click();
}

at.journey('a second step is set up, asked for at the door, and replaced by a recovery code once', async ({ browser, portal }) => {
  const page = await browser.window({ expected: ['422', '401'] });
  await enter(page, portal, 'admin@example.com', '/profile');
  const security = page.getByRole('region', { name: ru('Вход и защита') });
  await security.getByRole('button', { name: ru('Включить') }).click();
  const dialog = page.getByRole('dialog', { name: ru('Второй шаг входа') });
  const secret = (await dialog.locator('pre').textContent()).trim();
  await dialog.getByRole('img', { name: ru('QR-код для приложения') }).waitFor();
  await inspect(page, 'accounts-setup');
  await dialog.locator('input[name=code]').fill('000 000');
  await dialog.getByRole('button', { name: ru('Включить') }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.locator('input[name=code]').fill(totp(secret));
  await dialog.getByRole('button', { name: ru('Включить') }).click();
  await dialog.getByRole('list', { name: ru('Коды восстановления') }).waitFor();
  const codes = await dialog.getByRole('list', { name: ru('Коды восстановления') }).getByRole('listitem').allTextContents();
  assert.equal(codes.length, 10);
  await inspect(page, 'accounts-codes');
  await dialog.getByRole('button', { name: ru('Коды сохранены') }).click();
  await security.getByText(ru('включён')).waitFor();
  await inspect(page, 'accounts-profile');
  await page.getByRole('button', { name: ru('Выйти'), exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/login');

  await twoSteps(page, portal, 'admin@example.com', totp(secret, 1)); // the present one is spent
  await page.waitForURL((url) => url.pathname !== '/login');

  const phone = await browser.window({ size: 'phone', dark: true, expected: ['422', '401'] });
  await twoSteps(phone, portal, 'admin@example.com', codes[0]);
  await phone.waitForURL((url) => url.pathname !== '/login');
  const third = await browser.window({ size: 'phone', dark: true, expected: ['422', '401'] });
  await twoSteps(third, portal, 'admin@example.com', codes[0]);
  await third.getByRole('alert').waitFor();
  await inspect(third, 'accounts-second-step-phone-dark');
});

at.journey('invited by a link, a person makes up a password and works; the link is good once', async ({ browser, portal }) => {
  // The administrator has a second step by now; he comes in by a session of his own making.
  const invited = (await portal.api('POST', '/api/invitations', { emails: ['old@example.com'], role: 'manager', days: 1 })).items;
  assert.equal(invited[0].letter, false);
  const head = await portal.person('Ольга Рябова', 'olga@example.com', 'admin');
  const page = await browser.window();
  await enter(page, portal, head.email, '/settings/people');
  await page.getByRole('button', { name: ru('Пригласить') }).click();
  const dialog = page.getByRole('dialog', { name: ru('Пригласить людей') });
  await dialog.getByLabel(ru('Почта, один адрес или несколько')).fill('vera@example.com, ivan@example.com');
  await inspect(page, 'accounts-invite');
  await dialog.getByRole('button', { name: ru('Пригласить') }).click();
  const links = page.getByRole('dialog', { name: ru('Приглашения готовы') });
  const link = (await links.locator('pre').first().textContent()).trim();
  await inspect(page, 'accounts-invited');
  await links.getByRole('button', { name: ru('Готово') }).click();
  const pending = page.getByRole('region', { name: ru('Приглашения') });
  await until('three wait', async () => (await pending.getByRole('listitem').count()) === 3);
  await inspect(page, 'accounts-people');
  await pending.getByRole('button', { name: ru('Отозвать приглашение {email}', { email: 'old@example.com' }) }).click();
  await until('two wait', async () => (await pending.getByRole('listitem').count()) === 2);

  const vera = await browser.window({ size: 'phone', expected: ['404', '401'] });
  await vera.goto(link);
  await vera.getByLabel(ru('Имя и фамилия')).fill('Вера Лис');
  await vera.getByLabel(ru('Придумайте пароль')).fill('короткий');
  await inspect(vera, 'accounts-accept-phone');
  await vera.getByLabel(ru('Придумайте пароль')).fill('три длинных слова');
  await vera.getByRole('button', { name: ru('Начать работу') }).click();
  await vera.waitForURL((url) => url.pathname === '/leads');
  const again = await browser.window({ lang: 'en', dark: true, expected: ['404', '401'] });
  await again.goto(link);
  await again.getByRole('alert').waitFor();
  await inspect(again, 'accounts-over-dark-en');
});

at.journey('a session that ends in the middle of something costs nothing that was typed', async ({ browser, portal }) => {
  const anna = await portal.person('Анна Смирнова', 'anna@example.com', 'manager');
  const page = await browser.window({ expected: ['401'] });
  await enter(page, portal, anna.email, '/leads?view=list');
  await page.keyboard.press('KeyC');
  const form = page.getByRole('dialog', { name: ru('Новый лид') });
  await form.locator('input').first().fill('Огнетушители для склада');
  await portal.api('DELETE', `/api/users/${anna.id}/sessions`);
  await form.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  const again = page.getByRole('dialog', { name: ru('Войдите снова') });
  await again.locator('input[type=password]').waitFor();
  await picture(page, 'accounts-again'); // what lies below waits
  await again.locator('input[type=password]').fill(password);
  await again.getByRole('button', { name: ru('Войти'), exact: true }).click();
  await again.waitFor({ state: 'hidden' });
  await page.getByText('Огнетушители для склада').first().waitFor();
  const found = await portal.api('GET', '/api/records/lead?fields=title');
  assert.equal(found.items.filter((lead) => JSON.stringify(lead).includes('Огнетушители для склада')).length, 1);
});

at.journey('a portal that demands a second step shows nothing before it is set up', async ({ browser, portal }) => {
  const ivan = await portal.person('Ivan Orlov', 'orlov@example.com', 'manager', { language: 'en' });
  await portal.api('PATCH', '/api/portal', { second_factor: 'all' });
  try {
    const page = await browser.window({ size: 'phone', lang: 'en', expected: ['403'] });
    await enter(page, portal, ivan.email, '/deals');
    await page.waitForURL((url) => url.pathname === '/second-factor');
    const secret = (await page.locator('pre').textContent()).trim();
    await inspect(page, 'accounts-demanded-phone-en');
    await page.locator('input[name=code]').fill(totp(secret));
    await page.getByRole('button', { name: en('Включить') }).click();
    await page.getByRole('button', { name: en('Коды сохранены') }).click();
    await page.waitForURL((url) => url.pathname === '/leads');
  } finally {
    await portal.api('PATCH', '/api/portal', { second_factor: 'nobody' });
  }
});

at.journey('a program gets an account and a token that may only what it is for', async ({ browser, portal }) => {
  const page = await browser.window();
  await enter(page, portal, 'olga@example.com', '/settings/people');
  const programs = page.getByRole('region', { name: ru('Программы') });
  await programs.getByRole('button', { name: ru('Программа'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: ru('Новая программа') });
  await dialog.getByLabel(ru('Название')).fill('Обмен с 1С');
  await dialog.getByRole('button', { name: ru('Добавить') }).click();
  await page.getByRole('button', { name: ru('Новый токен') }).click();
  const token = page.getByRole('dialog', { name: ru('Новый токен') });
  await token.getByLabel(ru('Для чего токен')).fill('остатки');
  await inspect(page, 'accounts-token');
  await token.getByRole('button', { name: ru('Создать') }).click();
  const ready = page.getByRole('dialog', { name: ru('Токен готов') });
  const key = (await ready.locator('pre').textContent()).trim();
  await ready.getByRole('button', { name: ru('Готово') }).click();
  assert.equal((await portal.api('GET', '/api/me', undefined, key)).name, 'Обмен с 1С');
  await assert.rejects(portal.api('POST', '/api/records/lead', { title: 'x' }, key), /403/);
});
