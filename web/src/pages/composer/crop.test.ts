import { describe, expect, it } from "vitest";

import { areaOf, moved, outputOf, WHOLE } from "./crop";

const wide = { width: 4000, height: 2000 };

describe("cropping", () => {
  it("takes the whole picture at first", () => {
    expect(areaOf(wide, "original", WHOLE)).toEqual({ x: 0, y: 0, width: 4000, height: 2000 });
  });

  it("takes the middle in another ratio", () => {
    expect(areaOf(wide, "1:1", WHOLE)).toEqual({ x: 1000, y: 0, width: 2000, height: 2000 });
    expect(areaOf({ width: 1000, height: 2000 }, "1:1", WHOLE)).toEqual({ x: 0, y: 500, width: 1000, height: 1000 });
  });

  it("goes nearer around the point, and never out of the picture", () => {
    expect(areaOf(wide, "original", { zoom: 2, x: 0.5, y: 0.5 })).toEqual({ x: 1000, y: 500, width: 2000, height: 1000 });
    expect(areaOf(wide, "original", { zoom: 2, x: 0, y: 9 })).toEqual({ x: 0, y: 1000, width: 2000, height: 1000 });
    expect(areaOf(wide, "original", { zoom: 0.1, x: 0.5, y: 0.5 }).width).toBe(4000);
  });

  it("follows the hand, and stops at the edge", () => {
    const near = { zoom: 2, x: 0.5, y: 0.5 };
    expect(areaOf(wide, "original", moved(wide, "original", near, { x: 300, y: -100 }))).toMatchObject({ x: 700, y: 600 });
    const far = moved(wide, "original", near, { x: 90_000, y: 0 });
    expect(areaOf(wide, "original", far).x).toBe(0);
    expect(areaOf(wide, "original", moved(wide, "original", far, { x: -10, y: 0 })).x).toBe(10);
  });

  it("keeps the ratio when a large part is made smaller", () => {
    expect(outputOf({ x: 0, y: 0, width: 8192, height: 4096 })).toEqual({ width: 4096, height: 2048 });
    expect(outputOf({ x: 0, y: 0, width: 0.2, height: 0.2 })).toEqual({ width: 1, height: 1 });
  });
});
