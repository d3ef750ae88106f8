import { QueryClient, MutationObserver, QueryObserver } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";

import { atOnce, draw, withEntry } from "./optimistic";

interface Thing {
  id: number;
  name: string;
}

const LIST = ["things", "list"];
const rename = (id: number, name: string) => (answer: unknown) => withEntry(answer as Thing[], (one) => one.id === id, (one) => ({ ...one, name }));
const remove = (id: number) => (answer: unknown) => withEntry(answer as Thing[], (one) => one.id === id, () => null);

describe("a change that is shown at once", () => {
  let client: QueryClient;
  const names = () => client.getQueryData<Thing[]>(LIST)?.map(({ name }) => name);

  beforeEach(() => {
    client = new QueryClient();
    client.setQueryData<Thing[]>(LIST, [{ id: 1, name: "one" }, { id: 2, name: "two" }]);
    client.setQueryData<Thing[]>(["others"], [{ id: 1, name: "one" }]);
  });

  it("is drawn on every answer under the key, and on no other", () => {
    client.setQueryData<Thing[]>(["things", "more"], [{ id: 1, name: "one" }]);
    draw(client, ["things"], rename(1, "first"));
    expect(names()).toEqual(["first", "two"]);
    expect(client.getQueryData(["things", "more"])).toEqual([{ id: 1, name: "first" }]);
    expect(client.getQueryData(["others"])).toEqual([{ id: 1, name: "one" }]);
  });

  it("goes back when it is refused", () => {
    const before = client.getQueryData(LIST);
    draw(client, ["things"], remove(2)).undo();
    expect(client.getQueryData(LIST)).toEqual(before);
  });

  it("leaves what was changed after it", () => {
    const first = draw(client, ["things"], rename(1, "first"));
    draw(client, ["things"], rename(2, "second"));
    first.undo();
    expect(names()).toEqual(["first", "second"]);
  });

  it("is drawn on an answer that was given before it, until it is over", async () => {
    const old = () => client.query({ queryKey: LIST, queryFn: () => [{ id: 1, name: "old" }, { id: 2, name: "two" }] });
    const drawn = draw(client, ["things"], rename(1, "first"));
    await old();
    await expect.poll(names).toEqual(["first", "two"]);
    drawn.undo();
    expect(names()).toEqual(["old", "two"]);
    draw(client, ["things"], rename(1, "first")).keep();
    await old();
    expect(names()).toEqual(["old", "two"]);
  });

  it("is shown while the server thinks, goes back with its refusal, and is asked for again", async () => {
    let refuse: (why: Error) => void = () => undefined;
    let asked = 0;
    const seen = new QueryObserver(client, { queryKey: LIST, queryFn: () => ((asked += 1), [{ id: 1, name: "one" }, { id: 2, name: "two" }]), staleTime: Infinity });
    const stop = seen.subscribe(() => undefined);
    const mutation = new MutationObserver(client, {
      mutationFn: (id: number) => new Promise<number>((resolve, reject) => (refuse = id > 0 ? reject : () => resolve(id))),
      ...atOnce<number>(client, ["things"], remove),
    });
    const sent = mutation.mutate(2);
    await expect.poll(names).toEqual(["one"]);
    refuse(new Error("no"));
    await expect(sent).rejects.toThrow("no");
    expect(names()).toEqual(["one", "two"]);
    await expect.poll(() => asked).toBe(1);
    stop();
  });

  it("waits with the next change until the server has answered, and stays drawn on that answer", async () => {
    const sent: string[] = [];
    const answers: (() => void)[] = [];
    const send = (name: string) =>
      new MutationObserver(client, {
        mutationFn: () => new Promise<void>((resolve) => { sent.push(name); answers.push(resolve); }),
        ...atOnce<undefined>(client, ["things"], () => rename(1, name)),
      }).mutate(undefined);
    const first = send("first");
    const second = send("second");
    await expect.poll(names).toEqual(["second", "two"]);
    expect(sent).toEqual(["first"]);
    answers[0]?.();
    await first;
    await expect.poll(() => sent).toEqual(["first", "second"]);
    client.setQueryData<Thing[]>(LIST, [{ id: 1, name: "first" }, { id: 2, name: "answered" }]);
    expect(names()).toEqual(["second", "answered"]);
    answers[1]?.();
    await second;
  });
});
