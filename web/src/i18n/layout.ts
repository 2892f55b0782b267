const latin = '`qwertyuiop[]asdfghjkl;\'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?';
const cyrillic = 'ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,';

function through(text: string, from: string, to: string): string {
  return [...text]
    .map((letter) => {
      const at = from.indexOf(letter);
      return at < 0 ? letter : to[at];
    })
    .join('');
}

/**
 * What the typed text would be on the other keyboard layout («ghbdtn» → «привет», «руддщ» → "hello"), or null when the
 * text has no letters to switch.
 */
export function otherLayout(text: string): string | null {
  if (/[а-яё]/i.test(text)) return through(text, cyrillic, latin);
  if (/[a-z]/i.test(text)) return through(text, latin, cyrillic);
  return null;
}

/** Lower case, ё as е: the form in which titles and queries are compared. */
export function folded(text: string): string {
  return text.toLocaleLowerCase().replaceAll('ё', 'е');
}
