import { describe, expect, it } from "vitest";

import { Problem } from "@/api/problem";

import { perform, type Deed } from "./calm";
import type { Tell } from "./toasts";

type Said = Parameters<Tell>;

const t = (key: string) => key;
const no = () => Promise.reject(new Problem(409, { message: "It is published already.", code: "conflict", retryable: false }));

async function done<Output>(deed: Deed<Output>) {
  const said: Said[] = [];
  const ok = await perform(deed, (...words) => void said.push(words), t);
  return { ok, said };
}

describe("what somebody asked for", () => {
  it("is said when the server has done it", async () => {
    const { ok, said } = await done({ send: () => Promise.resolve(3), done: (count) => `${count} moved` });
    expect(ok).toBe(true);
    expect(said).toEqual([["3 moved", {}]]);
  });

  it("is taken back by what undoes it, which offers no undo of its own", async () => {
    const sent: string[] = [];
    const send = (name: string) => () => Promise.resolve(void sent.push(name));
    const { said } = await done({ send: send("there"), done: "Moved", undo: { send: send("back"), done: "Moved back" } });
    said[0]?.[1]?.undo?.();
    await expect.poll(() => said.length).toBe(2);
    expect(sent).toEqual(["there", "back"]);
    expect(said[1]).toEqual(["Moved back", {}]);
  });

  it("is not said to be done when it was refused", async () => {
    let isBack = false;
    const { ok, said } = await done({
      send: no,
      done: "Deleted",
      undo: { send: no, done: "Back" },
      refused: () => {
        isBack = true;
        return false;
      },
    });
    expect(ok).toBe(false);
    expect(isBack).toBe(true);
    expect(said).toEqual([["It is published already.", { tone: "bad" }]]);
  });

  it("leaves the reason to the page that shows it", async () => {
    const { said } = await done({ send: no, done: "Saved", refused: () => true });
    expect(said).toEqual([]);
  });

  it("says when it could not be taken back", async () => {
    const { said } = await done({ send: () => Promise.resolve(), done: "Moved", undo: { send: no, done: "Moved back" } });
    said[0]?.[1]?.undo?.();
    await expect.poll(() => said.length).toBe(2);
    expect(said[1]).toEqual(["It is published already.", { tone: "bad" }]);
  });
});
