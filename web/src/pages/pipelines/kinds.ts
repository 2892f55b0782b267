import type { StageKind } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';

/** A kind of stage in words. */
export function kindTitle(kind: StageKind): string {
  return { open: t('в работе'), waiting: t('ждёт'), won: t('успех'), lost: t('отказ') }[kind];
}

/** The code a title suggests: Latin letters, digits and underscores. */
export function codeOf(title: string): string {
  const table: Record<string, string> = {
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'e',
    ж: 'zh',
    з: 'z',
    и: 'i',
    й: 'y',
    к: 'k',
    л: 'l',
    м: 'm',
    н: 'n',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    у: 'u',
    ф: 'f',
    х: 'h',
    ц: 'ts',
    ч: 'ch',
    ш: 'sh',
    щ: 'sch',
    ъ: '',
    ы: 'y',
    ь: '',
    э: 'e',
    ю: 'yu',
    я: 'ya',
  };
  const text = [...title.toLowerCase()]
    .map((letter) => table[letter] ?? letter)
    .join('')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);
  return /^[a-z]/.test(text) ? text : `s_${text || Date.now().toString(36)}`;
}
