// The card in daily work: notes, plans, what comes next, and the stages under the thumb.
import assert from 'node:assert/strict';
import { cardIn } from './board.mjs';
import { enter, focused, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

at.journey('a note, a draft that survives a reload, a plan that stands on the board, and what is next when it is done', async ({ browser, portal }) => {
  const made = await portal.record('deal', { title: 'Перезарядка огнетушителей' });
  const page = await browser.window();
  const board = await browser.window({ dark: true });
  await enter(page, portal, 'admin@example.com', `/deals/${made.id}`);
  await enter(board, portal, 'admin@example.com', '/deals');
  await cardIn(board, 'Новая', made.title).getByRole('button', { name: ru('Назначьте следующий шаг') }).waitFor();
  const story = page.locator('.tl');
  await story.waitFor();

  await page.keyboard.press('KeyN');
  const note = page.getByRole('textbox', { name: ru('Заметка') });
  await focused(note, 'the note');
  await page.keyboard.type('Просят счёт до пятницы');
  await page.keyboard.press('Control+Enter');
  await story.getByText('Просят счёт до пятницы').waitFor();

  await page.keyboard.press('KeyN');
  await focused(note, 'the note');
  await page.keyboard.type('Недописанное');
  await page.reload();
  await until('the draft is there', async () => (await note.inputValue()) === 'Недописанное');
  await note.fill('');
  await page.keyboard.press('Escape');

  await page.getByRole('group', { name: ru('Вид') }).getByRole('button', { name: ru('Звонок') }).click();
  const call = page.getByRole('textbox', { name: ru('Звонок') });
  await focused(call, 'the call');
  await page.keyboard.type('Уточнить адрес доставки');
  await inspect(page, 'card-plan');
  await page.getByRole('button', { name: ru('Запланировать') }).click();
  await story.getByRole('heading', { name: ru('Запланировано') }).waitFor();
  await story.getByText('Уточнить адрес доставки').waitFor();
  // The board shows it as the next step of the card by itself.
  await cardIn(board, 'Новая', made.title).getByText('Уточнить адрес доставки').waitFor();
  await inspect(page, 'card-planned');

  await story.getByRole('button', { name: ru('Сделано: {title}', { title: 'Уточнить адрес доставки' }) }).click();
  const next = page.getByRole('dialog', { name: ru('Следующий шаг') });
  await next.getByText('«Уточнить адрес доставки» сделано').waitFor();
  await inspect(page, 'card-what-next');
  await next.getByLabel(ru('Что сделать')).fill('Отправить счёт');
  await next.getByRole('button', { name: ru('Запланировать') }).click();
  await next.waitFor({ state: 'hidden' });
  await story.getByText('Отправить счёт').waitFor();
  await cardIn(board, 'Новая', made.title).getByText('Отправить счёт').waitFor();

  // The story may show only what people said, or only what changed.
  await story.getByRole('button', { name: ru('Изменения') }).click();
  await story.getByText('Просят счёт до пятницы').waitFor({ state: 'detached' });
  await story.getByRole('button', { name: ru('Общение') }).click();
  await story.getByText('Просят счёт до пятницы').waitFor();
});

at.journey('on a phone: the next stage under the thumb, the rest in a list, undo', async ({ browser, portal }) => {
  await portal.person('Emma Phone', 'emma@example.com', 'admin', { language: 'en' });
  const made = await portal.record('deal', { title: 'Thumb', stage: 'new' });
  const page = await browser.window({ size: 'phone', lang: 'en' });
  await enter(page, portal, 'emma@example.com', `/deals/${made.id}`);
  const stages = page.getByRole('list', { name: en('Стадии') });
  const current = () => stages.locator('[aria-current=step]').innerText();
  const standsAt = (title) => until(`it stands at ${title}`, async () => current().then((text) => text.includes(title) || text));
  await standsAt('New');
  await page.getByRole('button', { name: en('Дальше'), exact: true }).click();
  await standsAt('Need');
  await page.getByRole('button', { name: en('Вернуть') }).last().click();
  await standsAt('New');
  await page.getByRole('button', { name: en('Перенести в…') }).click();
  const menu = page.getByRole('dialog', { name: en('Перенести в…') });
  await menu.getByRole('button', { name: 'Payment' }).click();
  await standsAt('Payment');
  await inspect(page, 'card-phone-stage-en');
  assert.equal((await portal.api('GET', `/api/records/deal/${made.id}`)).stage, 'payment');
  await page.getByRole('button', { name: en('Назад') }).click();
  await page.getByRole('navigation', { name: en('Стадии') }).getByRole('button', { name: /Payment/ }).click();
  await cardIn(page, 'Payment', 'Thumb').waitFor();
});
