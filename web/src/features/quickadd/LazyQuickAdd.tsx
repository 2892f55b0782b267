import { type ComponentProps, lazy, Suspense } from 'react';
import type { QuickAdd as Form } from './QuickAdd.tsx';

// The form brings all editors of fields along; it is fetched when it is opened first.
const QuickAddForm = lazy(() => import('./QuickAdd.tsx').then((room) => ({ default: room.QuickAdd })));

/** The form for a new record, fetched when it is wanted. */
export function QuickAdd(props: ComponentProps<typeof Form>) {
  return (
    <Suspense>
      <QuickAddForm {...props} />
    </Suspense>
  );
}
