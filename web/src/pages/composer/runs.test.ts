import { expect, test } from "vitest";

import { runs } from "./runs";

const marked = (text: string) => runs(text).filter((run) => run.marked).map((run) => run.text);

test("links, mentions and hashtags are marked, without the sentence around them", () => {
  expect(marked("See https://example.org/a?b=1, with @ana.b and #Herbstmenü.")).toEqual(["https://example.org/a?b=1", "@ana.b", "#Herbstmenü"]);
});

test("an address of mail is no mention", () => {
  expect(marked("ana@example.org")).toEqual([]);
});

test("nothing is lost", () => {
  const text = "a #b c https://d.example! @e";
  expect(runs(text).map((run) => run.text).join("")).toBe(text);
});
