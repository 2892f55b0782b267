// The demo as somebody meets it who has just downloaded the program: signed in by the link, looking with the eyes of its
// people, being Anna who takes an offer, and Anna who misses one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Browser, missing, until } from './harness.mjs';
import { words } from './look.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = process.env.VORONKA_BINARY ?? join(root, 'build/voronka');
const skip = missing();
const offerSeconds = 8;
const at = {};

async function freePort() {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A small demo of its own, filled and served as the command does it. */
async function startDemo() {
  const demo = { dir: mkdtempSync(join(tmpdir(), 'voronka-anna-')), log: '' };
  const port = await freePort();
  demo.url = `http://127.0.0.1:${port}`;
  demo.process = spawn(program, ['demo', '--data', demo.dir, '--listen', `127.0.0.1:${port}`, '--lang', 'ru', '--requests', '60', '--quiet', '--offer-seconds', String(offerSeconds)], {
    env: { ...process.env, VORONKA_RATE_PER_SECOND: '100000', VORONKA_BASE_URL: '' },
  });
  for (const stream of [demo.process.stdout, demo.process.stderr]) stream.on('data', (d) => { demo.log += d; });
  await until('the demo is filled and gives a login link', () => {
    demo.link = demo.log.match(/http:\/\/\S*\/demo\/enter\?\S+/)?.[0];
    if (demo.process.exitCode !== null) assert.fail(`the demo has ended:\n${demo.log}`);
    return !!demo.link;
  }, 60_000);
  return demo;
}

if (!skip) {
  before(async () => {
    [at.browser, at.demo] = await Promise.all([Browser.start(), startDemo()]);
    at.page = await at.browser.window();
  });
  after(async () => {
    await at.browser?.stop();
    at.demo?.process.kill('SIGKILL');
    if (at.demo) rmSync(at.demo.dir, { recursive: true, force: true });
  });
}

const journey = (title, run) =>
  test(title, { skip, timeout: 90_000 }, async (t) => {
    try {
      await run(at);
      assert.deepEqual(at.browser.errors, [], 'errors of the pages');
    } catch (error) {
      await at.browser.keepPictures(title);
      t.diagnostic(at.demo.log.split('\n').slice(-10).join('\n'));
      throw error;
    }
  });

const ru = words('ru');
const coach = () => at.page.locator('.coach');
const state = (name) => until(`the coach says ${name}`, async () => (await coach().getAttribute('data-state').catch(() => '')) === name || (await coach().getAttribute('data-state').catch(() => '')), (offerSeconds + 20) * 1000);
const me = async () => (await at.page.context().request.get(`${at.demo.url}/api/me`)).json();

journey('the link signs the owner in, once', async ({ page, demo, browser }) => {
  await page.goto(demo.link);
  await page.locator('.demobar').waitFor();
  assert.equal((await me()).role, 'admin');
  const second = await browser.window({ expected: ['401'] });
  await second.goto(demo.link);
  await second.locator('input[type=password]').waitFor();
  await second.context().close();
});

journey('the bar looks with the eyes of the head', async ({ page }) => {
  await page.locator('.demobar').getByRole('button', { name: ru('руководитель') }).click();
  await until('the head is signed in', async () => (await me()).role === 'head');
  await page.locator('.demobar-as[aria-pressed=true]').filter({ hasText: ru('руководитель') }).waitFor();
});

journey('Anna takes the offer and plans the next step', async ({ page }) => {
  await page.locator('.demobar').getByRole('button', { name: ru('Будь Анной') }).click();
  await state('offered');
  assert.equal((await me()).email, 'anna@demo.local');
  await coach().getByRole('timer').waitFor();
  await coach().getByRole('button', { name: ru('Взять') }).click();
  await state('taken');
  await coach().getByRole('link', { name: ru('Открыть карточку') }).click();
  await page.waitForURL(/\/leads\/\d+/);
  const lead = Number(page.url().match(/\/leads\/(\d+)/)[1]);
  const status = await page.evaluate(async (id) => {
    const due = new Date(Date.now() + 86_400_000).toISOString();
    const body = JSON.stringify({ title: 'Перезвонить', kind: 'call', due_at: due, about: [{ type: 'lead', id }] });
    return (await fetch('/api/records/activity', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).status;
  }, lead);
  assert.equal(status, 201);
  await until('the coach has seen the next step', async () => (await coach().locator('li.ok').count()) === 3);
});

journey('Anna misses the offer, and it goes to Boris', async ({ page }) => {
  await coach().getByRole('button', { name: ru('Ещё раз и не успеть') }).click();
  await state('offered');
  await state('rescued');
  await until('all four turns are told', async () => (await coach().locator('li.ok').count()) === 3 && (await coach().locator('li.bad').count()) === 1);
  await coach().getByRole('button', { name: ru('Глазами руководителя') }).click();
  await page.waitForURL(/\/incidents/);
  await until('the head is signed in', async () => (await me()).role === 'head');
  await page.locator('main :not(option):text-is("Анна Белова")').first().waitFor();
  await coach().getByRole('link', { name: ru('Открыть карточку') }).click();
  await page.waitForURL(/\/leads\/\d+/);
  await page.getByText('Борис Громов').first().waitFor();
  await coach().getByRole('button', { name: ru('Закончить игру') }).click();
  await coach().waitFor({ state: 'detached' });
});
