// My day: what is late, what is for today, what has no next step; done asks for what is next; later puts off.
import assert from 'node:assert/strict';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');

const hours = (n) => new Date(Date.now() + n * 3_600_000).toISOString();
const row = (page, text) => page.locator('.day-line-row', { hasText: text });

at.journey('the day by keyboard: late, today, no step; done and the next step; put off; undone', async ({ browser, portal }) => {
  const late = await portal.record('deal', { title: 'Склад на Лесной', amount: { amount: '120000.00', currency: 'RUB' } });
  const silent = await portal.record('deal', { title: 'Молчаливая сделка' });
  assert.ok(silent.id);
  await portal.api('POST', `/api/records/deal/${late.id}/activities`, { kind: 'call', title: 'Узнать решение', due_at: hours(-30) });
  await portal.api('POST', '/api/records/activity', { kind: 'todo', title: 'Сдать отчёт', due_at: hours(-2), responsible: 1 });

  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/day');
  await page.getByRole('heading', { name: ru('Просрочено') }).waitFor();
  await row(page, 'Узнать решение').waitFor();
  await row(page, 'Молчаливая сделка').waitFor();
  await inspect(page, 'day');

  // J comes to the first row, D ticks it off and asks for the next step of the deal.
  await page.keyboard.press('KeyJ');
  await page.locator('.day-line-row.sel', { hasText: 'Узнать решение' }).waitFor();
  await page.keyboard.press('KeyD');
  const next = page.getByRole('dialog', { name: ru('Следующий шаг') });
  await next.getByLabel(ru('Что сделать')).fill('Отправить договор');
  await next.getByRole('button', { name: ru('Запланировать') }).click();
  await next.waitFor({ state: 'hidden' });
  await row(page, 'Отправить договор').waitFor();
  await until('what is done has left the list', async () => (await row(page, 'Узнать решение').count()) === 0);
  const saved = await portal.api('GET', `/api/records/deal/${late.id}`);
  assert.equal(saved.next_title, 'Отправить договор');

  // S puts off; the toast brings it back.
  await row(page, 'Сдать отчёт').hover();
  await page.locator('.day-line-row.sel', { hasText: 'Сдать отчёт' }).waitFor();
  await page.keyboard.press('KeyS');
  const later = page.getByRole('dialog', { name: ru('Отложить') });
  await later.waitFor();
  await inspect(page, 'day-postpone');
  await later.getByRole('button', { name: ru('Завтра утром') }).click();
  await later.waitFor({ state: 'hidden' });
  const lateOnes = page.locator('section[aria-labelledby=day-late] .day-line-row', { hasText: 'Сдать отчёт' });
  const tomorrows = page.locator('section[aria-labelledby=day-tomorrow] .day-line-row', { hasText: 'Сдать отчёт' });
  await tomorrows.waitFor();
  assert.equal(await lateOnes.count(), 0);
  await page.getByRole('button', { name: ru('Вернуть'), exact: true }).last().click();
  await lateOnes.waitFor();

  // What somebody plans elsewhere comes by itself.
  await portal.api('POST', `/api/records/deal/${silent.id}/activities`, { kind: 'meeting', title: 'Осмотр склада', due_at: hours(1 / 30) });
  await row(page, 'Осмотр склада').waitFor();

  const phone = await browser.window({ size: 'phone', lang: 'en', dark: true });
  await enter(phone, portal, 'admin@example.com', '/day');
  await row(phone, 'Сдать отчёт').waitFor();
  await inspect(phone, 'day-phone-en-dark');
});
