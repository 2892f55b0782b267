import 'vitest';

interface Matchers<R = unknown> {
  toHaveFocus: () => R;
  toHaveTextContent: (text: string) => R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the shape the library asks for
  interface Assertion<T = any> extends Matchers<T> {}
}
