// What a board of 1,200 cards weighs: bytes on the wire and nodes in the page, which do not depend on the load of the machine.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { enter, stage, until } from './harness.mjs';

const at = stage();

at.journey('a board of 1,200 cards is light, and stays light when it is scrolled', async ({ browser, portal }) => {
  const stages = ['new', 'need', 'proposal', 'contract', 'payment'];
  for (let made = 0; made < 1200; made += 8) {
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        portal.api('POST', '/api/deals', { title: `Оснащение склада № ${made + n}`, amount: `${1000 + made + n}.00`, stage: stages[(made + n) % stages.length] }),
      ),
    );
  }

  const page = await browser.window();
  const boards = [];
  page.on('response', (answer) => {
    if (/\/board\b/.test(new URL(answer.url()).pathname)) boards.push(answer);
  });
  await enter(page, portal, 'admin@example.com', '/deals');
  await page.getByText('Оснащение склада №').first().waitFor();
  // The head counts all records, not the cards that are loaded.
  await until('the heads count all 1,200', async () => (await page.locator('main').innerText()).split('240').length > stages.length);

  const bytes = gzipSync(await boards[0].body()).length;
  assert.ok(bytes <= 45 * 1024, `the board's JSON is ${bytes} bytes zipped, more than 45 KB`);
  const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok((await nodes()) <= 3000, `${await nodes()} nodes on the board`);

  const column = page.locator('main').getByText('Оснащение склада №').first();
  await column.hover();
  for (let turn = 0; turn < 20; turn++) await page.mouse.wheel(0, 1500);
  await until('older cards have come', async () => (await page.locator('main').getByText(/Оснащение склада № \d{1,3}$/).count()) > 0);
  assert.ok((await nodes()) <= 3000, `${await nodes()} nodes after scrolling`);
});
