import { describe, expect, it } from "vitest";

import type { DestinationReadings } from "@/api/types";

import { ageOf, pointsOf, toldMetrics } from "./readings";

function destination(account_id: number, readings: [number, number | null, number | null][]): DestinationReadings {
  return {
    destination_id: null,
    account_id,
    account_name: null,
    platform: "x",
    platform_post_url: null,
    published_at: null,
    status: "reading",
    ended_reason: null,
    message: null,
    next_reading_at: null,
    latest: null,
    readings: readings.map(([age_hours, likes, views]) => ({
      age_hours, likes, views, read_at: "2027-01-01T00:00:00.000Z", clicks: null, comments: null, impressions: null, shares: null,
    })),
  };
}

describe("readings", () => {
  it("offers only what a platform told", () => {
    expect(toldMetrics([destination(1, [[1, 3, null]]), destination(2, [[1, null, null]])])).toEqual(["likes"]);
    expect(toldMetrics([destination(1, [])])).toEqual([]);
  });

  it("puts accounts that were read at the same age on one point, in the order of age", () => {
    const points = pointsOf([destination(1, [[24, 9, 1], [1, 3, 1]]), destination(2, [[1, 5, null], [6, null, 4]])], "likes");
    expect(points).toEqual([
      { x: 3_600_000, 1: 3, 2: 5 },
      { x: 86_400_000, 1: 9 },
    ]);
  });

  it("counts hours first and days later", () => {
    expect(ageOf(6 * 3_600_000)).toEqual({ unit: "hours", count: 6 });
    expect(ageOf(7 * 86_400_000)).toEqual({ unit: "days", count: 7 });
  });
});
