import type { MoneyValue } from '~/api/types.ts';
import { money, moneyShort } from '~/i18n/format.ts';

/** A sum with its currency; the short form is for heads and boards. */
export function Money({ value, short }: { value: MoneyValue | null | undefined; short?: boolean }) {
  if (!value) return <span className="num">—</span>;
  return <span className="num">{(short ? moneyShort : money)(value.minor, value.currency)}</span>;
}
