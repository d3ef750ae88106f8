// Social accounts, their health, and the ways to connect them.

import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";

import { data, DELETE, GET, POST } from "../client";
import type { paths } from "../schema";

export type CredentialRequest = paths["/accounts/connect-credential"]["post"]["requestBody"]["content"]["application/json"];
type LinkRequest = paths["/accounts/connect-link"]["post"]["requestBody"]["content"]["application/json"];

export const accountsKey = ["accounts"] as const;

export function useAccounts() {
  return useQuery({
    queryKey: [...accountsKey, "list"],
    queryFn: async ({ signal }) => (await data(GET("/accounts", { signal }))).accounts,
  });
}

const healthOf = (id: number) => ({
  queryKey: [...accountsKey, "health", id],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    data(GET("/accounts/{account_id}/health", { params: { path: { account_id: id } }, signal })),
});

export const useAccountHealth = (id: number) => useQuery(healthOf(id));

export function useAllHealth(ids: number[]) {
  return useQueries({ queries: ids.map(healthOf) });
}

/** What is used of its platform's limits; it changes with every post and by itself. */
export const useAccountLimits = (id: number) =>
  useQuery({
    queryKey: [...accountsKey, "limits", id],
    queryFn: ({ signal }) => data(GET("/accounts/{account_id}/limits", { params: { path: { account_id: id } }, signal })),
    refetchInterval: 30_000,
  });

/** Followers as they were counted. */
export function useAccountMetrics(ids: number[]) {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: [...accountsKey, "metrics", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => data(GET("/accounts/{account_id}/metrics", { params: { path: { account_id: id } }, signal })),
      staleTime: 60_000,
    })),
  });
}

export function useConnectLink() {
  return useMutation({ mutationFn: (body: LinkRequest) => data(POST("/accounts/connect-link", { body })) });
}

export function useReconnect() {
  return useMutation({
    mutationFn: (id: number) => data(POST("/accounts/{account_id}/reconnect", { params: { path: { account_id: id } } })),
  });
}

export function useConnectCredential() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CredentialRequest) => data(POST("/accounts/connect-credential", { body })),
    onSuccess: () => void client.invalidateQueries({ queryKey: accountsKey }),
  });
}

export function useDisconnect() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => data(DELETE("/accounts/{account_id}", { params: { path: { account_id: id } } })),
    onSettled: () => void client.invalidateQueries({ queryKey: accountsKey }),
  });
}

/** Asks every two seconds how far a sign-in has come. */
export function useConnectState(sessionId: string | null) {
  return useQuery({
    queryKey: ["connect", sessionId],
    enabled: sessionId !== null,
    queryFn: ({ signal }) =>
      data(GET("/auth/social-connect/poll/{session_id}", { params: { path: { session_id: sessionId ?? "" } }, signal })),
    refetchInterval: (query) => (query.state.data && query.state.data.status !== "pending" ? false : 2000),
  });
}
