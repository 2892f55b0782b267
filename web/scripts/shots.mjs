// Looks at the screens as a person would: pictures at chosen widths, themes and languages, console errors, axe.
// node scripts/shots.mjs [--url http://127.0.0.1:5173] [--out DIR] [--only board,card] [--cookie name=value]
import { mkdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:5173' },
    out: { type: 'string', default: 'test/shots' },
    only: { type: 'string', default: '' },
    width: { type: 'string', default: '1440,360' },
    theme: { type: 'string', default: 'light,dark' },
    lang: { type: 'string', default: 'ru,en' },
    cookie: { type: 'string', default: '' },
    axe: { type: 'boolean', default: true },
    chromium: { type: 'string', default: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  },
});
const pages = {
  day: '/day',
  leads: '/leads',
  board: '/deals',
  list: '/deals?view=list',
  card: '/deals/15',
  lead: '/leads/1',
  contacts: '/contacts',
  drums: '/drums',
  incidents: '/incidents',
  settings: '/settings',
  people: '/settings/people',
  pipelines: '/settings/pipelines',
  forms: '/settings/forms',
  bin: '/settings/bin',
  profile: '/profile',
  reports: '/reports',
  yesterday: '/yesterday',
  schedules: '/settings/schedules',
  routing: '/settings/routing',
  import: '/settings/import',
  absences: '/absences',
};
const list = (text) => text.split(',').filter(Boolean);
const chosen = list(values.only).length ? list(values.only) : Object.keys(pages);
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
mkdirSync(values.out, { recursive: true });

const browser = await chromium.launch({
  executablePath: values.chromium,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
let bad = 0;
for (const width of list(values.width).map(Number)) {
  for (const theme of list(values.theme)) {
    for (const lang of list(values.lang)) {
      const context = await browser.newContext({
        viewport: { width, height: width < 700 ? 780 : 900 },
        locale: lang,
        timezoneId: 'Europe/Moscow',
        hasTouch: width < 700,
      });
      if (values.cookie) {
        const [name, ...rest] = values.cookie.split('=');
        await context.addCookies([{ name, value: rest.join('='), url: values.url }]);
      }
      await context.addInitScript(
        ([theme, lang]) => {
          localStorage.setItem('voronka.theme', theme);
          localStorage.setItem('voronka.lang', lang);
        },
        [theme, lang],
      );
      const page = await context.newPage();
      // The person's own language would win over the one asked for here.
      await page.route('**/api/me', async (route) => {
        if (route.request().method() !== 'GET') return route.continue();
        const response = await route.fetch();
        const json = await response.json().catch(() => ({}));
        await route.fulfill({
          response,
          json: { ...json, ...(response.ok() ? { language: lang, theme, density: '' } : {}) },
        });
      });
      const problems = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(String(error)));
      for (const name of chosen) {
        problems.length = 0;
        await page.goto(values.url + (pages[name] ?? name), { waitUntil: 'domcontentloaded' });
        await page.waitForTimeout(1200);
        const tag = `${name.replaceAll('/', '_')}.${width}.${theme}.${lang}`;
        await page.screenshot({ path: `${values.out}/${tag}.png` });
        if (values.axe) {
          await page.evaluate(axe);
          const result = await page.evaluate(() =>
            window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }),
          );
          for (const violation of result.violations)
            problems.push(
              `axe ${violation.id}: ${violation.nodes.length} × ${violation.nodes[0].target} ${violation.nodes[0].failureSummary?.split('\n')[1] ?? ''}`,
            );
        }
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) problems.push(`the page is ${overflow} px too wide`);
        for (const problem of problems) console.log(`${tag}: ${problem}`);
        bad += problems.length;
      }
      await context.close();
    }
  }
}
await browser.close();
console.log(bad ? `${bad} problems` : 'clean');
process.exit(bad ? 1 : 0);
