import { Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { unreadQuery } from '~/entities/notice/notice.ts';
import { t } from '~/i18n/index.ts';
import { Icon } from '~/ui/Icon.tsx';
import { SkeletonRows } from '~/ui/Skeleton.tsx';

const Panel = lazy(() => import('./BellPanel.tsx').then((room) => ({ default: room.BellPanel })));

/** The bell: how many notices are unread, and the list of them. */
export function Bell() {
  const { data: unread = 0 } = useQuery(unreadQuery);
  const [open, setOpen] = useState(false);
  const label = unread
    ? t('Уведомления, {n, plural, one {# новое} few {# новых} many {# новых} other {# новых}}', { n: unread })
    : t('Уведомления');
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      offset={4}
      shadow="xl"
      trapFocus
      returnFocus
      withinPortal
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className="btn ghost ico bell"
          aria-label={label}
          title={label}
          onClick={() => setOpen(!open)}
        >
          <Icon name="bell" />
          {unread > 0 && (
            <span className="bell-n" aria-hidden="true">
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="pop bell-pop" aria-label={t('Уведомления')} data-portal>
        <Suspense fallback={<SkeletonRows rows={4} />}>
          <Panel onClose={() => setOpen(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
