import type { ReactNode } from 'react';

/** What may be wider than the window: it scrolls by itself, by keyboard too. */
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard
    <section className="over" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
