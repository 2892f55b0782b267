import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { inviteLater } from '~/features/arrival/InvitePanel.tsx';
import { PhoneInvite } from '~/features/arrival/PhoneInvite.tsx';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';

/** The last page: the portal is ready, a phone can send it the first request. */
export function PhoneStep() {
  const router = useRouter();
  const client = useQueryClient();
  const open = () => {
    inviteLater();
    client.removeQueries({ queryKey: ['setup'] });
    router.history.push('/');
  };
  return (
    <div className="wq">
      <h1 className="h26">{t('Готово. Попробуйте с телефона')}</h1>
      <p className="t2 f14">
        {t('Наведите камеру на код, заполните форму, и карточка упадёт на доску. Такую форму увидит и ваш клиент.')}
      </p>
      <PhoneInvite />
      <div className="row g12 wz-go">
        <Button look="pri" className="lg" onClick={open}>
          {t('Открыть доску')}
        </Button>
      </div>
    </div>
  );
}
