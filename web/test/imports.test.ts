import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sources } from '../scripts/messages.ts';

/** What each folder may import, from the top of the house down. Folders of one level don't know each other. */
const may: Record<string, string[]> = {
  app: ['pages', 'features', 'entities', 'ui', 'api', 'i18n'],
  pages: ['features', 'entities', 'ui', 'api', 'i18n'],
  features: ['features', 'entities', 'ui', 'api', 'i18n'],
  entities: ['entities', 'ui', 'api', 'i18n'],
  ui: ['api', 'i18n'],
  api: ['i18n'],
  i18n: [],
};

it('imports go pages → features → entities → ui, api', () => {
  const wrong: string[] = [];
  for (const path of sources('src')) {
    const room = path.split('/')[1] ?? '';
    if (!may[room]) continue;
    const text = readFileSync(path, 'utf8');
    for (const match of text.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
      const target = match[1]!;
      if (target.startsWith('../')) wrong.push(`${path}: ${target} climbs out of its folder, use ~/`);
      const other = /^~\/(\w+)\//.exec(target)?.[1];
      if (other && other !== room && !may[room].includes(other))
        wrong.push(`${path}: ${room} must not import ${other}`);
      if (room === 'pages' && other === 'pages' && !target.startsWith(`~/${path.split('/').slice(1, 3).join('/')}/`))
        wrong.push(`${path}: pages don't import each other: ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});
