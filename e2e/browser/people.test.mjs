// People and departments: who is added by whom, who sees what, and everybody's own profile.
import assert from 'node:assert/strict';
import { cardIn } from './board.mjs';
import { enter, logIn, password, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

async function pick(page, form, label, title) {
  await form.getByLabel(label).and(page.locator('input')).click();
  await page.getByRole('option', { name: title }).click();
}

async function addPerson(page, { name, email, role, department }) {
  await page.keyboard.press('KeyC');
  const form = page.getByRole('dialog', { name: ru('Новый сотрудник') });
  await form.getByLabel(ru('Имя и фамилия')).fill(name);
  await form.getByLabel(ru('Почта')).fill(email);
  if (role) await form.getByLabel(ru('Роль'), { exact: true }).selectOption({ label: role });
  if (department) await form.getByLabel(ru('Отдел'), { exact: true }).selectOption({ label: department });
  await form.getByLabel(ru('Пароль'), { exact: true }).fill(password);
  await form.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  await form.waitFor({ state: 'hidden' });
}

at.journey('an administrator builds departments and adds people; each sees his own, a head his department', async ({ browser, portal }) => {
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings/people');
  const departments = page.getByRole('region', { name: ru('Отделы') });
  for (const title of ['Москва', 'Казань']) {
    await departments.getByRole('button', { name: ru('Отдел'), exact: true }).click();
    const form = page.getByRole('dialog', { name: ru('Новый отдел') });
    await form.getByLabel(ru('Название')).fill(title);
    await form.getByRole('button', { name: ru('Добавить'), exact: true }).click();
    await departments.getByRole('button', { name: title, exact: true }).waitFor();
  }
  await addPerson(page, { name: 'Глеб Руднев', email: 'gleb@example.com', role: ru('Руководитель'), department: 'Москва' });
  await addPerson(page, { name: 'Анна Смирнова', email: 'anna@example.com', department: 'Москва' });
  await addPerson(page, { name: 'Камиль Сафин', email: 'kamil@example.com', department: 'Казань' });

  // An address that is taken is refused at its field.
  page.expected.push(409, 422);
  await page.keyboard.press('KeyC');
  const again = page.getByRole('dialog', { name: ru('Новый сотрудник') });
  await again.getByLabel(ru('Имя и фамилия')).fill('Анна Вторая');
  await again.getByLabel(ru('Почта')).fill('anna@example.com');
  await again.getByLabel(ru('Пароль'), { exact: true }).fill(password);
  await again.getByRole('button', { name: ru('Добавить'), exact: true }).click();
  await again.getByRole('alert').waitFor();
  await inspect(page, 'people-refused');
  await page.keyboard.press('Escape');

  await departments.getByRole('button', { name: ru('Изменить отдел «{title}»', { title: 'Москва' }) }).click();
  const form = page.getByRole('dialog', { name: 'Москва' });
  await pick(page, form, ru('Руководитель'), 'Глеб Руднев');
  await form.getByRole('button', { name: ru('Сохранить') }).click();
  await form.waitFor({ state: 'hidden' });
  await departments.getByText('Глеб Руднев').waitFor();
  await inspect(page, 'people');

  const users = Object.fromEntries((await portal.api('GET', '/api/users?limit=100')).items.map((user) => [user.email, user]));
  await portal.record('deal', { title: 'Анны', responsible: users['anna@example.com'].id });
  await portal.record('deal', { title: 'Камиля', responsible: users['kamil@example.com'].id });

  const anna = await browser.window({ size: 'phone' });
  await logIn(anna, portal, 'anna@example.com');
  await anna.goto(`${portal.url}/deals`);
  await cardIn(anna, 'Новая', 'Анны').waitFor();
  assert.equal(await cardIn(anna, 'Новая', 'Камиля').count(), 0);
  const gleb = await browser.window({ dark: true });
  await enter(gleb, portal, 'gleb@example.com', '/deals');
  await cardIn(gleb, 'Новая', 'Анны').waitFor();
  assert.equal(await cardIn(gleb, 'Новая', 'Камиля').count(), 0);
  await page.goto(`${portal.url}/deals`);
  await cardIn(page, 'Новая', 'Анны').waitFor();
  await cardIn(page, 'Новая', 'Камиля').waitFor();

  // What isn't theirs can't be opened by its address either.
  const { items } = await portal.api('GET', `/api/records/deal?filter=${encodeURIComponent('title = "Камиля"')}`);
  anna.expected.push(403, 404);
  await anna.goto(`${portal.url}/deals/${items[0].id}`);
  await anna.getByRole('heading', { name: ru('Записи нет или она вам не видна') }).waitFor();
  await inspect(anna, 'people-not-seen-phone');

  // Passed to Anna it appears on her board and the head's without a reload.
  await anna.goto(`${portal.url}/deals`);
  await cardIn(anna, 'Новая', 'Анны').waitFor();
  await portal.api('PATCH', `/api/records/deal/${items[0].id}`, { responsible: users['anna@example.com'].id });
  await cardIn(anna, 'Новая', 'Камиля').waitFor();
  await cardIn(gleb, 'Новая', 'Камиля').waitFor();
});

at.journey('who is switched off is out at once', async ({ browser, portal }) => {
  await portal.person('Уходящий Пётр', 'petr@example.com');
  const petr = await browser.window({ expected: [401] });
  await enter(petr, portal, 'petr@example.com', '/deals');
  await petr.getByRole('heading', { name: ru('Здесь пока пусто') }).waitFor();
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings/people');
  await page.getByRole('button', { name: /Уходящий Пётр/ }).click();
  await page.getByRole('dialog', { name: 'Уходящий Пётр' }).getByRole('button', { name: ru('Закрыть доступ') }).click();
  await page.getByText(ru('Доступ закрыт: {name}', { name: 'Уходящий Пётр' })).waitFor();
  const again = petr.getByRole('dialog', { name: ru('Войдите снова') });
  await again.locator('input[type=password]').fill(password);
  await again.locator('button[type=submit]').click();
  await again.getByRole('alert').waitFor();
  await inspect(petr, 'login-refused');
});

at.journey('profile: language, theme, password, devices, a token that is shown once', async ({ browser, portal }) => {
  await portal.person('Ольга Белова', 'olga@example.com');
  const page = await browser.window();
  const elsewhere = await browser.window({ expected: [401] });
  await enter(page, portal, 'olga@example.com', '/profile');
  await enter(elsewhere, portal, 'olga@example.com', '/deals');
  await page.getByLabel(ru('Тема')).selectOption('dark');
  await until('it is dark', () => page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark'));
  await inspect(page, 'profile-dark');
  await page.getByLabel(ru('Язык')).selectOption('en');
  await page.getByRole('heading', { name: en('Где вы вошли') }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.reload();
  await page.getByRole('heading', { name: en('Где вы вошли') }).waitFor();
  await until('it stays dark', () => page.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark'));

  const tokens = page.getByRole('region', { name: en('Токены API') });
  await tokens.getByRole('button', { name: en('Новый токен') }).click();
  const making = page.getByRole('dialog', { name: en('Новый токен') });
  await making.getByLabel(en('Для чего токен')).fill('Reports');
  await making.getByRole('button', { name: en('Создать') }).click();
  const token = (await page.getByRole('dialog', { name: en('Токен готов') }).locator('pre').innerText()).trim();
  assert.equal((await portal.api('GET', '/api/me', undefined, token)).email, 'olga@example.com');
  await inspect(page, 'profile-token');
  await page.reload();
  await tokens.getByText('Reports').waitFor();
  assert.equal(await tokens.locator('pre').count(), 0, 'the token is shown once');
  await tokens.getByRole('button', { name: en('Отозвать') }).first().click();
  await until('the token is dead', () => portal.api('GET', '/api/me', undefined, token).then(() => 'it works', (e) => e.message.includes('401')));

  page.expected.push(403, 422);
  await page.getByRole('button', { name: en('Сменить пароль') }).click();
  const change = page.getByRole('dialog', { name: en('Сменить пароль') });
  await change.getByLabel(en('Пароль сейчас')).fill('not my password');
  await change.getByLabel(en('Новый пароль')).fill('another long phrase');
  await change.getByRole('button', { name: en('Сменить пароль') }).click();
  await change.getByRole('alert').waitFor();
  await change.getByLabel(en('Пароль сейчас')).fill(password);
  await change.getByRole('button', { name: en('Сменить пароль') }).click();
  await page.getByText(en('Пароль сменён')).waitFor();
  assert.equal((await page.request.post(`${portal.url}/api/session`, { data: { email: 'olga@example.com', password } })).ok(), false, 'the old password is dead');

  // A password that was changed ends the other devices; one that signed in since is ended by hand.
  const third = await browser.window({ size: 'phone', lang: 'en', expected: [401] });
  assert.ok((await third.request.post(`${portal.url}/api/session`, { data: { email: 'olga@example.com', password: 'another long phrase' } })).ok());
  await third.goto(`${portal.url}/profile`);
  await third.getByRole('heading', { name: en('Где вы вошли') }).waitFor();
  await inspect(third, 'profile-phone-en');
  await page.reload();
  const devices = page.getByRole('region', { name: en('Где вы вошли') });
  await devices.getByText(en('это устройство')).waitFor();
  await devices.getByRole('button', { name: en('Выйти там') }).first().click();
  await until('no other device is left', async () => (await devices.getByRole('button', { name: en('Выйти там') }).count()) === 0);
  // Its next call would be refused; an idle window learns it when the stream asks who it is, every ten seconds.
  await third.getByRole('dialog', { name: en('Войдите снова') }).waitFor({ timeout: 25_000 });
  await inspect(third, 'login-again-phone-en');
});
