import { useNavigate } from '@tanstack/react-router';
import { may, useMe } from '~/entities/session/session.ts';
import { roleTitle, useLogout, useOwnSettings } from '~/features/session/own.ts';
import { actsOf, useWorkingDay } from '~/features/workday/useWorkingDay.ts';
import { t, useLanguage } from '~/i18n/index.ts';
import { Avatar } from '~/ui/Avatar.tsx';
import { useAction } from '~/ui/actions.ts';
import { Icon } from '~/ui/Icon.tsx';
import { type Density, type Theme, useLook } from '~/ui/look.ts';
import { MenuButton } from '~/ui/MenuButton.tsx';

/** Oneself at the foot of the rail: profile, theme, language, density, log out. */
export function MeMenu() {
  const me = useMe();
  const look = useLook();
  const language = useLanguage();
  const change = useOwnSettings();
  const logout = useLogout();
  const navigate = useNavigate();
  const { day, act } = useWorkingDay(may(me, 'absences'));
  const put = (code: Theme) => void change({ theme: code }).catch(() => {});
  const theme = (code: Theme, title: string) => ({
    title,
    on: look.theme === code,
    run: () => put(code),
  });
  const density = (code: Density, title: string) => ({
    title,
    on: look.density === code,
    run: () => void change({ density: code }).catch(() => {}),
  });
  const speak = (code: 'ru' | 'en', title: string) => ({
    title,
    on: language === code,
    run: () => void change({ language: code }).catch(() => {}),
  });
  useAction(
    look.theme === 'dark'
      ? null
      : {
          id: 'theme-dark',
          title: t('Тёмная тема'),
          group: t('Везде'),
          icon: 'moon',
          words: 'dark theme',
          run: () => put('dark'),
        },
  );
  useAction(
    look.theme === 'light'
      ? null
      : {
          id: 'theme-light',
          title: t('Светлая тема'),
          group: t('Везде'),
          icon: 'sun',
          words: 'light theme',
          run: () => put('light'),
        },
  );
  return (
    <MenuButton
      position="top-start"
      label={t('Вы и вид')}
      target={
        <button type="button" className="me" title={me.name}>
          <Avatar id={me.id} name={me.name} silent />
          <span className="grow">
            <span className="m ell me-name">{me.name}</span>
            <span className="f11 t3 ell me-name">{roleTitle(me.role)}</span>
          </span>
          <Icon name="dots" small />
        </button>
      }
      entries={[
        { title: t('Профиль'), icon: 'user', run: () => void navigate({ to: '/profile' }) },
        ...(day
          ? [
              t('Рабочий день'),
              ...actsOf(day).map((each) => ({ title: each.title, icon: each.icon, run: () => void act(each.act) })),
            ]
          : []),
        t('Тема'),
        theme('auto', t('Как в системе')),
        theme('light', t('Светлая')),
        theme('dark', t('Тёмная')),
        t('Язык'),
        speak('ru', 'Русский'),
        speak('en', 'English'),
        t('Плотность'),
        density('compact', t('Плотно')),
        density('comfortable', t('Свободно')),
        null,
        { title: t('Выйти'), icon: 'logout', run: () => void logout() },
      ]}
    />
  );
}
