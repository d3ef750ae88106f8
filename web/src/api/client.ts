// Speaks to the server: the public API under /v1 and the sessions under /session. The session is a cookie;
// requests that change something carry the token that GET /session gave.

import createClient, { type Middleware } from "openapi-fetch";

import { Problem, type ProblemInfo, Unreachable } from "./problem";
import type { paths } from "./schema";

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Is called when the server says that nobody is signed in any more. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET" && csrfToken) request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
};

const client = createClient<paths>({ baseUrl: "/v1", credentials: "same-origin" });
client.use(guard);

export const { GET, POST, PATCH, DELETE } = client;

/** What the server answers. Whatever stands between may answer in its place, in other words. */
interface Envelope<T> {
  data?: T | null;
  error?: Partial<ProblemInfo> | null;
  meta?: { request_id?: string };
}

interface Answered {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** What a good answer carries. Refusals have no part in it. */
type DataOf<A> = A extends { data?: infer E } ? ([NonNullable<E>] extends [never] ? never : NonNullable<E> extends { data: infer D } ? NonNullable<D> : never) : never;

/** The `data` of an answer, or the exception that says why there is none. */
export async function data<A extends Answered>(call: Promise<A>): Promise<DataOf<A>> {
  const { data: good, error: bad, response } = await call.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Unreachable(cause);
  });
  const envelope = (good ?? bad) as Envelope<DataOf<A>> | undefined;
  return unwrap(response, envelope);
}

/** As `data`, where an answer tells what became of each part although the whole is refused. */
export async function parts<T>(call: Promise<Answered>): Promise<T> {
  const { data: good, error: bad, response } = await call.catch((cause: unknown) => {
    throw new Unreachable(cause);
  });
  const envelope = (good ?? bad) as Envelope<T> | undefined;
  if (response.status === 422 && envelope?.data != null) return envelope.data;
  return unwrap(response, envelope);
}

function unwrap<T>(response: Response, envelope: Envelope<T> | undefined): T {
  if (response.ok && envelope?.data != null) return envelope.data;
  if (response.status === 401) onSignedOut();
  throw new Problem(response.status, problemOf(response, envelope), envelope?.meta?.request_id);
}

function problemOf(response: Response, envelope: Envelope<unknown> | undefined): ProblemInfo {
  const { message, ...said } = envelope?.error ?? {};
  const byStatus = { message: `The server answered ${response.status}.`, code: "internal_error", retryable: response.status >= 500 };
  return message ? { ...byStatus, ...said, message } : byStatus;
}

/** A request to the session API. */
export async function session<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = new Headers({ Accept: "application/json" });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (method !== "GET" && csrfToken) headers.set("X-CSRF-Token", csrfToken);
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await fetch(`/session${path}`, request).catch((cause: unknown) => {
    throw new Unreachable(cause);
  });
  const envelope = (await response.json().catch(() => undefined)) as Envelope<T> | undefined;
  const isSignIn = /^\/(sign-in|setup|invitations\/accept|passkeys\/sign-in)/.test(path);
  if (response.status === 401 && isSignIn && envelope?.error) throw new Problem(401, problemOf(response, envelope));
  return unwrap(response, envelope);
}
