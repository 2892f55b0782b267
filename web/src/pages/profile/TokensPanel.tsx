import { TokenList } from '~/features/session/TokenList.tsx';
import { t } from '~/i18n/index.ts';

/** Keys with which programs act in the person's name. */
export function TokensPanel() {
  return (
    <section className="panel" aria-label={t('Токены API')}>
      <header>
        <h2 className="panel-title">{t('Токены API')}</h2>
      </header>
      <TokenList />
    </section>
  );
}
