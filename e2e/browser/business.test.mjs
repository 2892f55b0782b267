// The first run for each ready business: the wizard, the QR code, and a form filled in elsewhere drops a card on the open board.
import assert from 'node:assert/strict';
import { password, Portal, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage({ setUp: false });

const businesses = [
  { code: 'fire', lang: 'ru', stage: 'Выясняем объект', form: { 'lead.system': 'alarm' } },
  { code: 'wholesale', lang: 'en', stage: 'Learning the need', form: { 'lead.buyer': 'shop' }, company: 'Corner Shop' },
  { code: 'services', lang: 'ru', simple: true, stage: 'Осмотр', form: { 'lead.service': 'repair' } },
  { code: 'training', lang: 'en', stage: 'Trial lesson', form: { 'lead.student': 'self' } },
  { code: 'clinic', lang: 'ru', stage: 'Подбираем время', form: { 'lead.doctor': 'dentist' }, size: 'phone' },
];

/** The setup code as the console shows it. */
async function codeOf(portal) {
  let code;
  await until('the console shows the setup code', () => {
    code = /(?:код|code)\D{0,40}?\b([0-9A-Z]{4}-[0-9A-Z]{4})\b/i.exec(portal.log)?.[1];
    return Boolean(code) || portal.log;
  });
  return code;
}

/** Counts the notes a page plays: there are no loudspeakers here. */
async function hear(page) {
  await page.addInitScript(() => {
    window.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      window.notes += 1;
      return start.apply(this, when);
    };
  });
}

/** Goes through the wizard and ends on the page with the code. */
async function wizard(page, portal, t, business) {
  await page.goto(`${portal.url}/setup?code=${await codeOf(portal)}`);
  await page.getByLabel(t('Компания'), { exact: true }).fill('Вектор');
  await page.getByRole('button', { name: t('Дальше') }).click();
  await page.getByLabel(t('Имя и фамилия')).fill('Мария Котова');
  await page.getByLabel(t('Почта')).fill('maria@example.com');
  await page.getByLabel(t('Пароль')).fill(password);
  await page.getByRole('button', { name: t('Дальше') }).click();
  await page.getByLabel(t('Чем занимается компания')).selectOption(business.code);
  if (business.simple) await page.getByText(t('Только сделки'), { exact: true }).click();
  if (business.size !== 'phone') await page.locator('.pv').getByText(business.stage).first().waitFor();
  await inspect(page, `business-${business.code}`);
  await page.getByRole('button', { name: t('Дальше') }).click();
  await page.getByLabel(t('Имя и фамилия')).fill('Анна Смирнова');
  await page.getByLabel(t('Почта')).fill('anna@example.com');
  await page.getByRole('button', { name: t('Открыть Voronka') }).click();
  await page.getByRole('heading', { name: t('Раздайте пароли') }).waitFor();
  await page.getByRole('button', { name: t('Дальше') }).click();
  const code = page.getByRole('img', { name: t('QR-код формы') });
  await code.waitFor();
  await until('the code is drawn', () => code.evaluate((image) => image.complete && image.naturalWidth > 0));
  await page.getByRole('note').waitFor(); // it listens on this machine only and says so
  await inspect(page, `business-${business.code}-qr`);
}

/** Fills in the form as a visitor with a phone. */
async function ask(browser, address, business) {
  const visitor = await browser.window({ size: 'phone', lang: business.lang });
  await visitor.goto(address);
  const name = business.lang === 'ru' ? 'Иван Петров' : 'John Smith';
  await visitor.locator('[name=name]').fill(name);
  await visitor.locator('[name=phone]').fill('+7 912 345-67-89');
  if (business.company) await visitor.locator('[name=company]').fill(business.company);
  for (const [field, value] of Object.entries(business.form)) {
    const input = visitor.locator(`[name="${field}"]`).first();
    if (await input.evaluate((e) => e.tagName === 'SELECT')) await input.selectOption(value);
    else await visitor.locator(`[name="${field}"][value="${value}"]`).check();
  }
  await visitor.locator('[name=consent]').check();
  await new Promise((r) => setTimeout(r, 2200)); // whoever fills it in faster is a program
  await visitor.locator('button[type=submit], button').last().click();
  await visitor.getByText(business.lang === 'ru' ? 'Спасибо!' : 'Thank you!').first().waitFor();
  return business.company ?? name;
}

for (const business of businesses) {
  at.journey(`${business.code}: from the wizard to the first card`, async ({ browser }) => {
    const t = words(business.lang);
    const portal = await Portal.start({ setUp: false });
    try {
      const page = await browser.window({ lang: business.lang, size: business.size, expected: [401] });
      await hear(page);
      await wizard(page, portal, t, business);
      const address = await page.locator('.qr pre').innerText();
      await page.getByRole('button', { name: t('Открыть доску') }).click();
      await page.waitForURL(business.simple ? '**/deals' : '**/leads');
      await page.locator('.skip').waitFor({ state: 'attached' });
      const who = await ask(browser, address.trim(), business);

      // The card has dropped on the open board by itself, marked, with two notes.
      const card = page.locator('article.card').filter({ hasText: who }).first();
      await card.waitFor();
      await card.getByText(t('новое обращение')).waitFor();
      await until('two notes were played', async () => (await page.evaluate(() => window.notes)) === 2 || page.evaluate(() => window.notes));
      await inspect(page, `business-${business.code}-board`);
      const drums = await page.evaluate(() => fetch('/api/drums').then((r) => r.json()));
      assert.ok(drums.items.every((drum) => drum.members.length === 1), 'the invited manager is in the drums');
    } finally {
      portal.stop();
    }
  });
}

at.journey('a mute browser stays silent', async ({ browser }) => {
  const t = words('ru');
  const portal = await Portal.start({ setUp: false });
  try {
    const page = await browser.window({ expected: [401] });
    await hear(page);
    await wizard(page, portal, t, businesses[0]);
    await page.getByLabel(t('Звук, когда приходит обращение')).uncheck();
    const address = await page.locator('.qr pre').innerText();
    await page.getByRole('button', { name: t('Открыть доску') }).click();
    await page.waitForURL('**/leads');
    const who = await ask(browser, address.trim(), businesses[0]);
    await page.locator('article.card').filter({ hasText: who }).first().waitFor();
    await page.getByText(t('Вот и первое обращение')).waitFor();
    assert.equal(await page.evaluate(() => window.notes), 0);
  } finally {
    portal.stop();
  }
});
