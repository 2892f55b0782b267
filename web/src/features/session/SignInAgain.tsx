import { useQueryClient } from '@tanstack/react-query';
import { startLive } from '~/api/live.ts';
import { meQuery, rememberSession } from '~/entities/session/session.ts';
import { LoginForm } from '~/features/login/LoginForm.tsx';
import { t } from '~/i18n/index.ts';
import { Dialog } from '~/ui/Dialog.tsx';
import { answerSignIn } from './ask.ts';
import '~/features/login/login.css';

/** Signing in again over the page. What was typed there waits below and is sent afterwards. */
export function SignInAgain() {
  const client = useQueryClient();
  const me = client.getQueryData(meQuery.queryKey);
  return (
    <Dialog title={t('Войдите снова')} onClose={() => answerSignIn(false)}>
      <div className="col g14">
        <p className="t2">{t('Сеанс закончился. Всё, что вы написали, на месте: после входа оно сохранится')}</p>
        <LoginForm
          email={me?.email}
          onEntered={(who) => {
            if (who.id !== me?.id) return location.assign('/');
            rememberSession(true);
            startLive();
            answerSignIn(true);
          }}
        />
        <button type="button" className="linkish f12" onClick={() => location.assign('/login')}>
          {t('Войти как другой человек')}
        </button>
      </div>
    </Dialog>
  );
}
