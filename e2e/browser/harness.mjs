// What every browser journey needs: a portal of its own, a real Chromium, people who log in, and a watch over errors.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const fromWeb = createRequire(join(root, 'web/package.json'));
const { chromium } = fromWeb('playwright-core');
const axe = fromWeb('axe-core').source;

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
  static async start({ setUp = true, lang = 'ru', args = [] } = {}) {
    const portal = new Portal();
    portal.dir = mkdtempSync(join(tmpdir(), 'voronka-journey-'));
    if (setUp) {
      portal.run(['init', '--company', 'Пожтехснаб', '--email', 'admin@example.com', '--name', 'Мария Котова', '--password-stdin', '--lang', lang], `${password}\n`);
      portal.token = portal.run(['token', 'add', '--user', 'admin@example.com']);
    }
    const port = await freePort();
    portal.url = `http://127.0.0.1:${port}`;
    portal.log = '';
    portal.process = spawn(program, ['serve', '--data', portal.dir, '--listen', `127.0.0.1:${port}`, ...args], { env: { ...process.env, VORONKA_RATE_PER_SECOND: '100000' } });
    for (const stream of [portal.process.stdout, portal.process.stderr]) stream.on('data', (d) => { portal.log += d; });
    for (let i = 0; ; i++) {
      const ready = await fetch(`${portal.url}/readyz`).then((r) => r.ok, () => false);
      if (ready) return portal;
      if (i > 200 || portal.process.exitCode !== null) throw new Error(`the server is not ready:\n${portal.log}`);
      await new Promise((r) => setTimeout(r, 50));
    }
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

  /** Opens a window of its own (own cookies). expected lists status codes whose console line is no error. */
  async window({ size = 'desk', lang = 'ru', dark = false, expected = [] } = {}) {
    const context = await this.engine.newContext({ viewport: sizes[size], locale: lang === 'ru' ? 'ru-RU' : 'en-GB', colorScheme: dark ? 'dark' : 'light', timezoneId: 'Europe/Moscow', hasTouch: size === 'phone' });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (e) => this.errors.push(`${page.url()}: ${e.message}`));
    page.on('console', (m) => {
      if (m.type() === 'error' && !expected.some((code) => m.text().includes(String(code)))) this.errors.push(`${page.url()}: ${m.text()}`);
    });
    return page;
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

/** Violations of WCAG 2.2 AA on the page as it stands, one line each. */
export async function accessibility(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
}

/** Keeps a picture of the page for people to look at. */
export async function picture(page, name) {
  const dir = join(root, 'build/pictures');
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ path: join(dir, `${name}.png`) });
}
