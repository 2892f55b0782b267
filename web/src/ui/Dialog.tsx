import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '~/i18n/index.ts';

interface Props {
  title: string;
  onClose: () => void;
  size?: number | string;
  children: ReactNode;
}

/** A question or a short form over the page. Closing gives the focus back to where it was. */
export function Dialog({ title, onClose, size = 440, children }: Props) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      centered
      closeButtonProps={{ 'aria-label': t('Закрыть') }}
    >
      {children}
    </Modal>
  );
}

/** The buttons at the foot of a dialog, the main one last. */
export function DialogFoot({ children }: { children: ReactNode }) {
  return <div className="dialog-foot">{children}</div>;
}
