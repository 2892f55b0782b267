// Routing rules by hand: made in the builder, put in order by keyboard, tested, and seen at work on a card.
import assert from 'node:assert/strict';
import { enter, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage();
const ru = words('ru');
const en = words('en');

/** Picks an option of a list by typing into it. */
async function pick(box, page, text) {
  await box.click();
  await box.fill(text);
  await page.getByRole('option', { name: text }).first().click();
}

at.journey('rules are built, ordered by keyboard, tested, and decide', async ({ browser, portal }) => {
  const boris = await portal.person('Борис Ким', 'boris@example.com');
  const anna = await portal.person('Анна Смирнова', 'anna@example.com');
  const drum = await portal.api('POST', '/api/drums', { title: 'Входящие', take_minutes: 30, members: [{ user: anna.id }] });
  const key = await portal.api('POST', '/api/intake-keys', { title: 'Форма на сайте', drum: drum.id });
  const page = await browser.window();
  await enter(page, portal, 'admin@example.com', '/settings');
  await page.getByRole('main').getByRole('link', { name: ru('Распределение') }).click();
  await page.getByText(ru('Правил ещё нет: обращения идут так, как настроено у формы или ключа')).waitFor();
  await inspect(page, 'routing-empty');

  // The builder: a sum and words of the text, to a person.
  await page.getByRole('button', { name: ru('Правило') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(ru('Название')).fill('Крупные заказы');
  await dialog.getByRole('button', { name: ru('Условие'), exact: true }).click();
  await pick(dialog.getByRole('textbox', { name: ru('Поле') }).first(), page, 'Сумма');
  await dialog.getByRole('combobox', { name: ru('Условие') }).first().selectOption({ label: ru('больше') });
  await dialog.getByLabel(ru('Значение')).first().fill('1000000');
  await dialog.getByLabel(ru('Кому отдать')).selectOption({ label: ru('Сотруднику') });
  await pick(dialog.getByRole('textbox', { name: ru('Сотруднику') }), page, 'Борис Ким');
  await inspect(page, 'routing-form');
  await dialog.getByRole('button', { name: ru('Сохранить') }).click();
  await dialog.waitFor({ state: 'detached' });
  const rules = page.getByRole('region', { name: ru('Правила') });
  await rules.getByText('1 000 000').or(rules.getByText('1 000 000')).first().waitFor();

  // A field of the request that has any name, and a condition only text can say.
  await portal.api('POST', '/api/routing-rules', { title: 'Тверь', when: 'request.city = "Тверь" or contains(request.field.where, "твер")', target: { kind: 'person', id: anna.id } });
  await page.reload();
  await rules.getByRole('button', { name: ru('Удалить «{title}»', { title: 'Тверь' }) }).waitFor();
  const grip = page.getByRole('button', { name: ru('Переставить «{stage}»: стрелками вверх и вниз', { stage: 'Тверь' }) });
  await grip.focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText(ru('«{rule}» теперь на месте {n}', { rule: 'Тверь', n: 1 })).waitFor({ state: 'attached' });
  await until('the order is kept', async () => (await portal.api('GET', '/api/routing-rules')).items[0].title === 'Тверь');
  await inspect(page, 'routing-rules');

  // The test says why.
  await page.getByRole('link', { name: ru('Проверить') }).click();
  await page.getByText(ru('Всё обращение'), { exact: true }).click();
  await page.getByLabel(ru('Обращение как JSON')).fill('{"name": "Павел", "phone": "+7 921 555-01-42", "amount": 1500000}');
  await page.getByRole('button', { name: ru('Проверить') }).click();
  await page.getByRole('heading', { name: ru('Достанется: {who}', { who: 'Борис Ким' }) }).waitFor();
  const answer = page.getByRole('region', { name: ru('Ответ правил') });
  await answer.getByText(ru('сработало')).waitFor();
  await answer.getByText(ru('значения нет')).first().waitFor();
  await answer.getByText(ru('неизвестно')).first().waitFor();
  await inspect(page, 'routing-test');
  await page.getByLabel(ru('Обращение как JSON')).fill('{"name": ');
  await page.getByRole('button', { name: ru('Проверить') }).click();
  await page.getByText(ru('Нужен один объект JSON: поля в кавычках, через запятую')).waitFor();

  // A request comes and goes by the rule; the card says by which; a person fixes it and lets the rules decide again.
  const send = await fetch(`${portal.url}/api/intake/${key.key}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'Павел Дорохов', phone: '+7 921 555-01-42', amount: 1_500_000 }) });
  assert.equal(send.status, 201);
  const [lead] = (await portal.api('GET', '/api/leads?fields=title,responsible')).items;
  assert.equal(lead.responsible, boris.id);
  await page.goto(`${portal.url}/leads/${lead.id}`);
  await page.getByText(ru('По правилу «{rule}»', { rule: 'Крупные заказы' })).waitFor();
  await page.getByText(ru('Распределено: {who}', { who: 'Борис Ким' })).waitFor();
  await page.getByRole('button', { name: ru('Закрепить') }).click();
  await page.getByText(ru('Ответственного закрепил человек: {name}', { name: 'Мария Котова' })).waitFor();
  await page.getByRole('button', { name: ru('Пусть решают правила') }).click();
  await page.getByText(ru('По правилу «{rule}»', { rule: 'Крупные заказы' })).waitFor();
  await inspect(page, 'routing-card');
  await page.getByRole('link', { name: ru('почему?') }).first().click();
  await page.getByRole('heading', { name: ru('Достанется: {who}', { who: 'Борис Ким' }) }).waitFor();

  // On a phone, in English and in the dark.
  const small = await browser.window({ size: 'phone', lang: 'en', dark: true });
  await portal.api('PATCH', '/api/me', { language: 'en' });
  await enter(small, portal, 'admin@example.com', '/settings/routing');
  await small.getByText(en('Все остальные')).waitFor();
  await inspect(small, 'routing-rules-phone');
  await small.goto(`${portal.url}/settings/routing/test?record=${encodeURIComponent(`lead/${lead.id}`)}`);
  await small.getByText(en('сработало')).waitFor();
  await inspect(small, 'routing-test-phone');
});
