// When people work: schedules, the calendar of the year, absences, the working day and its correction.
import assert from 'node:assert/strict';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage({ hours: 'usual' });
const ru = words('ru');
const en = words('en');

/** A department with Boris at its head and Anna in it. */
async function sales(portal, tag) {
  const boris = await portal.person('Борис Ким', `boris-${tag}@example.com`, 'head');
  const department = await portal.api('POST', '/api/departments', { title: `Продажи ${tag}`, head: boris.id });
  const anna = await portal.person('Анна Смирнова', `anna-${tag}@example.com`, 'manager', { department: department.id });
  return { boris, anna, department };
}

at.journey('a department gets its own week by the keyboard, a day of the calendar is edited, a year is imported', async ({ browser, portal }) => {
  const { department } = await sales(portal, 'hours');
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings');
  await page.getByRole('link', { name: ru('Графики и календарь') }).click();
  await page.getByRole('region', { name: ru('График компании') }).getByText('09:00–18:00').waitFor();

  await page.getByRole('button', { name: ru('Свой график') }).click();
  const form = page.getByRole('dialog', { name: ru('Свой график') });
  await form.getByLabel(ru('Чей')).fill('Продажи hours');
  await page.getByRole('option', { name: /Продажи hours/ }).click();
  const monday = form.getByLabel('понедельник');
  await monday.fill('утром');
  await form.getByRole('button', { name: ru('Сохранить') }).click();
  await form.getByText(ru('Часы пишутся так: 9:00–13:00, 14:00–18:00')).waitFor();
  await monday.fill('10-14, 15-19');
  await form.getByRole('button', { name: ru('на все будни') }).click();
  await form.getByLabel('пятница').fill('10-16');
  await inspect(page, 'hours-form');
  await form.getByLabel('пятница').press('Enter');
  await form.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /Продажи hours/ }).getByText('10:00–14:00, 15:00–19:00').waitFor();
  const made = await portal.api('GET', `/api/schedules/department/${department.id}`);
  assert.deepEqual(made.own.week.fri, ['10:00-16:00']);
  assert.equal(made.own.week.sat, undefined);

  // The year walks by arrows; a day is edited and shown; a year nobody knows is imported.
  const calendar = page.getByRole('region', { name: ru('Календарь') });
  const year = Number((await portal.api('GET', '/api/calendars')).items[0].shipped);
  for (let shown = new Date().getFullYear(); shown < year; shown++) await calendar.getByRole('button', { name: ru('Следующий год') }).click();
  await page.locator(`[data-date="${year}-11-23"]`).click();
  const day = page.getByRole('dialog');
  await day.getByRole('radio', { name: ru('выходной') }).check();
  await day.getByLabel(ru('Название')).fill('День компании');
  await day.getByRole('button', { name: ru('Сохранить') }).click();
  await page.getByRole('button', { name: /23 ноября: выходной, День компании/ }).waitFor();
  await page.locator(`[data-date="${year}-11-23"]`).focus();
  await page.keyboard.press('ArrowDown');
  await until('the focus is a week on', () => page.evaluate((date) => document.activeElement?.getAttribute('data-date') === date, `${year}-11-30`));
  await inspect(page, 'hours-calendar');
  await calendar.getByRole('button', { name: ru('Следующий год') }).click();
  await page.getByText(ru('Праздников этого года в программе нет: отметьте дни сами или загрузите файлом')).waitFor();
  await calendar.getByRole('button', { name: ru('Загрузить год') }).click();
  const load = page.getByRole('dialog');
  await load.getByLabel(ru('Строки: дата, вид, название, с какого дня перенос')).fill(`${year + 1}-01-01,off,Новый год\nзавтра,off`);
  await load.getByRole('button', { name: ru('Загрузить'), exact: true }).click();
  await load.getByText('Взят 1 день').waitFor();
  await load.getByText(/^Строка 2: /).waitFor();
  await load.getByRole('button', { name: ru('Закрыть') }).last().click();
  await page.getByRole('button', { name: /1 января: выходной, Новый год/ }).waitFor();

  const phone = await browser.window({ size: 'phone', lang: 'en', dark: true });
  await portal.person('Ann', 'ann-hours@example.com', 'admin', { language: 'en' });
  await enter(phone, portal, 'ann-hours@example.com', '/settings/schedules');
  await phone.getByRole('heading', { name: en('Графики и календарь') }).waitFor();
  await phone.getByRole('region', { name: en('Календарь') }).getByText('January').waitFor();
  await inspect(phone, 'hours-phone-en');
});

at.journey('an absence is entered by the head; a colleague learns only until when', async ({ browser, portal }) => {
  const { boris, anna } = await sales(portal, 'away');
  const other = await portal.person('Вера Ли', 'vera-away@example.com');
  const head = await browser.window();
  await enter(head, portal, boris.email, '/absences');
  await head.getByRole('heading', { name: ru('В этом месяце все на месте') }).waitFor();
  await head.keyboard.press('c');
  const form = head.getByRole('dialog', { name: ru('Новое отсутствие') });
  await form.getByLabel(ru('Кто'), { exact: true }).fill('Анна');
  await head.getByRole('option', { name: /Анна Смирнова/ }).click();
  await form.getByLabel(ru('Почему')).selectOption('sick');
  await form.getByLabel(ru('Заметка')).fill('Грипп');
  await inspect(head, 'absence-form');
  await form.getByRole('button', { name: ru('Добавить') }).click();
  await form.waitFor({ state: 'detached' });
  await head.getByRole('region', { name: ru('Список') }).getByText(ru('сейчас нет')).waitFor();
  await head.getByRole('region', { name: ru('Месяц') }).getByRole('rowheader', { name: 'Анна Смирнова' }).waitFor();
  await inspect(head, 'absences');

  const colleague = await browser.window({ size: 'phone', dark: true });
  await enter(colleague, portal, other.email, '/absences');
  await colleague.getByText('Анна Смирнова').waitFor();
  assert.equal(await colleague.getByText('Грипп').count(), 0, 'why she is away is not his business');
  assert.equal(await colleague.getByText(ru('Больничный')).count(), 0);
  await inspect(colleague, 'absences-phone');

  await head.getByRole('region', { name: ru('Список') }).getByRole('button', { name: /Анна Смирнова/ }).click();
  await head.getByRole('dialog').getByRole('button', { name: ru('Убрать') }).click();
  await head.getByRole('heading', { name: ru('В этом месяце все на месте') }).waitFor();
  assert.equal((await portal.api('GET', `/api/absences?user=${anna.id}`)).items.length, 0);
});

at.journey('a working day is started, paused and finished; the head corrects it with a reason', async ({ browser, portal }) => {
  const { boris, anna } = await sales(portal, 'day');
  const page = await browser.window();
  await enter(page, portal, anna.email, '/leads');
  const rail = page.getByRole('navigation', { name: ru('Главное меню') });
  await rail.getByRole('button', { name: ru('Начать рабочий день') }).click();
  await rail.getByText(ru('Работаю')).waitFor();
  await rail.getByText('0:00').waitFor();
  await inspect(page, 'working-day-rail');
  await rail.getByRole('button', { name: ru('Перерыв') }).click();
  await rail.getByRole('button', { name: ru('Продолжить рабочий день') }).click();
  await rail.getByText(ru('Работаю')).waitFor();
  await rail.getByRole('button', { name: 'Анна Смирнова' }).click();
  await page.getByRole('menuitem', { name: ru('Завершить рабочий день') }).click();
  await rail.getByText(ru('День завершён')).waitFor();

  const head = await browser.window();
  await enter(head, portal, boris.email, '/working-days');
  const cell = head.getByRole('button', { name: /Анна Смирнова, .*: 0:00/ });
  await cell.click();
  const form = head.getByRole('dialog');
  await form.getByLabel(ru('Начало')).first().waitFor();
  while ((await form.getByRole('button', { name: ru('Убрать интервал') }).count()) > 1) await form.getByRole('button', { name: ru('Убрать интервал') }).last().click();
  await form.getByLabel(ru('Начало')).fill('00:00');
  await form.getByLabel(ru('Конец')).fill('00:01');
  await form.getByLabel(ru('Почему исправляете')).fill('Работала у клиента');
  await inspect(head, 'working-day-correct');
  await form.getByRole('button', { name: ru('Исправить') }).click();
  await form.waitFor({ state: 'detached' });
  await head.getByRole('button', { name: /Анна Смирнова, .*: 0:01/ }).click();
  await head.getByRole('dialog').getByText('Работала у клиента').waitFor();
  await inspect(head, 'working-day-corrected');
});
