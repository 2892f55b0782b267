import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client.ts';
import { useType } from '~/entities/catalog/catalog.ts';
import { Behind } from '~/entities/figures/Behind.tsx';
import { pricesQuery, reportQuery, useSourceTitle } from '~/entities/figures/figures.ts';
import type { Cost, SourceCost } from '~/entities/figures/types.ts';
import { Wide } from '~/entities/figures/Wide.tsx';
import { isHead, may, useMe, usePortal } from '~/entities/session/session.ts';
import { currencyDigits, money } from '~/i18n/format.ts';
import { t } from '~/i18n/index.ts';
import { errorText } from '~/ui/ErrorNote.tsx';
import { toast } from '~/ui/toasts.ts';
import type { reportFilter } from './filter.ts';

/** What misses cost: leads lost after a miss by the price of their source, which an administrator sets here. */
export function CostPanel({ filter }: { filter: ReturnType<typeof reportFilter> }) {
  const me = useMe();
  const portal = usePortal();
  const { data } = useQuery(reportQuery<Cost>('cost', { ...filter, kind: undefined }));
  const { data: prices } = useQuery({ ...pricesQuery, enabled: isHead(me) });
  const sourceTitle = useSourceTitle();
  const type = useType(portal.simple ? 'deal' : 'lead');
  if (!data) return <section className="panel" style={{ minHeight: 220 }} />;
  const known = type?.fields.find((field) => field.code === 'source')?.values ?? [];
  const missing = known
    .filter((value) => may(me, 'portal') && !data.sources.some((row) => row.source === value.code))
    .map((value): SourceCost => ({ source: value.code, lost: 0, records: [], price: null, cost: 0 }));
  const rows = [...data.sources, ...missing];
  return (
    <section className="panel" aria-labelledby="cost-title">
      <header>
        <h2 id="cost-title">{t('Во что обошлись пропуски')}</h2>
        <span className="push f12 t3">{t('лиды, проигранные после пропуска, × цена лида')}</span>
      </header>
      <Wide label={t('Во что обошлись пропуски')}>
        <table className="t">
          <thead>
            <tr>
              <th scope="col">{t('Источник')}</th>
              <th scope="col" className="r">
                {t('Проиграно')}
              </th>
              <th scope="col" className="r">
                {t('Цена лида')}
              </th>
              <th scope="col" className="r">
                {t('Потери')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.source}>
                <th scope="row">{sourceTitle(row.source)}</th>
                <td className="r">
                  <Behind
                    title={t('Проиграно после пропуска, {what}', { what: sourceTitle(row.source) })}
                    count={row.lost}
                    records={row.records}
                  />
                </td>
                <td className="r">
                  {may(me, 'portal') && prices ? (
                    <Price
                      key={`${row.source} ${prices[row.source] ?? ''}`}
                      source={row.source}
                      title={sourceTitle(row.source)}
                      prices={prices}
                    />
                  ) : (
                    money(row.price, portal.currency)
                  )}
                </td>
                <td className="r">{row.lost ? money(row.price === null ? null : row.cost, portal.currency) : ''}</td>
              </tr>
            ))}
            {!rows.length && (
              <tr>
                <td colSpan={4} className="t3">
                  {t('После пропусков ничего не проиграли')}
                </td>
              </tr>
            )}
          </tbody>
          {data.lost > 0 && (
            <tfoot>
              <tr>
                <th scope="row">{t('Всего')}</th>
                <td className="r">{data.lost}</td>
                <td />
                <td className="r">{money(data.cost, portal.currency)}</td>
              </tr>
            </tfoot>
          )}
        </table>
      </Wide>
    </section>
  );
}

function Price({ source, title, prices }: { source: string; title: string; prices: Record<string, number> }) {
  const { currency } = usePortal();
  const client = useQueryClient();
  const unit = 10 ** currencyDigits(currency);
  const before = prices[source] === undefined ? '' : String(prices[source] / unit);
  const [text, setText] = useState(before);
  const save = async () => {
    if (text === before) return;
    const { [source]: _, ...rest } = prices;
    const next = text.trim() === '' ? rest : { ...rest, [source]: Math.round(Number(text) * unit) };
    try {
      await api.put('/lead-prices', { prices: next });
      await client.invalidateQueries({ queryKey: ['lead-prices'] });
      void client.invalidateQueries({ queryKey: ['figures'] });
    } catch (error) {
      toast({ kind: 'error', text: t('Цена не сохранилась'), detail: errorText(error) });
      setText(before);
    }
  };
  return (
    <input
      className="input money-in"
      type="number"
      min={0}
      step="any"
      aria-label={t('Цена лида, {what}', { what: title })}
      placeholder={currency}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}
