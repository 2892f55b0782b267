import { day, moment, when } from '~/i18n/format.ts';

/** A moment in words people use; the full one is in the tooltip. */
export function DateText({ at, plain }: { at: string | number | null | undefined; plain?: boolean }) {
  if (!at) return <span className="t3">—</span>;
  if (plain) return <time dateTime={String(at)}>{day(String(at))}</time>;
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={moment(ms)}>
      {when(ms)}
    </time>
  );
}
