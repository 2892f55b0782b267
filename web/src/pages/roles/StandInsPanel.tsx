import { StandIns } from '~/features/rights/StandIns.tsx';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';

/** Everybody who stands in for somebody. */
export function StandInsPanel({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('Помощники и заместители')} onClose={onClose} size={560}>
      <StandIns />
    </Dialog>
  );
}
