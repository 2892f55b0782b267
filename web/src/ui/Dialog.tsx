import { lazy, type ReactNode, Suspense } from 'react';
import type { DialogProps } from './DialogBox.tsx';

const load = () => import('./DialogBox.tsx').then((room) => ({ default: room.DialogBox }));
const Box = lazy(load);

// Dialogs are no part of the first screen: they are fetched when the page has come to rest.
if (typeof window !== 'undefined') setTimeout(() => void load().catch(() => {}), 1500);

/** A question or a short form over the page. Closing gives the focus back to where it was. */
export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <Box {...props} />
    </Suspense>
  );
}

/** The buttons at the foot of a dialog, the main one last. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className="dialog-foot">{children}</div>;
}
