import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { RecordData } from '~/api/types.ts';
import { may, useMe } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import type { MenuEntry } from '~/ui/MenuButton.tsx';

const SeenByDialog = lazy(() =>
  import('~/features/rights/SeenByDialog.tsx').then((room) => ({ default: room.SeenByDialog })),
);
const WhyDialog = lazy(() => import('~/features/rights/WhyDialog.tsx').then((room) => ({ default: room.WhyDialog })));

/** What a card's menu offers about rights: who sees the record, and why one can't do something with it. */
export function useRightsEntries(record: RecordData): { entries: MenuEntry[]; element: ReactNode } {
  const me = useMe();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'seen' | 'why' | null>(null);
  const close = () => setOpen(null);
  return {
    entries: [
      { title: t('Кто это видит'), icon: 'eye', run: () => setOpen('seen') },
      ...(may(me, 'journal')
        ? [
            {
              title: t('Кто смотрел'),
              icon: 'history' as const,
              run: () =>
                void navigate({
                  to: '/settings/access-journal',
                  search: { type: record.type, record: record.id, kind: 'view' },
                }),
            },
          ]
        : []),
      ...(may(me, 'roles')
        ? [
            {
              title: t('Что видит и почему'),
              icon: 'lock' as const,
              run: () => void navigate({ to: '/settings/rights', search: { type: record.type, id: record.id } }),
            },
          ]
        : [{ title: t('Почему я не могу…?'), icon: 'lock' as const, run: () => setOpen('why') }]),
    ],
    element: open && (
      <Suspense fallback={null}>
        {open === 'seen' ? (
          <SeenByDialog record={record} onClose={close} />
        ) : (
          <WhyDialog record={record} onClose={close} />
        )}
      </Suspense>
    ),
  };
}
