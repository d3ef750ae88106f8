import { describe, expect, test } from "vitest";

import { toLocal, toMoment } from "./zone";

const moment = (local: string, zone: string) => toMoment(local, zone)?.toISOString();

describe("a local time of a zone", () => {
  test.each([
    ["2026-07-01T09:00", "Europe/Berlin", "2026-07-01T07:00:00.000Z"],
    ["2026-12-01T09:00", "Europe/Berlin", "2026-12-01T08:00:00.000Z"],
    ["2026-12-01T09:00", "Asia/Kolkata", "2026-12-01T03:30:00.000Z"],
    ["2026-12-01T09:00", "UTC", "2026-12-01T09:00:00.000Z"],
    ["2026-12-31T23:30", "America/Los_Angeles", "2027-01-01T07:30:00.000Z"],
  ])("%s in %s is %s", (local, zone, expected) => {
    expect(moment(local, zone)).toBe(expected);
    expect(toLocal(expected, zone)).toBe(local);
  });

  test("that the clocks skip is later by what they skip", () => {
    expect(moment("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
  });

  test("that the clocks show twice is the first of the two", () => {
    expect(moment("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
  });

  test("that is none is null", () => {
    expect(toMoment("", "UTC")).toBeNull();
    expect(toMoment("tomorrow", "UTC")).toBeNull();
  });
});
