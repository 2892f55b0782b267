import { useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client.ts';
import type { Portal } from '~/api/types.ts';
import { portalQuery } from '~/entities/session/session.ts';
import { t } from '~/i18n/index.ts';
import { InlineField } from '~/ui/InlineField.tsx';

/** What the portal is called and how it counts, edited in place. */
export function PortalPanel({ portal }: { portal: Portal }) {
  const client = useQueryClient();
  const save = async (fields: Partial<Portal>) => {
    await api.patch('/portal', fields);
    await client.invalidateQueries({ queryKey: portalQuery.queryKey });
  };
  const facts: [string, string][] = [
    [t('Валюта'), portal.currency],
    [t('Часовой пояс'), portal.zone ?? ''],
    [t('Как продаёте'), portal.simple ? t('только сделки') : t('лиды и сделки')],
  ];
  return (
    <section className="panel" aria-label={t('Портал')}>
      <header>
        <h2 className="panel-title">{t('Портал')}</h2>
      </header>
      <dl className="in" data-inline-group>
        <div className="f">
          <dt>{t('Компания')}</dt>
          <dd>
            <InlineField
              label={t('Компания')}
              value={portal.company}
              display={(value) => value}
              editor={({ value, onChange, inputProps }) => (
                <input
                  {...inputProps}
                  className="input"
                  value={value}
                  onChange={(event) => onChange(event.target.value)}
                />
              )}
              onSave={(company) => save({ company })}
            />
          </dd>
        </div>
        {facts.map(([title, value]) => (
          <div key={title} className="f">
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
