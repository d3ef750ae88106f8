// The posts of the days that are shown.

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { fetchPlanned, postsKey, type PostFilter } from "@/api/calls/posts";

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

export function useCalendarPosts(stretch: Stretch | null, search: CalendarSearch) {
  const filter: PostFilter = {
    status: search.status ?? PLANNED,
    sort: "scheduled_for",
    order: "asc",
    ...(search.platform ? { platform: search.platform } : {}),
    ...(search.campaign ? { campaign_id: search.campaign } : {}),
  };
  return useQuery({
    queryKey: [...calendarKey, stretch, filter],
    enabled: stretch !== null,
    queryFn: ({ signal }) => (stretch ? fetchPlanned(filter, stretch.from, stretch.to, signal) : []),
    placeholderData: keepPreviousData,
  });
}
