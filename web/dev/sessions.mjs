// The session API as the server has it, in memory: enough to work on the pages.

import { randomBytes, randomUUID } from "node:crypto";

const COOKIE = /(?:^|;\s*)fanfare_session=([0-9a-f]+)/;
const MINUTE = 60_000;
/** A second one to look at. The demo behind it is the same. */
const OTHER_ORGANIZATION = "00000000-0000-4000-8000-000000000002";

export class Sessions {
  constructor({ baseUrl, apiKey, setupNeeded }) {
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
    this.setupNeeded = setupNeeded;
    this.open = new Map();
    this.invitations = [];
    this.passwords = new Map([
      ["ana@example.org", "correct horse battery"],
      ["vera@example.org", "correct horse battery"],
    ]);
    this.members = [
      { user_id: 501, name: "Ana", email: "ana@example.org", role: "owner", joined_at: at(-90 * 24 * 60) },
      { user_id: 502, name: "Vera", email: "vera@example.org", role: "viewer", joined_at: at(-30 * 24 * 60) },
    ];
    this.keys = [];
    this.log = [];
    this.note("session.started", "Ana", "Signed in");
  }

  note(action, actor, detail) {
    this.log.unshift({ id: randomUUID(), created_at: at(0), action, actor, detail, address: "127.0.0.1" });
  }

  find(request) {
    return this.open.get(COOKIE.exec(request.headers.cookie ?? "")?.[1]);
  }

  /** Whether a request to the API may pass; answers it if not. */
  lets(request, response) {
    if (request.headers.authorization) return true;
    const session = this.find(request);
    if (!session) return refuse(response, 401, "unauthorized", "Sign in to continue.");
    if (request.method !== "GET" && request.headers["x-csrf-token"] !== session.csrf) {
      return refuse(response, 403, "csrf_failed", "The page is out of date. Load it again.");
    }
    return true;
  }

  async answer(request, response) {
    const { pathname } = new URL(request.url, "http://local");
    const call = `${request.method} ${pathname.replace(/^\/session/, "") || "/"}`;
    const session = this.find(request);
    const body = await read(request);
    const open = /^(GET \/$|POST \/(setup|sign-in|sign-in-link|invitations\/accept)$)/.test(call);
    if (!open && !session) return refuse(response, 401, "unauthorized", "Sign in to continue.");
    if (!open && request.method !== "GET" && request.headers["x-csrf-token"] !== session.csrf) {
      return refuse(response, 403, "csrf_failed", "The page is out of date. Load it again.");
    }
    for (const [pattern, handler] of this.routes()) {
      const match = pattern.exec(call);
      if (match) return handler({ response, body, session, id: match[1] });
    }
    return refuse(response, 404, "not_found", "There is no such thing here.");
  }

  routes() {
    return [
      [/^GET \/$/, ({ response, session }) => this.state(response, session)],
      [/^POST \/setup$/, (call) => this.setup(call)],
      [/^POST \/sign-in$/, (call) => this.signIn(call)],
      [/^POST \/sign-in-link$/, ({ response, body }) => (body.token === "demo" ? this.start(response, this.members[0]) : refuse(response, 401, "invalid_token", "This link was used or has ended. Ask for a new one."))],
      [/^POST \/sign-out$/, (call) => this.signOut(call, (entry) => entry === call.session)],
      [/^POST \/sign-out-everywhere$/, (call) => this.signOut(call, () => true)],
      [/^POST \/organization$/, ({ response, body, session }) => {
        session.organization = body.organization_id;
        return this.state(response, session);
      }],
      [/^GET \/sessions$/, ({ response, session }) => say(response, 200, { sessions: [...this.open.values()].map((entry) => this.shown(entry, session)) })],
      [/^DELETE \/sessions\/(.+)$/, (call) => this.endSession(call)],
      [/^POST \/password$/, (call) => this.password(call)],
      [/^GET \/members$/, ({ response }) => say(response, 200, { members: this.members })],
      [/^PATCH \/members\/(.+)$/, ({ response, body, id }) => say(response, 200, Object.assign(this.members.find((one) => one.user_id === Number(id)), body))],
      [/^DELETE \/members\/(.+)$/, ({ response, id }) => {
        this.members = this.members.filter((one) => one.user_id !== Number(id));
        return say(response, 200, { user_id: Number(id), removed: true });
      }],
      [/^GET \/passkeys$/, ({ response }) => say(response, 200, { passkeys: [] })],
      [/^GET \/invitations$/, ({ response }) => say(response, 200, { invitations: this.invitations })],
      [/^POST \/invitations$/, (call) => this.invite(call)],
      [/^DELETE \/invitations\/(.+)$/, ({ response, id }) => {
        this.invitations = this.invitations.filter((one) => one.id !== id);
        return say(response, 200, { id, deleted: true });
      }],
      [/^POST \/invitations\/accept$/, (call) => this.accept(call)],
      [/^GET \/api-keys$/, async ({ response }) => say(response, 200, { api_keys: [...this.keys, await this.ownKey()] })],
      [/^POST \/api-keys$/, (call) => this.makeKey(call)],
      [/^DELETE \/api-keys\/(.+)$/, ({ response, id }) => {
        this.keys = this.keys.filter((one) => one.id !== id);
        return say(response, 200, { id, deleted: true });
      }],
      [/^GET \/audit-log/, ({ response }) => say(response, 200, { entries: this.log, pagination: { limit: 50, offset: 0, total: this.log.length, has_more: false, next_cursor: null } })],
    ];
  }

  async me() {
    const answer = await fetch(`${this.baseUrl}/v1/me`, { headers: { Authorization: `Bearer ${this.apiKey}` } });
    return (await answer.json()).data;
  }

  async ownKey() {
    return (await this.me()).api_key;
  }

  async state(response, session) {
    if (!session) return say(response, 200, { signed_in: false, setup_needed: this.setupNeeded, user: null, organization: null, role: null, organizations: [], csrf_token: null, ways_in: { passkeys: false, provider: null }, version: "0.1.0", sandbox: true });
    const { organization } = await this.me();
    const { role } = session.user;
    const organizations = [
      { id: organization.id, name: organization.name, role },
      { id: OTHER_ORGANIZATION, name: "Southlight", role },
    ];
    const here = organizations.find((one) => one.id === session.organization) ?? organizations[0];
    return say(response, 200, {
      signed_in: true, setup_needed: false, organization: here, organizations, role,
      user: { id: session.user.user_id, name: session.user.name, email: session.user.email },
      csrf_token: session.csrf, ways_in: { passkeys: false, provider: null }, version: "0.1.0", sandbox: true,
    });
  }

  setup({ response, body }) {
    if (!this.setupNeeded) return refuse(response, 409, "conflict", "This server is set up already. Sign in.");
    if (body.setup_token !== "let-me-in") return refuse(response, 400, "validation_error", "The setup code is not right. The server printed it when it started.", { field: "setup_token" });
    this.setupNeeded = false;
    this.members = [{ user_id: 501, name: body.name, email: body.email, role: "owner", joined_at: at(0) }];
    this.passwords.set(body.email, body.password);
    return this.start(response, this.members[0]);
  }

  signIn({ response, body }) {
    const user = this.members.find((one) => one.email === body.email);
    if (!user || this.passwords.get(user.email) !== body.password) return refuse(response, 401, "invalid_credentials", "The address or the password is not right.");
    return this.start(response, user);
  }

  async start(response, user) {
    const token = randomBytes(16).toString("hex");
    const session = { id: randomUUID(), user, csrf: randomBytes(16).toString("hex"), created_at: at(0) };
    this.open.set(token, session);
    this.note("session.started", user.name, "Signed in");
    response.setHeader("Set-Cookie", `fanfare_session=${token}; Path=/; HttpOnly; SameSite=Lax`);
    return this.state(response, session);
  }

  signOut({ response }, which) {
    for (const [token, entry] of this.open) if (which(entry)) this.open.delete(token);
    return say(response, 200, { signed_in: false });
  }

  shown(entry, session) {
    return { id: entry.id, current: entry === session, created_at: entry.created_at, last_seen_at: at(0), expires_at: at(30 * 24 * 60), address: "127.0.0.1", user_agent: "Chromium on Linux" };
  }

  endSession({ response, id }) {
    for (const [token, entry] of this.open) if (entry.id === id) this.open.delete(token);
    return say(response, 200, { id, ended: true });
  }

  password({ response, body, session }) {
    if (this.passwords.get(session.user.email) !== body.current) return refuse(response, 400, "validation_error", "The current password is not right.", { field: "current" });
    this.passwords.set(session.user.email, body.new);
    return say(response, 200, { changed: true });
  }

  invite({ response, body, session }) {
    const made = { id: randomUUID(), email: body.email, role: body.role, created_at: at(0), expires_at: at(7 * 24 * 60), invited_by: session.user.name };
    this.invitations.unshift(made);
    this.note("member.invited", session.user.name, body.email);
    return say(response, 201, { ...made, url: `${this.baseUrl}/invitation?token=${randomBytes(12).toString("hex")}` });
  }

  accept({ response, body }) {
    const user = { user_id: 502 + this.members.length, name: body.name, email: this.invitations[0]?.email ?? "new@example.org", role: this.invitations[0]?.role ?? "editor", joined_at: at(0) };
    this.members.push(user);
    this.passwords.set(user.email, body.password);
    return this.start(response, user);
  }

  makeKey({ response, body, session }) {
    const secret = randomBytes(16).toString("hex");
    const made = { id: randomUUID(), name: body.name, key_prefix: `pe_live_${secret.slice(0, 4)}`, scopes: body.scopes, created_at: at(0), expires_at: body.expires_at ?? null, last_used_at: null };
    this.keys.unshift(made);
    this.note("api_key.created", session.user.name, body.name);
    return say(response, 201, { ...made, key: `pe_live_${secret}` });
  }
}

function at(minutes) {
  return new Date(Date.now() + minutes * MINUTE).toISOString();
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text ? JSON.parse(text) : {};
}

const meta = () => ({ request_id: randomBytes(4).toString("hex"), timestamp: at(0) });

function say(response, status, data) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ data, error: null, meta: meta() }));
  return true;
}

function refuse(response, status, code, message, details) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ data: null, error: { message, code, retryable: false, ...(details && { details }) }, meta: meta() }));
  return false;
}
