import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

const file = resolve(import.meta.dirname, '../src/i18n/en.json');

/** What the Lingui runtime reads: id → text, or id → the parsed ICU message. */
export function compile(language: 'ru' | 'en'): Record<string, unknown> {
  const english = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const compiled: Record<string, unknown> = {};
  for (const [id, text] of Object.entries(english)) {
    const source = language === 'ru' ? id : text;
    // A Russian text is its own id and needs no entry unless it chooses between forms; src/i18n/index.ts knows the same rule.
    if (language === 'ru' && !/\{\w+,|'/.test(source)) continue;
    const tokens = compileMessage(source);
    compiled[id] = tokens.length === 1 && typeof tokens[0] === 'string' ? tokens[0] : tokens;
  }
  return compiled;
}

/**
 * Serves `virtual:catalog/ru` and `virtual:catalog/en`, compiled at build time: the message parser stays out of the
 * bundle and a language not in use is never downloaded.
 */
export function catalogs(): Plugin {
  return {
    name: 'voronka-catalogs',
    resolveId: (id) => (id.startsWith('virtual:catalog/') ? `\0${id}` : null),
    load(id) {
      const language = /^\0virtual:catalog\/(ru|en)$/.exec(id)?.[1];
      if (!language) return null;
      this.addWatchFile(file);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(compile(language as 'ru' | 'en')))})`;
    },
  };
}
