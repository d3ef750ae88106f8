import { expect, test } from "vitest";

import { dailyPoints } from "./follower-points";

test("accounts that were counted on the same day share a point, which has the latest count", () => {
  const points = dailyPoints([
    { id: 1, readings: [{ read_at: "2027-01-02T01:00:00.000Z", followers: 10 }, { read_at: "2027-01-02T23:00:00.000Z", followers: 12 }] },
    { id: 2, readings: [{ read_at: "2027-01-01T12:00:00.000Z", followers: 5 }, { read_at: "2027-01-02T12:00:00.000Z", followers: 6 }] },
  ]);
  expect(points).toEqual([
    { x: Date.parse("2027-01-01"), 2: 5 },
    { x: Date.parse("2027-01-02"), 1: 12, 2: 6 },
  ]);
  expect(dailyPoints([{ id: 1, readings: [] }])).toEqual([]);
});
