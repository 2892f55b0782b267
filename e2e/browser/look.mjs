// How pages look and read: accessibility, the width of a phone, pictures for people, and the words of the interface.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const axe = createRequire(join(root, 'web/package.json'))('axe-core').source;
const english = JSON.parse(readFileSync(join(root, 'web/src/i18n/en.json'), 'utf8'));

/** The words of the interface in a language, by their Russian text. A text the interface doesn't have is an error. */
export function words(lang) {
  return (id, values = {}) => {
    assert.ok(id in english, `the interface doesn't say «${id}»`);
    return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), lang === 'ru' ? id : english[id]);
  };
}

/** Violations of WCAG 2.2 AA on the page as it stands, one line each. */
export async function accessibility(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
}

/** What reaches beyond the window's edge: the page itself, or things to press that nobody can scroll to. */
export async function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const found = document.documentElement.scrollWidth > width ? [`the page is ${document.documentElement.scrollWidth} wide`] : [];
    const scrolls = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true;
      return false;
    };
    for (const element of document.querySelectorAll('a, button, input, select, textarea')) {
      const box = element.getBoundingClientRect();
      if (!box.width || !box.height || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      if (box.right > width + 1 && box.left < width * 2 && !scrolls(element)) found.push(`${element.tagName} ${element.className} «${(element.ariaLabel ?? element.textContent ?? '').slice(0, 40)}» ends at ${Math.round(box.right)}`);
    }
    return found;
  });
}

/** Keeps a picture of the page for people to look at. */
export async function picture(page, name) {
  const dir = join(root, 'build/pictures');
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ path: join(dir, `${name}.png`) });
}

/** Holds a page to what all pages are held to, and keeps its picture. */
export async function inspect(page, name) {
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], .skel, .skel-row'));
  await picture(page, name);
  assert.deepEqual(await accessibility(page), [], `${name}: accessibility`);
  assert.deepEqual(await overflow(page), [], `${name}: width`);
}
