import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../scripts/catalogs.ts';
import { allMessages, argumentsOf, messagesOf, sources } from '../scripts/messages.ts';

const source = 'src';
const english = JSON.parse(readFileSync('src/i18n/en.json', 'utf8')) as Record<string, string>;
const used = allMessages(source);

describe('the catalogues', () => {
  it('have every message of the interface in English', () => {
    expect([...used].filter((id) => !english[id]?.trim())).toEqual([]);
  });

  it('have no message that nobody asks for', () => {
    expect(Object.keys(english).filter((id) => !used.has(id))).toEqual([]);
  });

  it('take the same values in both languages', () => {
    expect(Object.entries(english).filter(([id, text]) => argumentsOf(id).join() !== argumentsOf(text).join())).toEqual(
      [],
    );
  });

  it('give Russian plurals all four forms', () => {
    const incomplete = Object.keys(english).filter(
      (id) =>
        id.includes(', plural,') &&
        !['one', 'few', 'many', 'other'].every((form) => new RegExp(`\\b${form} \\{`).test(id)),
    );
    expect(incomplete).toEqual([]);
  });

  it('have no Russian left in English and no straight quotes in Russian', () => {
    expect(Object.values(english).filter((text) => /[а-яё]/i.test(text))).toEqual([]);
    expect(Object.keys(english).filter((id) => /"/.test(id))).toEqual([]);
  });

  it('compile', () => {
    expect(Object.keys(compile('en')).length).toBe(Object.keys(english).length);
    expect(() => compile('ru')).not.toThrow();
  });
});

it('every message is written out where it is asked for', () => {
  const hidden = sources(source)
    .filter((path) => !path.endsWith('i18n/index.ts'))
    .flatMap((path) => messagesOf(readFileSync(path, 'utf8')).hidden.map((text) => `${path}: ${text}`));
  expect(hidden).toEqual([]);
});

it('no Russian text stands in the code outside a message or a comment', () => {
  const bare: string[] = [];
  for (const path of sources(source)) {
    if (/i18n\/(layout|format)\.ts$|pipelines\/kinds\.ts$|role\/ru\.ts$|\/samples\.ts$|paste\/table\.ts$/.test(path))
      continue;
    let text = readFileSync(path, 'utf8');
    text = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
    // The two titles of a system field and the extra words of the palette are both languages at once.
    text = text
      .replace(/title_ru: '[^']*'/g, '')
      .replace(/code === 'title' \? 'Название' : code/g, '')
      .replace(/words: '[^']*'/g, '')
      .replace(/'(Русский|English)'/g, '')
      .replace(/>Русский</g, '')
      .replace(/'Русский'/g, '');
    text = text.replace(/(?<![\w.$])t\(\s*'((?:[^'\\\n]|\\.)*)'/g, '');
    const match = /[а-яё]{2,}/i.exec(text);
    if (match) bare.push(`${path}: ${text.slice(Math.max(0, match.index - 20), match.index + 40)}`);
  }
  expect(bare).toEqual([]);
});

describe('argumentsOf', () => {
  it.each([
    ['{n, plural, one {# из {of}} other {# из {of}}} в «{stage}»', ['n', 'of', 'stage']],
    ['без значений', []],
    ['{hours} ч {minutes} мин', ['hours', 'minutes']],
  ])('%s', (message, names) => {
    expect(argumentsOf(message)).toEqual(names);
  });
});
