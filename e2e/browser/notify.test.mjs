// What people are told: the bell that rings in every window, and a push whose Take works without opening a page.
import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { cardIn } from './board.mjs';
import { enter, focused, stage, until } from './harness.mjs';
import { inspect, words } from './look.mjs';

const at = stage({ args: ['--push-loopback'] });
const ru = words('ru');
const en = words('en');

const hours = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]));

/** A push service for tests, with the keys of the one browser it serves: it keeps what the portal sends, deciphered (RFC 8291). */
async function fakePushService() {
  const browser = createECDH('prime256v1');
  browser.generateKeys();
  const auth = randomBytes(16);
  const got = [];
  const server = createServer(async (request, answer) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    got.push({ headers: request.headers, text: decipher(body, browser, auth) });
    answer.writeHead(201).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    got,
    url,
    subscription: { endpoint: `${url}/anna`, keys: { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') } },
    close: () => server.close(),
  };
}

function decipher(body, browser, auth) {
  const salt = body.subarray(0, 16);
  const length = body[20];
  const sender = body.subarray(21, 21 + length);
  const secret = browser.computeSecret(sender);
  const ikm = hkdfSync('sha256', secret, auth, Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]), 32);
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
  const sealed = body.subarray(21 + length);
  const open = createDecipheriv('aes-128-gcm', key, nonce);
  open.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
  return plain.subarray(0, plain.lastIndexOf(2)).toString();
}

/** Whether the portal proved who it is (RFC 8292): the token is for this service and signed with the key browsers subscribe with. */
function vouched(headers, audience, key) {
  const [, token, known] = headers.authorization.match(/^vapid t=(\S+), k=(\S+)$/);
  assert.equal(known, key);
  const [head, claims, signature] = token.split('.');
  const said = JSON.parse(Buffer.from(claims, 'base64url'));
  assert.equal(said.aud, audience);
  assert.ok(said.exp * 1000 > Date.now() && said.exp * 1000 < Date.now() + 25 * 3600_000);
  assert.match(said.sub, /^(mailto|https):/);
  const point = Buffer.from(key, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  return verify('sha256', Buffer.from(`${head}.${claims}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

at.journey('the bell rings in every window, by keyboard too, and on a phone', async ({ browser, portal }) => {
  await portal.api('PATCH', '/api/portal', { worktime: { week: hours } });
  const vera = await portal.person('Вера Орлова', 'vera@example.com');
  const desk = await browser.window();
  const phone = await browser.window({ size: 'phone', dark: true });
  await enter(desk, portal, vera.email, '/leads');
  await enter(phone, portal, vera.email, '/leads');
  const bell = (page) => page.getByRole('button', { name: /^Уведомления/ });
  await bell(desk).waitFor();
  assert.equal(await bell(desk).innerText(), '');

  const deal = await portal.record('deal', { title: 'Склад «Север»', responsible: vera.id });
  await desk.getByText('Теперь ваше: Склад «Север»').waitFor();
  await until('the bell counts', async () => (await bell(desk).innerText()) === '1' && (await bell(phone).innerText()) === '1');
  await inspect(desk, 'notify-toast');

  // The list opens by keyboard, holds the focus, and gives it back.
  await bell(desk).focus();
  await desk.keyboard.press('Enter');
  const panel = desk.getByRole('dialog', { name: ru('Уведомления') });
  await panel.getByText('Теперь ваше: Склад «Север»').waitFor();
  await panel.getByText('Кто назначил: Мария Котова').waitFor();
  await inspect(desk, 'notify-bell');
  await desk.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await focused(bell(desk), 'the bell');

  await bell(phone).click();
  const small = phone.getByRole('dialog', { name: ru('Уведомления') });
  await small.getByText('Кто назначил: Мария Котова').waitFor();
  await inspect(phone, 'notify-bell-phone');
  await small.getByRole('link', { name: /Склад/ }).click();
  await phone.waitForURL(`**/deals/${deal.id}`);
  // Read on the phone, it is read at the desk.
  await until('the bell is silent', async () => (await bell(desk).innerText()) === '');

  await desk.goto(`${portal.url}/profile#notifications`);
  const choices = desk.getByRole('region', { name: ru('Уведомления') });
  const box = choices.getByRole('checkbox', { name: `Вас назначили ответственным: ${ru('На странице')}` });
  await box.waitFor();
  await inspect(desk, 'notify-choices');
  await box.uncheck();
  await until('the choice is kept', async () => {
    const { items } = await portal.api('GET', '/api/notification-settings', undefined, vera.token);
    return items.find((item) => item.kind === 'record_assigned').toast === false;
  });
  await portal.record('deal', { title: 'Второй склад', responsible: vera.id });
  await until('the bell counts on', async () => (await bell(desk).innerText()) === '1');
  assert.equal(await desk.getByText('Теперь ваше: Второй склад').count(), 0, 'a message she does not want');
  await phone.goto(`${portal.url}/profile`);
  await phone.getByRole('region', { name: ru('Уведомления') }).getByText('Вас назначили ответственным').waitFor();
  await inspect(phone, 'notify-choices-phone');
});

at.journey('an offer is pushed and taken from the notification, without a page', async ({ browser, portal }) => {
  await portal.api('PATCH', '/api/portal', { worktime: { week: hours } });
  const anna = await portal.person('Анна Смирнова', 'anna-push@example.com');
  const drum = await portal.api('POST', '/api/drums', { title: 'Входящие', take_minutes: 10, members: [{ user: anna.id }] });
  const door = await portal.api('POST', '/api/intake-keys', { title: 'Форма', drum: drum.id });
  const service = await fakePushService();
  try {
    const page = await browser.window();
    const context = page.context();
    await context.grantPermissions(['notifications'], { origin: portal.url });
    await enter(page, portal, anna.email, '/leads');
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await portal.api('POST', '/api/push/subscriptions', service.subscription, anna.token);

    await portal.api('POST', `/api/intake/${door.key}`, { name: 'Павел Дорохов', phone: '8 921 555-01-42' });
    await until('the push has come', () => service.got.length === 1);
    const [push] = service.got;
    const { key } = await portal.api('GET', '/api/push/key', undefined, anna.token);
    assert.ok(vouched(push.headers, service.url, key), 'signed with another key');
    assert.equal(push.headers['content-encoding'], 'aes128gcm');
    assert.equal(push.headers.urgency, 'high');
    assert.ok(Number(push.headers.ttl) > 500 && Number(push.headers.ttl) <= 600, push.headers.ttl);

    // The browser gets it as from its own push service.
    const devtools = await context.newCDPSession(page);
    const registrations = new Map();
    devtools.on('ServiceWorker.workerRegistrationUpdated', (event) => {
      for (const each of event.registrations) each.isDeleted ? registrations.delete(each.registrationId) : registrations.set(each.registrationId, each.scopeURL);
    });
    await devtools.send('ServiceWorker.enable');
    const shown = () => worker.evaluate(() => self.registration.getNotifications().then((all) => all.map(({ title, body, actions, tag }) => ({ title, body, tag, actions: actions.map((each) => each.title) }))));
    // Windows of other journeys may have left theirs; the same push to the same worker again takes the first one's place.
    await until('it is shown', async () => {
      for (const [registrationId, scope] of registrations) {
        if (scope.startsWith(portal.url)) await devtools.send('ServiceWorker.deliverPushMessage', { origin: portal.url, registrationId, data: push.text }).catch(() => {});
      }
      await new Promise((done) => setTimeout(done, 300));
      const now = await shown();
      return now.length === 1 || now;
    });
    const [note] = await shown();
    assert.equal(note.title, 'Вам предложено: Павел Дорохов');
    assert.match(note.body, /^Возьмите до \d\d:\d\d$/);
    assert.deepEqual(note.actions, [ru('Взять')]);

    // No page is looked at when Take is pressed. A press made by a test isn't the person's own, so it can't ask for time.
    await page.goto('about:blank');
    const press = () =>
      worker.evaluate(async () => {
        const [notification] = await self.registration.getNotifications();
        ExtendableEvent.prototype.waitUntil = () => {};
        self.dispatchEvent(new NotificationEvent('notificationclick', { notification, action: 'take' }));
      });
    await press();
    await until('it says so', async () => (await shown())[0]?.body === 'Обращение ваше');
    const { items } = await portal.api('GET', '/api/offers?mine=true', undefined, anna.token);
    assert.deepEqual(items, [], 'nothing waits for her any more');
    const [lead] = (await portal.api('GET', '/api/records/lead?fields=stage,responsible', undefined, anna.token)).items;
    assert.equal(lead.responsible.id ?? lead.responsible, anna.id);
    const again = await fetch(`${portal.url}/api/push/act`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: JSON.parse(push.text).take.token }) });
    assert.equal(again.status, 409, 'the word works once');

    // Without a connection the worker has a page of its own, and nothing of the portal's.
    assert.deepEqual(
      await worker.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((each) => new URL(each.url).pathname)))).flat().sort()),
      ['/favicon.svg', '/offline.css', '/offline.html'],
    );
    page.expected.push('Failed to load resource', 'ERR_');
    await context.setOffline(true);
    await page.goto(`${portal.url}/leads`);
    await page.getByRole('heading', { name: 'Нет связи с порталом' }).waitFor();
    await inspect(page, 'notify-offline');
    await context.setOffline(false);
    await page.goto(`${portal.url}/leads`);
    await cardIn(page, 'В работе', 'Павел Дорохов').waitFor();
  } finally {
    service.close();
  }
});

at.journey('mail is set up, tested, and the letter to clients is seen before it is sent', async ({ browser, portal }) => {
  await portal.api('POST', '/api/intake-keys', { title: 'Форма на сайте' });
  const page = await browser.window({ expected: ['503'] });
  await enter(page, portal, 'admin@example.com', '/settings/mail');
  const server = page.getByRole('region', { name: ru('Почтовый сервер') });
  await server.getByLabel(ru('Сервер'), { exact: true }).fill('127.0.0.1');
  await server.getByLabel(ru('Порт'), { exact: true }).fill('9');
  await server.getByLabel(ru('Пароль'), { exact: true }).fill('не скажу');
  await server.getByLabel(ru('Адрес отправителя'), { exact: true }).fill('crm@example.com');
  await server.getByText(ru('Отправлять письма')).click();
  await server.getByRole('button', { name: ru('Сохранить') }).click();
  await server.getByText(ru('письма уходят')).waitFor();
  const settings = await portal.api('GET', '/api/mail-settings');
  assert.ok(settings.has_password && !JSON.stringify(settings).includes('не скажу'), 'the password is never shown');

  // Nobody listens there: the test says so.
  const test = page.getByRole('region', { name: ru('Проверка') });
  await test.getByRole('button', { name: ru('Отправить письмо') }).click();
  await test.getByRole('alert').getByText('Почтовый сервер не отвечает').waitFor();

  const letter = page.getByRole('region', { name: ru('Письмо клиенту') });
  await letter.getByRole('button', { name: ru('Начать с образца') }).click();
  const look = letter.getByRole('figure');
  await look.getByText('Спасибо за обращение, Пожтехснаб').waitFor();
  await look.getByText('Здравствуйте, Павел Дорохов!').waitFor();
  await inspect(page, 'notify-mail');
  await letter.getByText(ru('Отправлять это письмо')).click();
  await letter.getByRole('button', { name: ru('Сохранить письмо') }).click();
  await page.getByText(ru('Письмо сохранено')).waitFor();
  const phone = await browser.window({ size: 'phone', lang: 'en', dark: true });
  await portal.api('PATCH', '/api/me', { language: 'en' });
  await enter(phone, portal, 'admin@example.com', '/settings/mail');
  await phone.getByRole('heading', { name: en('Письмо клиенту') }).waitFor();
  await inspect(phone, 'notify-mail-phone');
  await portal.api('PATCH', '/api/me', { language: 'ru' });
});
