// The clocks that the calendar goes by. It knows the browser's own zone; for any other one it is told wall times as
// if they were UTC, and what it says is turned back into moments.

import { ownZone, toLocal, toMoment } from "@/lib/zone";

export interface Wall {
  zone: string;
  /** What the calendar is told its zone is. */
  timeZone: "local" | "UTC";
  /** A moment as the calendar is told it. */
  toShown: (moment: string | Date) => string;
  /** The moment that the calendar means; at that hour of its day, if there is one. */
  fromShown: (shown: Date, hour?: number) => Date;
  /** The day on which the calendar shows what it is told. */
  shownDay: (shown: string) => string;
  /** The day of a moment on these clocks. */
  dayOf: (moment: Date) => string;
}

export function wallOf(zone: string, own = ownZone()): Wall {
  const isOwn = zone === own;
  const local = (shown: Date) => (isOwn ? toLocal(shown, zone) : shown.toISOString().slice(0, 16));
  return {
    zone,
    timeZone: isOwn ? "local" : "UTC",
    toShown: (moment) => (isOwn ? new Date(moment).toISOString() : `${toLocal(moment, zone)}:00Z`),
    fromShown: (shown, hour) => {
      if (hour === undefined && isOwn) return shown;
      const at = hour === undefined ? local(shown) : `${local(shown).slice(0, 10)}T${String(hour).padStart(2, "0")}:00`;
      return toMoment(at, zone) ?? shown;
    },
    shownDay: (shown) => (isOwn ? localDay(new Date(shown)) : shown.slice(0, 10)),
    dayOf: (moment) => toLocal(moment, zone).slice(0, 10),
  };
}

/** The browser's own calendar, which is asked for thousands of posts at once. */
function localDay(moment: Date): string {
  return [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
