import { useState } from 'react';
import { t } from '~/i18n/index.ts';
import { Button } from './Button.tsx';

/** A text to take away: shown whole, copied by one press. */
export function CopyBox({ label, text, href }: { label: string; text: string; href?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div>
      <div className="row g6">
        <span className="label">{label}</span>
        <span className="push" />
        {href && (
          <a className="btn ghost sm" href={href} target="_blank" rel="noreferrer">
            {t('Открыть')}
          </a>
        )}
        <Button look="ghost" small icon={copied ? 'check' : 'copy'} onClick={() => void copy()}>
          {copied ? t('Скопировано') : t('Скопировать')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls and must be reachable by keyboard */}
      <pre className="codebox" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
