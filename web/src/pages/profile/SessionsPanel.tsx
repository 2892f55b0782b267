import { SessionList } from '~/features/session/SessionList.tsx';
import { t } from '~/i18n/index.ts';

/** Browser and system of a browser that gets pushes, in two words. */
export function deviceOf(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? 'Edge'
    : /YaBrowser/.test(agent)
      ? 'Yandex'
      : /Firefox\//.test(agent)
        ? 'Firefox'
        : /Chrome\//.test(agent)
          ? 'Chrome'
          : /Safari/.test(agent)
            ? 'Safari'
            : '';
  const system = /iPhone|iPad/.test(agent)
    ? 'iOS'
    : /Android/.test(agent)
      ? 'Android'
      : /Windows/.test(agent)
        ? 'Windows'
        : /Mac OS/.test(agent)
          ? 'macOS'
          : /Linux/.test(agent)
            ? 'Linux'
            : '';
  return [browser, system].filter(Boolean).join(', ') || agent || t('Устройство');
}

/** Where the person is signed in. */
export function SessionsPanel() {
  return (
    <section className="panel" id="devices" aria-label={t('Где вы вошли')}>
      <header>
        <h2 className="panel-title">{t('Где вы вошли')}</h2>
      </header>
      <SessionList />
    </section>
  );
}
