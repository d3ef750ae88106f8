// Local times of a zone and the moments that they stand for, from the browser's own table of zones.

/** `2026-03-29T02:30` as people write it in a field. */
export type Local = string;

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

let named: string[] | undefined;

/** The same list each time: there are hundreds, and the browser makes a new one for each question. */
export function zones(): string[] {
  if (!named) {
    const all = Intl.supportedValuesOf("timeZone");
    named = all.includes("UTC") ? all : ["UTC", ...all];
  }
  return named;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The clocks of a zone. To make them takes far longer than to read them, so they are made once. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const made =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  clocks.set(zone, made);
  return made;
}

/** How many minutes a zone's clocks are ahead of UTC at a moment. */
function offset(moment: number, zone: string): number {
  const parts = clockOf(zone).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return Math.round((shown - Math.floor(moment / 1000) * 1000) / 60_000);
}

/**
 * The moment at which a zone's clocks show a local time. A time that they skip is later by what they skip; of
 * a time that they show twice it is the first. The server reads times of its queue in the same way.
 */
export function toMoment(local: Local, zone: string): Date | null {
  const asUtc = Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`);
  if (Number.isNaN(asUtc)) return null;
  const before = offset(asUtc - 86_400_000, zone);
  const after = offset(asUtc + 86_400_000, zone);
  const candidates = [asUtc - before * 60_000, asUtc - after * 60_000].sort((one, other) => one - other);
  const shown = candidates.find((moment) => moment + offset(moment, zone) * 60_000 === asUtc);
  return new Date(shown ?? asUtc - before * 60_000);
}

/** What a zone's clocks show at a moment, for a field of type `datetime-local`. */
export function toLocal(moment: Date | string, zone: string): Local {
  const at = new Date(moment).getTime();
  return new Date(at + offset(at, zone) * 60_000).toISOString().slice(0, 16);
}
