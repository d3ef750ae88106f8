// Shows what a change will bring before the server has answered, and takes it back if the server refuses. It knows the
// cache of answers and nothing of pages.

import { hashKey, matchQuery, type QueryClient, type QueryKey } from "@tanstack/react-query";

/** What a cached answer will be. It is asked more than once of the same change, so it sets, and never counts. */
export type Draw = (data: unknown, key: QueryKey) => unknown;

/** Whether what is written to a cache right now is a drawing, which no other is drawn on. */
let drawing = false;

function write(client: QueryClient, key: QueryKey, data: unknown): void {
  drawing = true;
  client.setQueryData(key, data);
  drawing = false;
}

export interface Drawn {
  /** The server did it: from now on its own answers are shown. */
  keep: () => void;
  /** The server refused: what it said last is shown again. */
  undo: () => void;
}

/**
 * Draws a change on every answer whose key begins with `key`. Answers that come while the change is on its way were
 * perhaps given before it, so it is drawn on them as well.
 */
export function draw(client: QueryClient, key: QueryKey, change: Draw): Drawn {
  const cache = client.getQueryCache();
  const shown = new Map<string, { key: QueryKey; before: unknown; after: unknown }>();
  const put = (at: QueryKey, before: unknown) => {
    const after = before === undefined ? before : change(before, at);
    if (after === before) return;
    write(client, at, after);
    // What is kept may be another object than what was given: parts that are the same are shared.
    shown.set(hashKey(at), { key: at, before, after: client.getQueryData(at) });
  };
  const under = { queryKey: key };
  for (const query of cache.findAll(under)) put(query.queryKey, query.state.data);
  const stop = cache.subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || drawing) return;
    if (matchQuery(under, event.query)) put(event.query.queryKey as QueryKey, event.query.state.data);
  });
  return {
    keep: stop,
    undo: () => {
      stop();
      for (const { key: at, before, after } of shown.values()) {
        // Whatever was drawn on top since then stays; the answers are asked for again anyway.
        if (client.getQueryData(at) === after) write(client, at, before);
      }
    },
  };
}

/** The changes under one key. Each is sent when the server has answered the one before: two of them may not overtake each other. */
export const oneByOne = (key: QueryKey) => ({ id: hashKey(key) });

/** The options of a mutation that is shown at once, and asks again for what it touched when it is over. */
export function atOnce<Input>(client: QueryClient, key: QueryKey, change: (input: Input) => Draw, again: readonly QueryKey[] = [key]) {
  return {
    scope: oneByOne(key),
    onMutate: (input: Input) => draw(client, key, change(input)),
    onError: (_error: Error, _input: Input, drawn: Drawn | undefined) => drawn?.undo(),
    onSuccess: (_output: unknown, _input: Input, drawn: Drawn | undefined) => drawn?.keep(),
    onSettled: () => {
      for (const name of again) void client.invalidateQueries({ queryKey: name });
    },
  };
}

/** A list with one of its entries as the change makes it, or without it. The same list if it is not there. */
export function withEntry<Entry>(all: Entry[], is: (entry: Entry) => boolean, change: (entry: Entry) => Entry | null): Entry[] {
  if (!all.some(is)) return all;
  return all.flatMap((entry) => (is(entry) ? (change(entry) ?? []) : [entry]));
}
