import { describe, expect, it } from "vitest";

import { folded, ROWS, slotEvents } from "./events";
import { monthBeside } from "./month";
import { wallOf } from "./wall";

const tokyo = wallOf("Asia/Tokyo", "Europe/Berlin");

describe("the months beside one", () => {
  const march = new Date("2027-03-01T00:00:00Z");

  it("are shown in whole weeks of their zone", () => {
    expect(monthBeside(march, 1, tokyo)).toEqual({ from: "2027-03-28T15:00:00.000Z", to: "2027-05-02T15:00:00.000Z" });
  });

  it("have no week of another month when they end on a Sunday", () => {
    expect(monthBeside(march, -1, tokyo)).toEqual({ from: "2027-01-31T15:00:00.000Z", to: "2027-02-28T15:00:00.000Z" });
  });
});

describe("the days of a month", () => {
  const events = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index), start: `2027-03-14T10:${String(59 - index).padStart(2, "0")}:00Z` }));

  it("have all their events", () => {
    expect(folded(events(12), tokyo)).toHaveLength(12);
  });

  it("have the first ones and how many more there are when they are full", () => {
    const shown = folded([...events(40), { id: "other", start: "2027-03-15T10:00:00Z" }], tokyo);
    expect(shown.map(({ id }) => id)).toEqual(["39", "38", "more-2027-03-14", "other"]);
    expect(shown).toHaveLength(ROWS + 1);
    expect(shown[2]?.extendedProps).toEqual({ kind: "more", count: 38 });
  });
});

describe("what stands late in the evening", () => {
  const end = (moment: string, zone: string, own: string) => slotEvents([{ scheduled_for: moment }] as never, "Free", wallOf(zone, own))[0]?.end;

  it("ends with its day, on the clocks that are shown", () => {
    expect(end("2027-03-14T14:10:00Z", "Asia/Tokyo", "Europe/Berlin")).toBe("2027-03-14T23:55:00.000Z");
    expect(end("2027-03-14T14:20:00Z", "Asia/Tokyo", "Europe/Berlin")).toBe("2027-03-14T24:00:00");
    expect(end("2027-03-14T15:00:00Z", "Asia/Tokyo", "Europe/Berlin")).toBe("2027-03-15T00:45:00.000Z");
    // The clocks of where this runs, whatever they are.
    const last = new Date(2027, 2, 14, 23, 59, 59);
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(end(last.toISOString(), own, own)).toBe("2027-03-14T24:00:00");
  });
});
