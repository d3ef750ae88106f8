// The posts of the days that are shown.

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { fetchPlanned, postsKey, type PostFilter } from "@/api/calls/posts";
import type { Post } from "@/api/types";

export interface Stretch {
  from: string;
  to: string;
}

export interface CalendarSearch {
  platform?: string | undefined;
  campaign?: number | undefined;
  status?: string | undefined;
  zone?: string | undefined;
  view?: string | undefined;
}

export const calendarKey = [...postsKey, "calendar"] as const;
/** A draft's time is a suggestion, so it is no part of the plan. */
const PLANNED = "scheduled,publishing,published,partially_failed,failed";

/** The posts of a stretch, and those of the stretches beside it as soon as the browser has nothing else to do. */
export function useCalendarPosts(stretch: Stretch | null, beside: Stretch[], search: CalendarSearch) {
  const client = useQueryClient();
  const filter: PostFilter = {
    status: search.status ?? PLANNED,
    sort: "scheduled_for",
    order: "asc",
    ...(search.platform ? { platform: search.platform } : {}),
    ...(search.campaign ? { campaign_id: search.campaign } : {}),
  };
  const posts = useQuery({ ...planned(stretch, filter), enabled: stretch !== null, placeholderData: keepPreviousData });
  const wanted = JSON.stringify(beside.map((one) => planned(one, filter).queryKey));
  const isThere = posts.isSuccess && !posts.isFetching;
  useEffect(() => {
    if (!isThere) return;
    return whenIdle(() => {
      for (const [, , one, of] of JSON.parse(wanted) as [string, string, Stretch, PostFilter][]) void client.query(planned(one, of)).catch(() => undefined);
    });
  }, [client, wanted, isThere]);
  return posts;
}

function planned(stretch: Stretch | null, filter: PostFilter) {
  return {
    queryKey: [...calendarKey, stretch, filter],
    queryFn: ({ signal }: { signal: AbortSignal }) => (stretch ? fetchPlanned(filter, stretch.from, stretch.to, signal) : Promise.resolve([])),
    structuralSharing: (before: unknown, after: unknown) => sameKept(before as Post[] | undefined, after as Post[]),
  };
}

/** To compare thousands of posts word by word takes longer than to draw them. A post that has not changed has its time. */
export function sameKept(before: Post[] | undefined, after: Post[]): Post[] {
  if (!before) return after;
  const there = new Map(before.map((post) => [post.post_id, post]));
  const kept = after.map((post) => {
    const old = there.get(post.post_id);
    return old && revision(old) === revision(post) ? old : post;
  });
  return kept.length === before.length && kept.every((post, index) => post === before[index]) ? before : kept;
}

const revision = (post: Post) => [post.updated_at, post.status, post.scheduled_for, post.approval.state].join();

/** Safari has no such moment: there the stretches are asked for when somebody goes to them. */
function whenIdle(act: () => void): (() => void) | undefined {
  if (typeof requestIdleCallback !== "function") return undefined;
  const waiting = requestIdleCallback(act);
  return () => cancelIdleCallback(waiting);
}
