import { describe, expect, it } from "vitest";

import { typeOf } from "@/api/calls/import";

import { mappingOf, pauseOf } from "./mapping";

describe("a file of posts", () => {
  it("says nothing of accounts where nothing was chosen", () => {
    expect(mappingOf([])).toBeUndefined();
    expect(mappingOf([{ name: " ", accountId: 1 }, { name: "shop", accountId: null }])).toBeUndefined();
  });

  it("names accounts as the file does", () => {
    expect(mappingOf([{ name: " The Shop ", accountId: 3121 }, { name: 'a"b', accountId: 7 }])).toBe('{"The Shop":3121,"a\\"b":7}');
  });

  it("goes by the ending of the name", () => {
    expect(typeOf("postiz.JSON")).toBe("application/json");
    expect(typeOf("posts.csv")).toBe("text/csv");
    expect(typeOf("posts")).toBe("text/csv");
  });

  it("waits as long as the server says, within bounds", () => {
    expect([pauseOf(null), pauseOf(0), pauseOf(12.2), pauseOf(86_400)]).toEqual([null, 2, 13, 600]);
  });
});
