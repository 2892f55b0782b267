/** A time during which the clock of an offer stands still. */
export interface Pause {
  from: string;
  to: string;
}

/** How much working time is left from now until it is due, in ms: what is paused in between doesn't count. */
export function workLeft(now: number, due: number, pauses: readonly Pause[] = []): number {
  let left = due - now;
  for (const pause of pauses)
    left -= Math.max(0, Math.min(due, Date.parse(pause.to)) - Math.max(now, Date.parse(pause.from)));
  return Math.max(0, left);
}

/** When a clock that stands still now runs on, in ms; nothing while it runs. */
export function pausedUntil(now: number, pauses: readonly Pause[] = []): number | undefined {
  const pause = pauses.find((each) => Date.parse(each.from) <= now && now < Date.parse(each.to));
  return pause && Date.parse(pause.to);
}
