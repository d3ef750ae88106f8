// Asks the server what each platform would say, a moment after somebody stopped typing.

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { validatePost } from "@/api/calls/posts";
import type { CreatePostRequest, ValidatedDestination } from "@/api/types";

const STILL_MS = 300;

export interface Validation {
  of: (accountId: number) => ValidatedDestination | undefined;
  destinations: ValidatedDestination[];
  wanted: boolean;
  /** Whether what is shown belongs to what is written now. */
  isFresh: boolean;
  error: unknown;
}

export function useValidation(body: CreatePostRequest, wanted: boolean): Validation {
  const now = JSON.stringify(body);
  const [still] = useDebouncedValue(now, STILL_MS);
  const query = useQuery({
    queryKey: ["validate", still],
    // What was written a moment ago may have had no account yet.
    enabled: wanted && still === now,
    queryFn: ({ signal }) => validatePost(JSON.parse(still) as CreatePostRequest, signal),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    staleTime: Infinity,
  });
  const chosen = new Set(body.account_ids ?? []);
  const destinations = wanted ? (query.data?.destinations ?? []).filter((one) => chosen.has(one.account_id)) : [];
  return {
    destinations,
    wanted,
    of: (accountId) => destinations.find((one) => one.account_id === accountId),
    isFresh: wanted && still === now && !query.isPlaceholderData && !query.isFetching,
    error: wanted ? query.error : null,
  };
}
