import type { ReactNode } from 'react';
import { setLanguage, t, useLanguage } from '~/i18n/index.ts';
import { Logo } from '~/ui/Logo.tsx';
import './login.css';

/** What stands around the pages before the portal: the mark, a title, the choice of language. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const language = useLanguage();
  return (
    <main className="door">
      <div className="door-box">
        <div className="portal door-logo">
          <Logo />
          Voronka
        </div>
        <h1 className="f20">{title}</h1>
        {children}
        <div className="seg door-lang" role="group" aria-label={t('Язык')}>
          {(['ru', 'en'] as const).map((code) => (
            <button
              key={code}
              type="button"
              lang={code}
              className={code === language ? 'on' : ''}
              aria-pressed={code === language}
              onClick={() => void setLanguage(code)}
            >
              {code === 'ru' ? 'Русский' : 'English'}
            </button>
          ))}
        </div>
      </div>
    </main>
  );
}
