// Weighs web/dist as a browser would fetch it (gzip) and fails beyond the hard limits. `--report` only prints.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1024;
const hard = { js: 230 * KB, css: 25 * KB, chunk: 120 * KB };
const dist = new URL('../dist/', import.meta.url);
const report = process.argv.includes('--report');
if (!existsSync(new URL('.vite/manifest.json', dist))) {
  console.error('web/dist is not built: run "npm run build" first');
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const gzip = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;

const entry = Object.values(manifest).find((chunk) => chunk.isEntry && chunk.src === 'index.html');
const first = new Set();
const styles = new Set();
/** The entry, all it imports statically, and the one catalog a reader gets. */
function walk(chunk) {
  if (!chunk || first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const css of chunk.css ?? []) styles.add(css);
  for (const name of chunk.imports ?? []) walk(manifest[name]);
}
walk(entry);
// The board is what people open first, so its chunk counts, too.
walk(manifest['src/pages/records/RecordsPage.tsx']);
const catalog = Object.values(manifest).find((chunk) => /^assets\/ru-/.test(chunk.file) || chunk.name === 'ru');
walk(catalog);
const sum = (names) => [...names].reduce((total, name) => total + gzip(name), 0);
const lazy = readdirSync(new URL('assets/', dist))
  .filter((name) => name.endsWith('.js') && !first.has(`assets/${name}`))
  .map((name) => ({ name, gzip: gzip(`assets/${name}`) }))
  .sort((a, b) => b.gzip - a.gzip);

const sizes = { first_js_gzip: sum(first), first_css_gzip: sum(styles), lazy_js_max_gzip: lazy[0]?.gzip ?? 0 };
writeFileSync(new URL('sizes.json', dist), `${JSON.stringify(sizes, null, 2)}\n`);
const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`;
const rows = [
  ['first load JS', sizes.first_js_gzip, hard.js],
  ['first load CSS', sizes.first_css_gzip, hard.css],
  [`largest lazy chunk (${lazy[0]?.name ?? 'none'})`, sizes.lazy_js_max_gzip, hard.chunk],
];
for (const [what, size, limit] of rows)
  console.log(`${size > limit ? 'OVER' : 'ok  '} ${what}: ${kb(size)} of ${kb(limit)}`);
if (!report && rows.some(([, size, limit]) => size > limit)) process.exit(1);
