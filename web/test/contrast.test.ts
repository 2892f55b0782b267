import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

const css = readFileSync('src/ui/tokens.css', 'utf8');
const dark = css.indexOf('[data-mantine-color-scheme="dark"]');
function tokens(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!.trim()]),
  );
}
const light = tokens(css.slice(0, dark));
const themes: Record<string, Record<string, string>> = { light, dark: { ...light, ...tokens(css.slice(dark)) } };

function colour(theme: Record<string, string>, name: string): string {
  let value = theme[name] ?? '';
  while (value.startsWith('var(')) value = theme[value.slice(4, -1)] ?? '';
  return value;
}

const grounds = ['--bg-app', '--bg-sheet', '--bg-surface', '--bg-sunken', '--bg-hover', '--bg-selected'];
const pairs: [string, string, number][] = [
  ...grounds.flatMap((ground) =>
    ['--text', '--text-2', '--text-3'].map((ink) => [ink, ground, 4.5] as [string, string, number]),
  ),
  ...['danger', 'warn', 'ok', 'auto', 'accent'].map(
    (state) => [`--${state}-text`, `--${state}-soft`, 4.5] as [string, string, number],
  ),
  ...['danger', 'warn', 'ok', 'auto', 'accent'].map(
    (state) => [`--${state}-text`, '--bg-surface', 4.5] as [string, string, number],
  ),
  ['--on-accent', '--accent', 4.5],
  ['--on-danger', '--danger', 4.5],
  ['--on-tip', '--bg-tip', 4.5],
  ['--border-control', '--bg-surface', 3],
  ['--focus', '--bg-surface', 3],
  ...Array.from(
    { length: 10 },
    (_, at) => [`--stage-${at + 1}-text`, `--stage-${at + 1}-soft`, 4.5] as [string, string, number],
  ),
  ...Array.from({ length: 10 }, (_, at) => [`--stage-${at + 1}`, '--bg-surface', 3] as [string, string, number]),
];

describe.each(Object.keys(themes))('%s', (name) => {
  it.each(pairs)('%s on %s has at least %d', (ink, ground, least) => {
    expect(contrast(colour(themes[name]!, ink), colour(themes[name]!, ground))).toBeGreaterThanOrEqual(least);
  });
});
