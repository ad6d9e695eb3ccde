/** A moment as a calendar and a clock on the wall show it. `month` and `day` begin with 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const day = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether it is a name of the IANA time zone database, such as `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

export function wallTimeIn(zone: string, moment: Date): WallTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(moment)
      .map(({type, value}) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute'), second: of('second')};
}

/**
 * The moment when clocks in a zone show that time. Undefined where they never do, because they are put forward then; the first
 * of two moments where they are put back. Both are what EventBridge Scheduler does.
 */
export function momentAt(zone: string, wall: WallTime): Date | undefined {
  const asUtc = utcOf(wall);
  const offsets = [offsetAt(zone, asUtc - day), offsetAt(zone, asUtc + day)];
  const moments = offsets.map((offset) => asUtc - offset).filter((moment) => asUtc - offsetAt(zone, moment) === moment);
  return moments.length === 0 ? undefined : new Date(Math.min(...moments));
}

/** How far the clocks in a zone are ahead of UTC, in milliseconds. */
function offsetAt(zone: string, moment: number): number {
  return utcOf(wallTimeIn(zone, new Date(moment))) - Math.floor(moment / 1000) * 1000;
}

function utcOf({year, month, day, hour, minute, second}: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}
