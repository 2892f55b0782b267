import { useState } from 'react';
import { t } from '~/i18n/index.ts';
import { Button } from '~/ui/Button.tsx';
import './login.css';

/** The recovery codes, told once; they are put away before the page goes on. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [copied, setCopied] = useState(false);
  const text = `${codes.join('\n')}\n`;
  return (
    <div className="col g14">
      <p>
        {t(
          'Сохраните эти коды там, где не потеряете. Если телефона не будет под рукой, каждый из них один раз заменит код из приложения. Больше они не покажутся',
        )}
      </p>
      <ul className="codes" aria-label={t('Коды восстановления')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row wrap g8">
        <Button
          icon={copied ? 'check' : 'copy'}
          onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}
        >
          {copied ? t('Скопировано') : t('Скопировать')}
        </Button>
        <a
          className="btn"
          download="voronka-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          {t('Скачать')}
        </a>
        <span className="push" />
        <Button look="pri" onClick={onDone}>
          {t('Коды сохранены')}
        </Button>
      </div>
    </div>
  );
}
