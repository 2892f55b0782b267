function parts(zone: string, ms: number): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
}

/** The wall clock of a zone at an instant: 09:40. */
export function timeIn(zone: string, instant: string): string {
  const at = parts(zone, Date.parse(instant));
  return `${at.hour}:${at.minute}`;
}

/** The instant at which the wall clock of a zone shows a time of a day. */
export function instantIn(zone: string, date: string, time: string): string {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round++) {
    const at = parts(zone, guess);
    guess += wanted - Date.parse(`${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}:00Z`);
  }
  return new Date(guess).toISOString();
}
