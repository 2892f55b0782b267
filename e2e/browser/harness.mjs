// What every browser journey needs: a portal of its own, a real Chromium, people who log in, and a watch over errors.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { picture } from './look.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');

const program = process.env.VORONKA_BINARY ?? join(root, 'build/voronka');
const browserPath = process.env.VORONKA_CHROMIUM ?? '/usr/bin/chromium';
export const password = 'correct horse battery';
export const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };

/** Why journeys can't run here, or nothing. Where CI says a browser must be there, its absence is an error. */
export function missing() {
  const what = !existsSync(program) ? `${program} is not built (make build)` : !existsSync(browserPath) ? `no browser at ${browserPath}` : '';
  if (what && process.env.VORONKA_REQUIRE_BROWSER) throw new Error(what);
  return what || false;
}

/**
 * Gives a file of journeys its portal and browser. A journey's windows close at its end, and what a page complained of in
 * the console fails it; when it fails, pictures of its windows are kept.
 */
export function stage(options = {}) {
  const skip = missing();
  const at = {};
  if (!skip) {
    before(async () => {
      at.browser = await Browser.start();
      at.portal = await Portal.start(options);
    });
    after(async () => {
      await at.browser?.stop();
      at.portal?.stop();
    });
  }
  at.journey = (title, run) =>
    test(title, { skip, timeout: 90_000 }, async (t) => {
      try {
        await run(at);
        assert.deepEqual(at.browser.errors, [], 'errors of the pages');
      } catch (error) {
        await at.browser.keepPictures(title);
        for (const line of [...at.browser.errors, at.browser.where(), ...at.portal.troubles()]) t.diagnostic(line);
        throw error;
      } finally {
        await at.browser.closeWindows();
      }
    });
  return at;
}

async function freePort() {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A portal in a folder of its own with its server. */
export class Portal {
  static async start({ setUp = true, lang = 'ru', args = [], hours = 'always' } = {}) {
    const portal = new Portal();
    portal.dir = mkdtempSync(join(tmpdir(), 'voronka-journey-'));
    portal.args = args;
    if (setUp) {
      portal.run(['init', '--company', 'Пожтехснаб', '--email', 'admin@example.com', '--name', 'Мария Котова', '--password-stdin', '--lang', lang], `${password}\n`);
      portal.token = portal.run(['token', 'add', '--user', 'admin@example.com']);
    }
    portal.port = await freePort();
    portal.url = `http://127.0.0.1:${portal.port}`;
    portal.log = '';
    await portal.serve();
    // Journeys run on any day at any hour: nobody of them waits for the office to open, unless hours are what it is about.
    if (setUp && hours === 'always') {
      const week = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]));
      await portal.api('PUT', '/api/schedules/portal/0', { week, country: 'none' });
    }
    return portal;
  }

  /** Starts the server, again on the same address after a halt. */
  async serve() {
    this.process = spawn(program, ['serve', '--data', this.dir, '--listen', `127.0.0.1:${this.port}`, ...this.args], { env: { ...process.env, VORONKA_RATE_PER_SECOND: '100000' } });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (d) => { this.log += d; });
    for (let i = 0; ; i++) {
      const ready = await fetch(`${this.url}/readyz`).then((r) => r.ok, () => false);
      if (ready) return;
      if (i > 200 || this.process.exitCode !== null) throw new Error(`the server is not ready:\n${this.log}`);
      await new Promise((r) => setTimeout(r, 50));
    }
  }

  /** Ends the server without a word to its clients. */
  async halt() {
    const gone = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGKILL');
    await gone;
  }

  /** Runs the command line program on the portal's data and returns what it printed. */
  run(args, input = '') {
    const done = spawnSync(program, [...args, '--data', this.dir], { input, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`voronka ${args.join(' ')}: ${done.stdout}${done.stderr}`);
    return done.stdout.trim();
  }

  /** Calls the API, as the administrator unless a token is given. */
  async api(method, path, body, token = this.token) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Adds a person and returns him with his e-mail and token. */
  async person(name, email, role = 'manager', more = {}) {
    const user = await this.api('POST', '/api/users', { name, email, role, language: 'ru', zone: 'Europe/Moscow', password, ...more });
    return { ...user, email, token: this.run(['token', 'add', '--user', email]) };
  }

  /** Adds a record of a built-in type. */
  async record(type, fields, token) {
    return this.api('POST', `/api/records/${type}`, fields, token);
  }

  /** What the server said that is no everyday line, the latest. */
  troubles() {
    return this.log.split('\n').filter((line) => line && !/status=[23]\d\d/.test(line)).slice(-20);
  }

  stop() {
    this.process?.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A browser with windows of several people, which collects every error a page reports. */
export class Browser {
  static async start() {
    const browser = new Browser();
    browser.errors = [];
    browser.engine = await chromium.launch({
      executablePath: browserPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    return browser;
  }

  /** Opens a window of its own (own cookies). expected lists parts of console lines that are no error here. */
  async window({ size = 'desk', lang = 'ru', dark = false, expected = [], scripts = true } = {}) {
    const context = await this.engine.newContext({
      viewport: sizes[size],
      locale: lang === 'ru' ? 'ru-RU' : 'en-GB',
      colorScheme: dark ? 'dark' : 'light',
      timezoneId: 'Europe/Moscow',
      hasTouch: size === 'phone',
      javaScriptEnabled: scripts,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.expected = [...expected];
    page.on('pageerror', (e) => this.errors.push(`${page.url()}: ${e.message}`));
    page.on('console', (m) => {
      if (m.type() === 'error' && !page.expected.some((part) => m.text().includes(String(part)))) this.errors.push(`${page.url()}: ${m.text()} ${m.location().url}`);
    });
    return page;
  }

  pages() {
    return this.engine.contexts().flatMap((context) => context.pages());
  }

  /** Which pages are open and what they show, for the report of a failure. */
  where() {
    return `windows: ${this.pages().map((page) => page.url()).join(', ')}`;
  }

  async keepPictures(title) {
    for (const [n, page] of this.pages().entries()) await picture(page, `failed-${title.replace(/\W+/g, '-').slice(0, 60)}-${n}`).catch(() => {});
  }

  async closeWindows() {
    await Promise.all(this.engine.contexts().map((context) => context.close()));
    this.errors.length = 0;
  }

  async stop() {
    await this.engine.close();
  }
}

/** Logs a person in through the login page. */
export async function logIn(page, portal, email) {
  await page.goto(`${portal.url}/login`);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

/** Logs a person in without the login page and opens one. */
export async function enter(page, portal, email, path = '/') {
  const answer = await page.context().request.post(`${portal.url}/api/session`, { data: { email, password } });
  assert.ok(answer.ok(), `login of ${email}: ${answer.status()}`);
  await page.goto(portal.url + path);
  await page.locator('main').first().waitFor();
}

/** Waits until a question is answered with yes, and says what it waited for when it never is. */
export async function until(what, ask, ms = 10_000) {
  const end = Date.now() + ms;
  for (let last; ; ) {
    last = await ask();
    if (last === true) return;
    if (Date.now() > end) assert.fail(`not so after ${ms} ms: ${what} (${JSON.stringify(last)})`);
    await new Promise((r) => setTimeout(r, 40));
  }
}

/** Waits until the keyboard is at an element. */
export async function focused(locator, what) {
  await locator.waitFor();
  await until(`the focus is at ${what}`, () => locator.evaluate((e) => e === document.activeElement || document.activeElement?.outerHTML.slice(0, 200)));
}
