// Follows the stream of events, so that a page shows what happens while it is open.

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

const POSTS = [
  "post.scheduled", "post.publishing", "post.published", "post.failed", "post.partially_failed", "post.updated", "post.deleted", "post.overdue",
  "post.approval_requested", "post.approved", "post.changes_requested",
];
const ACCOUNTS = ["account.connected", "account.disconnected", "account.reconnect_needed"];
const MEDIA = ["media.uploaded", "media.deleted"];

/** Many events come at once when a post goes to many accounts; the lists are read again once. */
const TOGETHER_MS = 150;

export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => follow(client), [client]);
}

function follow(client: QueryClient): () => void {
  const source = new EventSource("/v1/events");
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasCut = false;

  const readAgain = (names: string[]) => {
    for (const name of names) waiting.add(name);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const name of waiting) void client.invalidateQueries({ queryKey: [name] });
      waiting.clear();
    }, TOGETHER_MS);
  };
  const listen = (events: string[], names: string[]) => {
    for (const event of events) source.addEventListener(event, () => readAgain(names));
  };
  listen(POSTS, ["posts", "queue", "analytics"]);
  listen(ACCOUNTS, ["accounts"]);
  listen(MEDIA, ["media"]);
  source.addEventListener("error", () => {
    wasCut = true;
  });
  source.addEventListener("open", () => {
    if (wasCut) readAgain(["posts", "queue", "accounts", "media"]);
    wasCut = false;
  });
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
