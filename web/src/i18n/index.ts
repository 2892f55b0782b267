import { i18n, type Messages } from '@lingui/core';
import { useSyncExternalStore } from 'react';

/** The languages of the interface. Russian texts are the ids of the messages, English ones live in en.json. */
export type Language = 'ru' | 'en';

const load: Record<Language, () => Promise<{ default: Messages }>> = {
  ru: () => import('virtual:catalog/ru'),
  en: () => import('virtual:catalog/en'),
};

// Plain texts stay texts in the catalogue; without this Lingui warns in the console about each of them at every drawing.
i18n.setMessagesCompiler((text) => [text]);

/** The text of a message in the reader's language; `{name}` and ICU plurals are filled from values. */
export function t(id: string, values?: Record<string, unknown>): string {
  // A Russian text is its own id; only those that choose between forms are in the catalogue.
  if (i18n.locale === 'ru' && isPlain(id))
    return values ? id.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')) : id;
  return i18n._(id, values);
}

/** Whether a message only has names to put values in: no plural, no quoted braces. */
export function isPlain(message: string): boolean {
  return !/\{\w+,|'/.test(message);
}

/** Loads and switches the language; everything under the language key of the app is drawn anew. */
export async function setLanguage(language: Language): Promise<void> {
  const { default: messages } = await load[language]();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
  localStorage.setItem('voronka.lang', language);
}

/** The language now on the screen. */
export function language(): Language {
  return i18n.locale === 'en' ? 'en' : 'ru';
}

/** The language as a hook: draws again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore((changed) => i18n.on('change', changed), language);
}

/** Of two titles of a field, stage or pipeline the one in the reader's language, or the other when it is empty. */
export function titled(title: { ru?: string; en?: string } | string | undefined): string {
  if (!title) return '';
  if (typeof title === 'string') return title;
  return (language() === 'ru' ? title.ru || title.en : title.en || title.ru) ?? '';
}
