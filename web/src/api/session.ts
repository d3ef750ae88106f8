// The session API: who is signed in, and what belongs to people and their organization.

import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";

import { createPasskey, offersPasskeys, signWithPasskey } from "@/lib/passkeys";

import { session, setCsrfToken } from "./client";

export const ROLES = ["owner", "admin", "editor", "approver", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export interface OrganizationOf {
  id: string;
  name: string;
  role?: Role;
}

export interface SessionState {
  signed_in: boolean;
  setup_needed: boolean;
  user: { id: number; name: string; email: string; has_password: boolean; is_operator: boolean } | null;
  organization: OrganizationOf | null;
  role: Role | null;
  organizations: OrganizationOf[];
  csrf_token: string | null;
  /** How people may sign in besides a password. */
  ways_in: { passkeys: boolean; provider: string | null };
  version: string;
  sandbox: boolean;
}

export interface OpenSession {
  id: string;
  current: boolean;
  created_at: string;
  last_seen_at: string | null;
  expires_at: string | null;
  address: string | null;
  user_agent: string | null;
}

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

/** A login of another system that signs one in. */
export interface Identity {
  id: string;
  provider: string;
  host: string;
  /** Whether people sign in by this system now. */
  open: boolean;
  subject: string;
  email: string | null;
  name: string | null;
  created_at: string;
  last_used_at: string;
}

export interface Member {
  user_id: number;
  name: string;
  email: string;
  role: Role;
  joined_at?: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  created_at: string;
  expires_at: string;
  invited_by?: string | null;
}

export interface MadeInvitation extends Invitation {
  url?: string;
  token?: string;
}

export interface ApiKey {
  id: string;
  name: string;
  key_prefix: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at?: string | null;
}

export interface MadeApiKey extends ApiKey {
  key: string;
}

export interface AuditEntry {
  id: string | number;
  created_at: string;
  action: string;
  actor: string | null;
  detail?: string | null;
  address?: string | null;
}

export interface LoggedRequest {
  id: string;
  request_id: string;
  method: string;
  path: string;
  status: number;
  duration_ms: number;
  key_id: string;
  key_name: string | null;
  key_prefix: string | null;
  created_at: string;
}

export interface ServerPlatform {
  platform: string;
  name: string;
  needs_app: boolean;
  set_up: boolean;
  redirect_url: string | null;
  /** For operators, where the platform wants an app. */
  app: { source: "configuration" | "stored" | "sandbox" | null; client_id: string | null; updated_at: string | null } | null;
}

export interface ServerAi {
  set_up: boolean;
  host: string | null;
  caption_model: string | null;
  image_models: string[];
  /** For operators. */
  provider: { source: "configuration" | "stored" | "sandbox" | null; base_url: string | null; has_key: boolean; image_model: string | null } | null;
}

export interface ServerBackup {
  last: { made_at: string; name: string; size_bytes: number; seconds: number } | null;
  /** There is none, or an old one only. */
  due: boolean;
  /** The database may have backups that this program does not know. */
  postgres: boolean;
}

export interface ServerInfo {
  version: string;
  public_url: string;
  /** Whether the person may change what belongs to the installation. */
  is_operator: boolean;
  platforms: ServerPlatform[];
  ai: ServerAi;
  /** For operators. */
  backup: ServerBackup | null;
}

export const sessionKey = ["session"] as const;

export async function fetchSession(): Promise<SessionState> {
  const state = await session<SessionState>("GET", "");
  setCsrfToken(state.csrf_token);
  return state;
}

export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: fetchSession, staleTime: 60_000 });
}

/** What the person may do here. The server decides; this only keeps what would be refused out of the way. */
export function useMay(): { write: boolean; manage: boolean; approve: boolean; operate: boolean } {
  const { data } = useSession();
  const role = data?.role;
  const manage = role === "owner" || role === "admin";
  const operate = data?.user?.is_operator ?? false;
  return { manage, operate, write: manage || role === "editor", approve: manage || role === "approver" };
}

/** Another person, or nobody: what was loaded for the one before is forgotten. */
function beginAgain(client: QueryClient, state: SessionState): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey.length > 1 || queryKey[0] !== sessionKey[0] });
  client.setQueryData(sessionKey, state);
}

/** Ways in: each leaves a session behind and everything else that was loaded is forgotten. */
function useWayIn<Body>(path: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => session("POST", path, body),
    onSuccess: async () => {
      beginAgain(client, await fetchSession());
    },
  });
}

export const useSignIn = () => useWayIn<{ email: string; password: string }>("/sign-in");
export const useSignInLink = () => useWayIn<{ token: string }>("/sign-in-link");
export const useAcceptInvitation = () => useWayIn<{ token: string; name: string; password: string }>("/invitations/accept");
export const useSetup = () =>
  useWayIn<{ setup_token: string; email: string; password: string; name: string; organization_name: string }>("/setup");

interface Asked {
  token: string;
  options: Record<string, unknown>;
}

/** Signs in with a passkey: when asked to, or with one that the browser offers in the field for the address. */
export function usePasskeySignIn(goOn: () => void) {
  const client = useQueryClient();
  const offered = useRef<AbortController | null>(null);
  const { mutate, ...state } = useMutation({
    mutationFn: async (isOffer: boolean) => {
      // A browser answers one request at a time, so an offer ends when somebody presses the button, even
      // while its challenge is on the way.
      offered.current?.abort();
      offered.current = isOffer ? new AbortController() : null;
      const signal = offered.current?.signal;
      if (isOffer && !(await offersPasskeys())) return false;
      const { token, options } = await session<Asked>("POST", "/passkeys/sign-in/challenge", {});
      if (signal?.aborted) return false;
      const credential = await signWithPasskey(options, signal);
      if (!credential) return false;
      await session("POST", "/passkeys/sign-in", { token, credential });
      beginAgain(client, await fetchSession());
      return true;
    },
    onSuccess: (isDone) => {
      if (isDone) goOn();
    },
  });
  useEffect(() => () => offered.current?.abort(), []);
  const offer = useCallback(() => mutate(true), [mutate]);
  return { ...state, isPending: state.isPending && !state.variables, offer, signIn: () => mutate(false) };
}

/** Adds a passkey of this name; null when the person does not want to any more. */
export function useAddPasskey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      const { token, options } = await session<Asked>("POST", "/passkeys/challenge", {});
      const credential = await createPasskey(options);
      return credential && session<Passkey>("POST", "/passkeys", { token, name, credential });
    },
    onSuccess: () => void client.invalidateQueries({ queryKey: [...sessionKey, "passkeys"] }),
  });
}

/** Goes to the other system to sign in there. */
export function useDepart() {
  return useMutation({
    mutationFn: (body: { then: string | null }) => session<{ url: string }>("POST", "/provider", body),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}

/** Goes to the other system to link the login that one has there. */
export function useDepartToLink() {
  return useMutation({
    mutationFn: () => session<{ url: string }>("POST", "/provider/link", {}),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}

/** Looks at another organization. The page begins anew, so that nothing of the one before is left in it. */
export function useSwitchOrganization() {
  return useMutation({
    mutationFn: (body: { organization_id: string }) => session("POST", "/organization", body),
    onSuccess: () => window.location.assign("/posts"),
  });
}

export function useSignOut(everywhere = false) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => session("POST", everywhere ? "/sign-out-everywhere" : "/sign-out"),
    onSuccess: async () => {
      beginAgain(client, await fetchSession());
    },
  });
}

/** A list of the session API. The name of the list is the last part of its path with underscores. */
export function useSessionList<T>(path: "sessions" | "passkeys" | "identities" | "members" | "invitations" | "api-keys") {
  return useQuery({
    queryKey: [...sessionKey, path],
    queryFn: async () => {
      const answer = await session<Record<string, T[]>>("GET", `/${path}`);
      return answer[path.replace("-", "_")] ?? [];
    },
  });
}

export function useAuditLog(cursor: string | null) {
  return useQuery({
    queryKey: [...sessionKey, "audit-log", cursor],
    queryFn: () =>
      session<{ entries: AuditEntry[]; pagination: { next_cursor?: string | null } }>(
        "GET",
        `/audit-log${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`,
      ),
  });
}

/** What keys asked, the latest first; read again now and then while somebody looks at the newest. */
export function useRequests(failed: boolean, cursor: string | null) {
  const query = new URLSearchParams({ limit: "50", ...(failed ? { failed: "true" } : {}), ...(cursor ? { cursor } : {}) });
  return useQuery({
    queryKey: [...sessionKey, "requests", failed, cursor],
    queryFn: () => session<{ requests: LoggedRequest[]; pagination: { next_cursor: string | null } }>("GET", `/requests?${query.toString()}`),
    refetchInterval: cursor ? false : 5_000,
  });
}

export const useServer = () =>
  useQuery({ queryKey: [...sessionKey, "server"], queryFn: () => session<ServerInfo>("GET", "/server"), staleTime: 60_000 });

/** A change through the session API, after which the named list is read again. */
export function useSessionChange<Body, Answer = unknown>(method: "POST" | "PATCH" | "DELETE", list: string, path: (body: Body) => string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => session<Answer>(method, path(body), method === "DELETE" ? undefined : body),
    onSuccess: () => void client.invalidateQueries({ queryKey: [...sessionKey, list] }),
  });
}

/** A change of what belongs to the installation. The server answers with how it is set up then. */
export function useServerChange<Body>(method: "PUT" | "DELETE", path: (body: Body) => string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => session<ServerInfo>(method, path(body), method === "DELETE" ? undefined : body),
    onSuccess: (info) => client.setQueryData([...sessionKey, "server"], info),
  });
}

/** What the provider's answer means. */
export interface ProviderTest {
  works: boolean;
  /** The same may work a moment later, as it is. */
  passing: boolean;
  message: string | null;
}

/** Asks the provider of captions and pictures whether it answers. */
export const useTestProvider = () => useMutation({ mutationFn: () => session<ProviderTest>("POST", "/ai-provider/test", {}) });
