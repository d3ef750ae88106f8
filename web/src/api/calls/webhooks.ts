// Webhooks, the log of their deliveries, and what is done with both.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { atOnce, withEntry, type Draw } from "@/lib/optimistic";

import { data, DELETE, GET, PATCH, POST } from "../client";
import type { paths } from "../schema";
import type { Webhook } from "../types";

export type WebhookBody = paths["/webhooks"]["post"]["requestBody"]["content"]["application/json"];
export type WebhookChange = paths["/webhooks/{webhook_id}"]["patch"]["requestBody"]["content"]["application/json"];
export type DeliveryFilter = NonNullable<paths["/webhooks/{webhook_id}/deliveries"]["get"]["parameters"]["query"]>;

const key = ["webhooks"] as const;
const path = (id: string) => ({ path: { webhook_id: id } });

export const useWebhooks = () =>
  useQuery({ queryKey: [...key, "list"], queryFn: async ({ signal }) => (await data(GET("/webhooks", { signal }))).webhooks });

export const useDeliveries = (id: string, query: DeliveryFilter) =>
  useQuery({
    queryKey: [...key, "deliveries", id, query],
    queryFn: ({ signal }) => data(GET("/webhooks/{webhook_id}/deliveries", { params: { ...path(id), query }, signal })),
    placeholderData: keepPreviousData,
  });

function drawWebhook(id: string, change: (webhook: Webhook) => Webhook | null): Draw {
  return (answer, [, kind]) => (kind === "list" ? withEntry(answer as Webhook[], (one) => one.id === id, change) : answer);
}

function useChange<Input, Output>(change: (input: Input) => Promise<Output>, show: (input: Input) => Draw = () => (answer) => answer) {
  return useMutation({ mutationFn: change, ...atOnce(useQueryClient(), key, show) });
}

export const useCreateWebhook = () => useChange((body: WebhookBody) => data(POST("/webhooks", { body })));

export const useUpdateWebhook = () =>
  useChange(
    ({ id, body }: { id: string; body: WebhookChange }) => data(PATCH("/webhooks/{webhook_id}", { params: path(id), body })),
    ({ id, body: { is_active } }) => drawWebhook(id, (webhook) => (is_active == null ? webhook : { ...webhook, is_active, auto_disabled_at: null })),
  );

export const useDeleteWebhook = () =>
  useChange(
    (id: string) => data(DELETE("/webhooks/{webhook_id}", { params: path(id) })),
    (id) => drawWebhook(id, () => null),
  );

export const useTestWebhook = () => useChange((id: string) => data(POST("/webhooks/{webhook_id}/test", { params: path(id) })));

export const useReplay = () =>
  useChange(({ webhook, delivery }: { webhook: string; delivery: string }) =>
    data(
      POST("/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", {
        params: { path: { webhook_id: webhook, delivery_id: delivery } },
      }),
    ),
  );

export const useRequeueAll = () =>
  useChange((id: string) => data(POST("/webhooks/{webhook_id}/deliveries/requeue", { params: path(id), body: {} })));
