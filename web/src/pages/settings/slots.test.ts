import { expect, test } from "vitest";

import { addSlots, sameSlots } from "./slots";

test("a time is added to each day once, in order", () => {
  const slots = addSlots([{ day: 2, time: "09:00" }], [1, 2], "09:00");
  expect(slots).toEqual([{ day: 1, time: "09:00" }, { day: 2, time: "09:00" }]);
  expect(addSlots(slots, [1], "08:00")[0]).toEqual({ day: 1, time: "08:00" });
});

test("the order of slots makes no difference", () => {
  const [one, two] = [{ day: 1, time: "09:00" }, { day: 2, time: "08:00" }];
  expect(sameSlots([one, two], [two, one])).toBe(true);
  expect(sameSlots([one], [one, two])).toBe(false);
});
