// What belongs to the workspace: campaigns, the posting queue, numbers, rules, captions.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { atOnce, withEntry, type Draw } from "@/lib/optimistic";

import { data, DELETE, GET, PATCH, POST } from "../client";
import type { paths } from "../schema";
import type { Campaign, QueueForecast } from "../types";

type Body<P extends keyof paths, M extends "post" | "patch"> = paths[P][M] extends {
  requestBody: { content: { "application/json": infer B } };
}
  ? B
  : never;

export type CampaignBody = Body<"/campaigns", "post">;
export type CampaignChange = Body<"/campaigns/{campaign_id}", "patch">;
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

/** The list of the archived ones, say, loses a campaign that is active again. */
function drawCampaign(id: number, change: (campaign: Campaign) => Campaign | null): Draw {
  return (answer, [, status]) =>
    withEntry(answer as Campaign[], (one) => one.id === id, (campaign) => {
      const next = change(campaign);
      return next && (status === "all" || next.status === status) ? next : null;
    });
}

function useCampaignChange<Input, Output>(change: (input: Input) => Promise<Output>, show: (input: Input) => Draw = () => (answer) => answer) {
  return useMutation({ mutationFn: change, ...atOnce(useQueryClient(), ["campaigns"], show) });
}

export const useCreateCampaign = () => useCampaignChange((body: CampaignBody) => data(POST("/campaigns", { body })));

export const useUpdateCampaign = () =>
  useCampaignChange(
    ({ id, body }: { id: number; body: CampaignChange }) => data(PATCH("/campaigns/{campaign_id}", { params: { path: { campaign_id: id } }, body })),
    ({ id, body }) =>
      drawCampaign(id, (campaign) => ({
        ...campaign,
        name: body.name ?? campaign.name,
        description: body.description ?? campaign.description,
        color: body.color ?? campaign.color,
        status: body.status ?? campaign.status,
      })),
  );

export const useDeleteCampaign = () =>
  useCampaignChange(
    (id: number) => data(DELETE("/campaigns/{campaign_id}", { params: { path: { campaign_id: id } } })),
    (id) => drawCampaign(id, () => null),
  );

export const useQueue = (preview = 10) =>
  useQuery({ queryKey: ["queue", preview], queryFn: ({ signal }) => data(GET("/queue", { params: { query: { preview } }, signal })) });

const queueKey = ["queue"] as const;

export function useSetQueue() {
  return useMutation({
    mutationFn: (body: QueueBody) => data(PATCH("/queue", { body })),
    ...atOnce(useQueryClient(), queueKey, ({ slots, timezone, name }: QueueBody) => (answer) => {
      const forecast = answer as QueueForecast;
      // Which slots are free is for the server to say.
      return { ...forecast, queue: { name: name ?? forecast.queue?.name ?? "", timezone: timezone ?? forecast.queue?.timezone ?? "UTC", slots: slots ?? forecast.queue?.slots ?? [] } };
    }),
  });
}

export function useDeleteQueue() {
  return useMutation({
    mutationFn: () => data(DELETE("/queue")),
    ...atOnce(useQueryClient(), queueKey, () => (answer) => ({ ...(answer as QueueForecast), queue: null, upcoming: [] })),
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
