import { describe, expect, it } from "vitest";

import { wallOf } from "./wall";

const MOMENT = "2027-03-14T08:30:00.000Z";

describe("the calendar's clocks", () => {
  it("leave moments alone in the zone of the browser", () => {
    const wall = wallOf("Europe/Berlin", "Europe/Berlin");
    expect(wall.timeZone).toBe("local");
    expect(wall.toShown(MOMENT)).toBe(MOMENT);
    expect(wall.fromShown(new Date(MOMENT)).toISOString()).toBe(MOMENT);
  });

  it("show the time of another zone, and mean it", () => {
    const wall = wallOf("Asia/Tokyo", "Europe/Berlin");
    expect(wall.timeZone).toBe("UTC");
    expect(wall.toShown(MOMENT)).toBe("2027-03-14T17:30:00Z");
    expect(wall.fromShown(new Date("2027-03-14T17:30:00Z")).toISOString()).toBe(MOMENT);
    expect(wall.dayOf(new Date("2027-03-14T20:00:00Z"))).toBe("2027-03-15");
  });

  it("find the hour of a day on either clock, also where summer begins", () => {
    const own = wallOf("Europe/Berlin", "Europe/Berlin");
    expect(own.fromShown(new Date("2027-03-13T23:00:00Z"), 9).toISOString()).toBe("2027-03-14T08:00:00.000Z");
    const york = wallOf("America/New_York", "Europe/Berlin");
    expect(york.fromShown(new Date("2027-03-14T00:00:00Z"), 9).toISOString()).toBe("2027-03-14T13:00:00.000Z");
    expect(york.fromShown(new Date("2027-03-13T00:00:00Z"), 9).toISOString()).toBe("2027-03-13T14:00:00.000Z");
  });
});
