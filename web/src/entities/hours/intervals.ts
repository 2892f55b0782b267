/** Reads intervals as people type them: 9-18, 9:00–13:00, 14-18. Nothing is a day off; null can't be read. */
export function readIntervals(text: string): string[] | null {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const out: string[] = [];
  let last = 0;
  for (const part of parts) {
    const found = /^(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?$/.exec(part);
    if (!found) return null;
    const from = Number(found[1]) * 60 + Number(found[2] ?? 0);
    const to = Number(found[3]) * 60 + Number(found[4] ?? 0);
    if (Number(found[2] ?? 0) > 59 || Number(found[4] ?? 0) > 59 || from < last || from >= to || to > 1440) return null;
    last = to;
    out.push(`${clockOf(from)}-${clockOf(to)}`);
  }
  return out;
}

/** Intervals as they are shown: 09:00–13:00, 14:00–18:00. */
export function showIntervals(intervals: string[] | undefined): string {
  return (intervals ?? []).map((each) => each.replace('-', '–')).join(', ');
}

/** Minutes of a day as 09:00. */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
