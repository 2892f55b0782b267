// The drum page: who is next and why, who holds what, what was decided; a head sets his terms, stops it and lets it go on.
import assert from 'node:assert/strict';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

/** A department with a head and three managers, of whom one is on pause, and a drum of theirs. */
async function office(portal) {
  const boss = await portal.person('Сергей Волков', 'volkov@example.com', 'head');
  const department = await portal.api('POST', '/api/departments', { title: 'Продажи', head: boss.id });
  const in_ = { department: department.id };
  const anna = await portal.person('Анна Смирнова', 'anna@example.com', 'manager', in_);
  const boris = await portal.person('Борис Ким', 'boris@example.com', 'manager', { ...in_, language: 'en' });
  const vera = await portal.person('Вера Орлова', 'vera@example.com', 'manager', in_);
  await portal.api('PATCH', `/api/users/${boss.id}`, in_);
  const drum = await portal.api('POST', '/api/drums', {
    title: 'Входящие лиды', take_minutes: 30, misses_to_head: 4, head: boss.id, hours: 'always', order: 'weighted', cap: 3,
    members: [{ user: anna.id, weight: 2 }, { user: boris.id }, { user: vera.id, active: false }],
  });
  const key = await portal.api('POST', '/api/intake-keys', { title: 'Сайт', drum: drum.id });
  return { boss, anna, boris, vera, drum, key };
}

const ask = (portal, key, name, n) => portal.api('POST', `/api/intake/${key.key}`, { name, phone: `+7 921 555-01-${40 + n}` });

at.journey('a head reads his drum, changes its terms, stops it and lets it go on', async ({ browser, portal }) => {
  const { boss, anna, boris, drum, key } = await office(portal);
  await ask(portal, key, 'Хлеб и соль', 1);
  await ask(portal, key, 'Северный терминал', 2);
  const page = await browser.window();
  await enter(page, portal, boss.email, '/drums');
  await page.getByRole('heading', { name: 'Входящие лиды' }).waitFor();
  const queue = page.getByRole('region', { name: ru('Кто следующий и почему') });
  assert.match(await queue.getByRole('listitem').first().innerText(), /Анна Смирнова[\s\S]*следующий[\s\S]*вес 2/);
  assert.match(await queue.getByRole('listitem').last().innerText(), /Вера Орлова[\s\S]*на паузе/);
  const holders = page.getByRole('region', { name: ru('У кого записи сейчас') });
  await holders.getByRole('row', { name: /Хлеб и соль.*Анна/ }).waitFor();
  await holders.getByRole('row', { name: /Северный терминал.*Борис/ }).waitFor();
  const log = page.getByRole('region', { name: ru('Журнал назначений') });
  await log.getByText('Северный терминал').waitFor();
  await page.getByRole('region', { name: ru('Условия') }).getByText(ru('по кругу, с весом')).waitFor();
  await inspect(page, 'drum');

  // Anna takes hers: the page hears of it by itself.
  const annas = await browser.window();
  await enter(annas, portal, anna.email, '/day');
  await annas.getByRole('button', { name: ru('Взять') }).first().click();
  await log.getByText(ru('взято'), { exact: true }).waitFor();
  await until('the record is out of the list', async () => (await holders.getByRole('row', { name: /Хлеб и соль/ }).count()) === 0);

  // Terms in plain words.
  await page.getByRole('region', { name: ru('Условия') }).getByRole('button', { name: ru('Изменить') }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel(ru('Взять за, минут')).fill('45');
  await form.getByLabel(ru('Время идёт')).selectOption('person');
  await form.getByLabel(ru('У барабана свои часы: вне их ничего не раздаётся и время стоит')).check();
  await inspect(page, 'drum-terms');
  await form.getByRole('button', { name: ru('Сохранить') }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: ru('Условия') }).getByText('пн–пт 09:00–18:00').waitFor();

  // People: a pause is a press, a weight a number.
  await page.getByRole('button', { name: ru('Участники') }).click();
  await page.getByRole('button', { name: ru('Вернуть в очередь: {name}', { name: 'Вера Орлова' }) }).click();
  await page.getByRole('button', { name: ru('Поставить на паузу: {name}', { name: 'Вера Орлова' }) }).waitFor();
  await inspect(page, 'drum-people');

  // Stopped, it deals nothing: what comes waits, and the head answers for it.
  await portal.api('PATCH', `/api/drums/${drum.id}`, { hours: 'always', schedule: { week: {} } });
  await page.getByRole('button', { name: ru('Раздача') }).click();
  await page.getByRole('button', { name: ru('Остановить') }).click();
  await page.getByText(ru('остановлен')).waitFor();
  await ask(portal, key, 'Гостиница «Заря»', 3);
  await page.getByRole('region', { name: ru('Ждут людей') }).getByText('Гостиница «Заря»').waitFor();
  await page.getByRole('button', { name: ru('Запустить') }).click();
  await holders.getByRole('row', { name: /Гостиница «Заря»/ }).waitFor();

  // Boris may look, in his language; he changes nothing.
  const his = await browser.window({ lang: 'en', dark: true });
  await enter(his, portal, boris.email, '/drums');
  await his.getByRole('region', { name: en('Кто следующий и почему') }).waitFor();
  assert.equal(await his.getByRole('button', { name: en('Изменить') }).count(), 0);
  await inspect(his, 'drum-en');
  const phone = await browser.window({ size: 'phone' });
  await enter(phone, portal, boss.email, '/drums');
  await phone.getByRole('region', { name: ru('Кто следующий и почему') }).waitFor();
  await inspect(phone, 'drum-phone');
});
