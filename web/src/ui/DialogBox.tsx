import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '~/i18n/index.ts';

export interface DialogProps {
  title: string;
  onClose: () => void;
  size?: number | string;
  children: ReactNode;
}

/** A question or a short form over the page. Closing gives the focus back to where it was. */
export function DialogBox({ title, onClose, size = 440, children }: DialogProps) {
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
