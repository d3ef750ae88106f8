import { expect, test } from "vitest";

import { asked, daysOf } from "./search";

const NOW = new Date("2027-03-31T10:00:00Z");

test("days that are chosen are in order, and thirty where they are none", () => {
  expect(daysOf({ from: "2027-02-01", to: "2027-01-05" }, NOW, "UTC")).toEqual({ from: "2027-01-05", to: "2027-02-01" });
  expect(daysOf({}, NOW, "UTC")).toEqual({ from: "2027-03-01", to: "2027-03-31" });
  expect(daysOf({ from: "x", to: "2027-13-40" }, NOW, "UTC")).toEqual({ from: "2027-03-01", to: "2027-03-31" });
});

test("a day is asked for from its first to its last moment, also when clocks change", () => {
  const day = { period: "custom", from: "2027-03-28", to: "2027-03-28" };
  expect(asked(day, "Europe/Berlin")).toEqual({ period: "custom", from: "2027-03-27T23:00:00.000Z", to: "2027-03-28T21:59:59.999Z" });
  expect(asked({ period: "week", from: "2027-03-28" }, "UTC")).toEqual({ period: "week" });
  expect(asked({ period: "years" }, "UTC")).toEqual({ period: "month" });
});
