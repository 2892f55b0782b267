// The first run: an empty folder, a setup code in the console, five answers, a board.
import assert from 'node:assert/strict';
import { password, Portal, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage({ setUp: false });

/** The setup code as the console shows it. */
async function codeOf(portal) {
  let code;
  await until('the console shows the setup code', () => {
    code = /[?&]code=([\w-]+)/.exec(portal.log)?.[1] ?? /(?:код|code)\D{0,40}?\b([0-9A-Z]{4}(?:-[0-9A-Z]{4})+|\d{6,})\b/i.exec(portal.log)?.[1];
    return Boolean(code) || portal.log;
  });
  return code;
}

at.journey('a stranger without the code stays outside, the one with the console gets a board', async ({ browser, portal }) => {
  const t = words('ru');
  const page = await browser.window({ expected: [401, 403, 422] });
  await page.goto(portal.url);
  await page.waitForURL('**/setup');
  await page.getByRole('heading', { name: t('Как называется компания?') }).waitFor();
  await inspect(page, 'wizard-1');

  await page.getByLabel(t('Код установки')).fill('0000-0000');
  await page.getByLabel(t('Компания'), { exact: true }).fill('Пожтехснаб');
  await page.keyboard.press('Enter');
  // A guessed code is refused before the other questions are asked; nothing was made.
  await page.getByRole('alert').waitFor();
  await page.getByRole('heading', { name: t('Как называется компания?') }).waitFor();
  assert.equal((await (await fetch(`${portal.url}/api/setup`)).json()).needed, true);
  await page.getByLabel(t('Код установки')).fill(await codeOf(portal));
  await page.keyboard.press('Enter');
  await page.getByLabel(t('Имя и фамилия')).fill('Мария Котова');
  await page.getByLabel(t('Почта')).fill('maria@example.com');
  await page.getByLabel(t('Пароль')).fill(password);
  await inspect(page, 'wizard-2');
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: t('Лиды и сделки') }).waitFor();
  await inspect(page, 'wizard-3');
  await page.getByRole('button', { name: t('Дальше') }).click();
  await page.getByLabel(t('Имя и фамилия')).fill('Анна Смирнова');
  await page.getByLabel(t('Почта')).fill('anna@example.com');
  await inspect(page, 'wizard-4');
  await page.getByRole('button', { name: t('Открыть Voronka') }).click();

  // The program made up a password for Anna and shows it once; it opens the door.
  await page.getByRole('heading', { name: t('Раздайте пароли') }).waitFor();
  await inspect(page, 'wizard-passwords');
  const given = (await page.locator('pre').innerText()).trim();
  const login = await fetch(`${portal.url}/api/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: 'anna@example.com', password: given }) });
  assert.ok(login.ok, `login with the password given: ${login.status}`);
  await page.getByRole('button', { name: t('Открыть Voronka') }).click();

  await page.waitForURL('**/leads');
  await page.getByRole('heading', { name: 'Лиды', level: 1 }).waitFor();
  await page.getByRole('heading', { name: t('Здесь пока пусто') }).waitFor();
  await page.getByText('Пожтехснаб').waitFor();
  await inspect(page, 'wizard-board');

  // The door is shut behind: nobody sets the portal up a second time.
  await page.goto(`${portal.url}/setup`);
  await page.waitForURL('**/leads');
});

at.journey('the same on an English phone in the dark, deals only', async ({ browser }) => {
  const t = words('en');
  const portal = await Portal.start({ setUp: false });
  try {
    const page = await browser.window({ size: 'phone', lang: 'en', dark: true, expected: [401] });
    await page.goto(`${portal.url}/setup?code=${await codeOf(portal)}`);
    await page.getByLabel(t('Компания'), { exact: true }).fill('Fire Safety Ltd');
    await inspect(page, 'wizard-phone-1');
    await page.getByRole('button', { name: t('Дальше') }).click();
    await page.getByLabel(t('Имя и фамилия')).fill('Mary Cotton');
    await page.getByLabel(t('Почта')).fill('mary@example.com');
    await page.getByLabel(t('Пароль')).fill(password);
    await inspect(page, 'wizard-phone-2');
    await page.getByRole('button', { name: t('Дальше') }).click();
    await page.getByText(t('Только сделки'), { exact: true }).click();
    await inspect(page, 'wizard-phone-3');
    await page.getByRole('button', { name: t('Дальше') }).click();
    await inspect(page, 'wizard-phone-4');
    await page.getByRole('button', { name: t('Открыть Voronka') }).click();
    await page.waitForURL('**/deals');
    await page.getByRole('heading', { name: t('Здесь пока пусто') }).waitFor();
    assert.equal(await page.getByRole('link', { name: t('Лиды') }).count(), 0, 'a portal of deals only has no leads');
    await inspect(page, 'wizard-phone-board');
  } finally {
    portal.stop();
  }
});
