import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import type { IntakeKey, Page } from '~/api/types.ts';
import { t } from '~/i18n/index.ts';
import { CopyBox } from '~/ui/CopyBox.tsx';
import { setSound, soundOn } from './tone.ts';

/** Whether this browser looks at its own machine. */
function local(): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
}

/** The first form of the portal as a QR code, with what to do when a phone can't reach the portal. */
export function PhoneInvite() {
  const { data: forms } = useQuery({
    queryKey: ['intake-keys', 'invite'],
    queryFn: () => api.get<Page<IntakeKey>>('/intake-keys'),
  });
  const { data: places } = useQuery({
    queryKey: ['addresses'],
    queryFn: () => api.get<{ items: string[] }>('/addresses'),
  });
  const [sound, setOn] = useState(soundOn);
  const form = forms?.items.find((key) => key.active && key.channel === 'form');
  if (!form || !places) return null;
  const base = local() ? places.items[0] : location.origin;
  const address = `${base ?? location.origin}/f/${form.key}`;
  return (
    <div className="qr">
      <img
        className="qr-code"
        src={`/api/qr?text=${encodeURIComponent(address)}`}
        width={208}
        height={208}
        alt={t('QR-код формы')}
      />
      <div className="qr-side">
        <CopyBox label={t('Адрес формы')} text={address} href={`/f/${form.key}`} />
        {!base && (
          <p className="t2" role="note">
            {t(
              'Сейчас Voronka видна только на этом компьютере: телефон её не откроет. Перезапустите с --listen 0.0.0.0:8080 и зайдите с телефона в той же сети Wi-Fi или откройте форму здесь, в другом окне.',
            )}
          </p>
        )}
        <label className="row g8">
          <input
            type="checkbox"
            checked={sound}
            onChange={(event) => {
              setSound(event.target.checked);
              setOn(event.target.checked);
            }}
          />
          {t('Звук, когда приходит обращение')}
        </label>
      </div>
    </div>
  );
}
