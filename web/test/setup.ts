import { cleanup } from '@testing-library/react';
import { afterEach, beforeAll, expect } from 'vitest';
import { setLanguage } from '~/i18n/index.ts';

beforeAll(() => setLanguage('ru'));
afterEach(cleanup);

expect.extend({
  toHaveFocus: (element: Element) => ({
    pass: element.ownerDocument.activeElement === element,
    message: () => `the focus is on ${element.ownerDocument.activeElement?.outerHTML.slice(0, 120)}`,
  }),
  toHaveTextContent: (element: Element, text: string) => ({
    pass: (element.textContent ?? '').includes(text),
    message: () => `the text is "${element.textContent}"`,
  }),
});
