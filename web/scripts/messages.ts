import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All source files below a folder. */
export function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$|\.d\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** The messages a source asks for by `t('…')`, and the calls whose message is not written out and can't be checked. */
export function messagesOf(text: string): { ids: string[]; hidden: string[] } {
  const ids: string[] = [];
  const hidden: string[] = [];
  for (const match of text.matchAll(/(?<![\w.$])t\(\s*/g)) {
    const rest = text.slice(match.index + match[0].length);
    const literal = /^'((?:[^'\\\n]|\\.)*)'|^"((?:[^"\\\n]|\\.)*)"|^`([^`$\\]*)`/.exec(rest);
    if (literal) ids.push((literal[1] ?? literal[2] ?? literal[3] ?? '').replace(/\\(['"\\])/g, '$1'));
    else hidden.push(rest.slice(0, 60));
  }
  return { ids, hidden };
}

/** Every message of the interface. */
export function allMessages(folder: string): Set<string> {
  return new Set(sources(folder).flatMap((path) => messagesOf(readFileSync(path, 'utf8')).ids));
}

/** The names of the values a message takes: "{n, plural, …} of {of}" → n, of. */
export function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  let depth = 0;
  for (let at = 0; at < message.length; at++) {
    if (message[at] === '{') {
      // A brace at depth 0 opens an argument; inside a plural, odd depths open a branch's text and even ones arguments.
      if (depth % 2 === 0) {
        const name = /^\{\s*(\w+)\s*[,}]/.exec(message.slice(at))?.[1];
        if (name) names.add(name);
      }
      depth++;
    } else if (message[at] === '}') depth--;
  }
  return [...names].sort();
}
