// What belongs to the workspace: campaigns, the posting queue, numbers, rules, captions.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { data, DELETE, GET, PATCH, POST } from "../client";
import type { paths } from "../schema";

type Body<P extends keyof paths, M extends "post" | "patch"> = paths[P][M] extends {
  requestBody: { content: { "application/json": infer B } };
}
  ? B
  : never;

export type CampaignBody = Body<"/campaigns", "post">;
export type QueueBody = Body<"/queue", "patch">;
export type CaptionBody = Body<"/ai/generate-caption", "post">;
export type BreakdownQuery = NonNullable<paths["/analytics/breakdown"]["get"]["parameters"]["query"]>;
type AnalyticsQuery = NonNullable<paths["/analytics/summary"]["get"]["parameters"]["query"]>;

export const useMe = () =>
  useQuery({ queryKey: ["me"], queryFn: ({ signal }) => data(GET("/me", { signal })), staleTime: 60_000 });

export const usePlatformRules = () =>
  useQuery({
    queryKey: ["rules"],
    queryFn: async ({ signal }) => (await data(GET("/platform-rules", { signal }))).platforms,
    staleTime: Infinity,
  });

export function useCampaigns(status?: "active" | "archived") {
  return useQuery({
    queryKey: ["campaigns", status ?? "all"],
    queryFn: async ({ signal }) =>
      (await data(GET("/campaigns", { params: { query: { limit: 100, ...(status ? { status } : {}) } }, signal }))).campaigns,
  });
}

function useCampaignChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => void client.invalidateQueries({ queryKey: ["campaigns"] }),
  });
}

export const useCreateCampaign = () => useCampaignChange((body: CampaignBody) => data(POST("/campaigns", { body })));

export const useUpdateCampaign = () =>
  useCampaignChange(({ id, body }: { id: number; body: Body<"/campaigns/{campaign_id}", "patch"> }) =>
    data(PATCH("/campaigns/{campaign_id}", { params: { path: { campaign_id: id } }, body })),
  );

export const useDeleteCampaign = () =>
  useCampaignChange((id: number) => data(DELETE("/campaigns/{campaign_id}", { params: { path: { campaign_id: id } } })));

export const useQueue = (preview = 10) =>
  useQuery({ queryKey: ["queue", preview], queryFn: ({ signal }) => data(GET("/queue", { params: { query: { preview } }, signal })) });

export function useSetQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: QueueBody) => data(PATCH("/queue", { body })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["queue"] }),
  });
}

export function useDeleteQueue() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => data(DELETE("/queue")),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["queue"] }),
  });
}

export const useAnalytics = (query: AnalyticsQuery) =>
  useQuery({ queryKey: ["analytics", query], queryFn: ({ signal }) => data(GET("/analytics/summary", { params: { query }, signal })) });

/** What was asked before stays until the answer is there, so that the page does not jump. */
export const useBreakdown = (query: BreakdownQuery) =>
  useQuery({
    queryKey: ["analytics", "breakdown", query],
    queryFn: ({ signal }) => data(GET("/analytics/breakdown", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

export const useBestTimes = (accountIds: number[], timezone: string) =>
  useQuery({
    queryKey: ["best-times", accountIds, timezone],
    enabled: accountIds.length > 0,
    queryFn: ({ signal }) =>
      data(GET("/best-times", { params: { query: { account_ids: accountIds.join(","), timezone } }, signal })),
  });

export const useGenerateCaption = () => useMutation({ mutationFn: (body: CaptionBody) => data(POST("/ai/generate-caption", { body })) });
