// Posts: lists, one post, and what is done to them.

import { keepPreviousData, useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { atOnce, oneByOne, withEntry, type Draw, type Drawn } from "@/lib/optimistic";

import { data, DELETE, GET, PATCH, POST } from "../client";
import type { CreatePostRequest, Post } from "../types";
import type { paths } from "../schema";

export type PostFilter = NonNullable<paths["/posts"]["get"]["parameters"]["query"]>;
export type PostChange = NonNullable<paths["/posts/{post_id}"]["patch"]["requestBody"]>["content"]["application/json"];
type ScheduleRequest = paths["/posts/{post_id}/schedule"]["post"]["requestBody"]["content"]["application/json"];

export const postsKey = ["posts"] as const;
const postKey = (id: string) => [...postsKey, "one", id] as const;

export function usePosts(filter: PostFilter) {
  return useQuery({
    queryKey: [...postsKey, "list", filter],
    queryFn: ({ signal }) => data(GET("/posts", { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** How many days are asked for at once. A month's answers come beside each other. */
const SLICE_MS = 7 * 86_400_000;

/** Every post that is planned between two moments, in their order. */
export async function fetchPlanned(filter: PostFilter, from: string, to: string, signal: AbortSignal): Promise<Post[]> {
  const begin = Date.parse(from);
  const end = Date.parse(to);
  const slices: Promise<Post[]>[] = [];
  for (let at = begin; at < end; at += SLICE_MS) {
    const until = Math.min(at + SLICE_MS, end);
    slices.push(fetchAll({ ...filter, scheduled_after: new Date(at).toISOString(), scheduled_before: new Date(until).toISOString() }, signal));
  }
  // A post that stands on the border is in both.
  return [...new Map((await Promise.all(slices)).flat().map((post) => [post.post_id, post])).values()];
}

/** All pages of a list, one after the other. */
async function fetchAll(filter: PostFilter, signal: AbortSignal): Promise<Post[]> {
  const posts: Post[] = [];
  let cursor: string | null = null;
  do {
    const query: PostFilter = { ...filter, limit: 100, ...(cursor ? { cursor } : {}) };
    const page: { posts: Post[]; pagination: { next_cursor?: string | null } } = await data(GET("/posts", { params: { query }, signal }));
    posts.push(...page.posts);
    cursor = page.pagination.next_cursor ?? null;
  } while (cursor);
  return posts;
}

export function usePost(id: string) {
  return useQuery({
    queryKey: postKey(id),
    queryFn: ({ signal }) => data(GET("/posts/{post_id}", { params: { path: { post_id: id } }, signal })),
  });
}

/** The outcome of each destination, with the time of its next attempt. */
export function useResults(id: string) {
  return useQuery({
    queryKey: [...postKey(id), "results"],
    queryFn: ({ signal }) => data(GET("/posts/{post_id}/results", { params: { path: { post_id: id } }, signal })),
  });
}

/** What was tried on each account. */
export function useAttempts(id: string) {
  return useQuery({
    queryKey: [...postKey(id), "attempts"],
    queryFn: ({ signal }) => data(GET("/posts/{post_id}/attempts", { params: { path: { post_id: id } }, signal })),
  });
}

/** How it did, reading by reading. */
export function usePostMetrics(id: string) {
  return useQuery({
    queryKey: [...postKey(id), "metrics"],
    queryFn: ({ signal }) => data(GET("/posts/{post_id}/metrics", { params: { path: { post_id: id } }, signal })),
  });
}

/** A post as it will be, wherever it is shown: in lists, in the calendar, on its page. */
function drawPost(id: string, change: (post: Post) => Post | null): Draw {
  const is = (post: Post) => post.post_id === id;
  return (answer, [, kind, of, part]) => {
    if (kind === "calendar") return withEntry(answer as Post[], is, change);
    if (kind === "one") return of === id && part === undefined ? (change(answer as Post) ?? answer) : answer;
    if (kind !== "list") return answer;
    const { posts, pagination } = answer as { posts: Post[]; pagination: { total: number } };
    const left = withEntry(posts, is, change);
    if (left === posts) return answer;
    return { ...(answer as object), posts: left, pagination: { ...pagination, total: pagination.total - (posts.length - left.length) } };
  };
}

const AGAIN = [postsKey, ["queue"]] as const;

/** `show` makes of a post what the server is expected to make of it. */
function useChange<Input, Output>(change: (input: Input) => Promise<Output>, show: (input: Input) => Draw = () => (answer) => answer) {
  return useMutation({ mutationFn: change, ...atOnce(useQueryClient(), postsKey, show, AGAIN) });
}

/** As `useChange`, where the server answers with the post: its page shows that at once, without asking once more. */
function useChangeOfPost<Input>(change: (input: Input) => Promise<Post>, show: (input: Input) => Draw) {
  const client = useQueryClient();
  const options = atOnce(client, postsKey, show, AGAIN);
  return useMutation({
    mutationFn: change,
    ...options,
    onSuccess: (post: Post, input: Input, drawn: Drawn | undefined) => {
      options.onSuccess(post, input, drawn);
      client.setQueryData(postKey(post.post_id), post);
    },
  });
}

/** Whether a change of a post is on its way: what is shown may be newer than what the server knows. */
export const useIsChanging = () => useIsMutating({ predicate: ({ options }) => options.scope?.id === oneByOne(postsKey).id }) > 0;

const decided = (state: Post["approval"]["state"], note: string | null) => (post: Post): Post => ({
  ...post,
  approval: { state, note, by: null, at: null },
});

/** The key is made once for what a person wants done, so that a second try does not do it twice. */
export const useCreatePost = () =>
  useChange(({ body, key }: { body: CreatePostRequest; key: string }) =>
    data(POST("/posts", { body, params: { header: { "Idempotency-Key": key } } })),
  );

export const useUpdatePost = () =>
  useChangeOfPost(
    ({ id, body }: { id: string; body: PostChange }) => data(PATCH("/posts/{post_id}", { params: { path: { post_id: id } }, body })),
    // The rest of a post is derived from what is sent in more ways than can be known here.
    ({ id, body: { scheduled_for } }) => drawPost(id, (post) => (scheduled_for ? { ...post, scheduled_for } : post)),
  );

export const useSchedulePost = () =>
  useChange(
    ({ id, body }: { id: string; body: ScheduleRequest }) => data(POST("/posts/{post_id}/schedule", { params: { path: { post_id: id } }, body })),
    ({ id, body: { scheduled_for } }) =>
      drawPost(id, (post) => (scheduled_for ? { ...post, status: "scheduled", scheduled_for } : { ...post, status: "publishing" })),
  );

export function useDeletePost() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => data(DELETE("/posts/{post_id}", { params: { path: { post_id: id } } })),
    ...atOnce(client, postsKey, (id: string) => drawPost(id, () => null), []),
    onSettled: (_output, error, id) => {
      // The post itself is not asked for again: it is gone.
      const isGone = (key: readonly unknown[]) => !error && key[1] === "one" && key[2] === id;
      void client.invalidateQueries({ predicate: ({ queryKey }) => ["posts", "queue", "campaigns"].includes(String(queryKey[0])) && !isGone(queryKey) });
    },
  });
}

export const useRetryPost = () =>
  useChange(({ id, accounts }: { id: string; accounts?: number[] }) =>
    data(POST("/posts/{post_id}/retry", { params: { path: { post_id: id } }, body: accounts ? { account_ids: accounts } : {} })),
  );

export type Resolution = paths["/posts/{post_id}/resolve"]["post"]["requestBody"]["content"]["application/json"];

export const useResolvePost = () =>
  useChange(({ id, body }: { id: string; body: Resolution }) => data(POST("/posts/{post_id}/resolve", { params: { path: { post_id: id } }, body })));

export const useApprovePost = () =>
  useChangeOfPost(
    ({ id, body }: { id: string; body: { note?: string; updated_at: string } }) =>
      data(POST("/posts/{post_id}/approve", { params: { path: { post_id: id } }, body })),
    ({ id, body }) => drawPost(id, decided("approved", body.note ?? null)),
  );

export const useRequestChanges = () =>
  useChangeOfPost(
    ({ id, note }: { id: string; note: string }) => data(POST("/posts/{post_id}/request-changes", { params: { path: { post_id: id } }, body: { note } })),
    ({ id, note }) => drawPost(id, decided("changes_requested", note)),
  );

export const useAskForApproval = () =>
  useChangeOfPost(
    (id: string) => data(POST("/posts/{post_id}/request-approval", { params: { path: { post_id: id } }, body: {} })),
    (id) => drawPost(id, decided("requested", null)),
  );

export function validatePost(body: CreatePostRequest, signal: AbortSignal) {
  return data(POST("/posts/validate", { body, signal }));
}
