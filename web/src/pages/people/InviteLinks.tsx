import type { Invitation } from '~/entities/account/account.ts';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { Dialog, DialogFoot } from '~/ui/Dialog.tsx';

/** The links of invitations, told once. */
export function InviteLinks({ made, onClose }: { made: Invitation[]; onClose: () => void }) {
  const sent = made.every((each) => each.letter);
  return (
    <Dialog title={sent ? t('Приглашения отправлены') : t('Приглашения готовы')} onClose={onClose} size={560}>
      <div className="col g12">
        <p className="t2">
          {sent
            ? t('Письма в пути. Ссылки можно передать и самому, больше они не покажутся')
            : t('Почта портала не настроена, поэтому передайте ссылки сами. Больше они не покажутся')}
        </p>
        <div className="invite-links">
          {made.map((each) => (
            <CopyBox key={each.id} label={each.email} text={location.origin + each.link} />
          ))}
        </div>
        <DialogFoot>
          <Button look="pri" onClick={onClose}>
            {t('Готово')}
          </Button>
        </DialogFoot>
      </div>
    </Dialog>
  );
}
