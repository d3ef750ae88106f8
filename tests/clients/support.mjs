// Starts and stops a demo server on free ports and says what its answers must hold.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const BINARY = process.env.FANFARE_BIN ?? join(ROOT, "target/debug/fanfare");

const START_MS = 60_000;
const STOP_MS = 30_000;
const POLL_MS = 50;

/** How long publishing may take from the answer to `create` on. */
export const PUBLISH_MS = 5_000;
/** How long `create` itself may take: it must not wait for any platform. */
export const ANSWER_MS = 1_000;

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const REQUEST_ID = /^[0-9a-f]{8}$/;
/** Has the right shape and belongs to nobody. */
export const UNKNOWN_KEY = `pe_live_${"0".repeat(32)}`;
export const UNKNOWN_POST = "00000000-0000-4000-8000-000000000000";

/** LinkedIn's "this version has been switched off": not worth an automatic attempt. */
export const REFUSED_FOR_GOOD = { kind: "error", status: 426 };

/** The platforms on which the demo's accounts can post. */
const HEALTHY = ["bluesky", "linkedin", "x"];

/** A PNG of one pixel. */
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A server on this machine with a picture to fetch, which also takes and keeps what is posted to it. */
export async function startSite() {
  const posted = [];
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      const parts = [];
      for await (const part of request) parts.push(part);
      posted.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(204).end();
      return;
    }
    response.writeHead(200, { "Content-Type": "image/png" }).end(PIXEL);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  return { picture: `${url}/picture.png`, hook: `${url}/hook`, posted, stop: () => server.close() };
}

export async function startDemo() {
  const child = spawn(BINARY, ["demo", "--json", "--port", "0", "--sandbox-port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: ownEnvironment(),
  });
  const killed = () => child.kill("SIGKILL");
  process.once("exit", killed);
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(`cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, "line").then(([line]) => line),
    ended.then((why) => assert.fail(`${BINARY} ${why}\n${log}`)),
    deadline(START_MS, () => `${BINARY} was not ready after ${START_MS} ms\n${log}`),
  ]);
  const ready = JSON.parse(first);
  const account = (platform) => {
    const found = ready.accounts.find((entry) => entry.platform === platform);
    assert.ok(found, `the demo has a ${platform} account; it has ${JSON.stringify(ready.accounts)}`);
    return found.account_id;
  };

  /** Tells the sandbox something. */
  const control = async (what, body) => {
    const answer = await fetch(`${ready.sandbox_url}/_sandbox/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${what}: ${text}`);
    return JSON.parse(text);
  };

  return {
    baseUrl: ready.base_url,
    apiKey: ready.api_key,
    sandboxUrl: ready.sandbox_url,
    email: ready.email,
    password: ready.password,
    accounts: ready.accounts,
    account,
    /** One account of each kind: three that can post and one that cannot. */
    allAccounts: () => [...HEALTHY, "threads"].map(account),

    /** What the API answers. */
    async get(path) {
      const headers = { Authorization: `Bearer ${ready.api_key}` };
      const answer = await fetch(`${ready.base_url}/api/v1${path}`, { headers });
      assert.equal(answer.status, 200, path);
      return answer.json();
    },

    /** What is live on the platforms with exactly this text. */
    async live(text) {
      const answer = await fetch(`${ready.sandbox_url}/_sandbox/posts`);
      assert.equal(answer.status, 200);
      const { posts } = await answer.json();
      return posts.filter((post) => post.text === text);
    },

    /** Makes the next publishing call on a platform go wrong. */
    async breakNext(platform, fault) {
      const answer = await fetch(`${ready.sandbox_url}/_sandbox/faults`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ platform, operation: "create_post", times: 1, ...fault }),
      });
      assert.ok(answer.ok, await answer.text());
    },

    /** Makes an account on a platform, which is not connected yet. */
    newAccount: (platform, wanted) => control("accounts", { platform, ...wanted }),

    /** Lets time pass on server and platforms; the answer comes when everything rests. */
    passTime: (advance) => control("clock", { advance }),

    /** Goes through a connect link as its owner would, signed in on the platform as `user`. */
    async signIn(link, user) {
      const step = async (address) => {
        const answer = await fetch(address, { redirect: "manual" });
        const location = answer.headers.get("location");
        assert.ok(location, `${address} leads on: ${answer.status} ${await answer.text()}`);
        return new URL(location);
      };
      const authorize = await step(link);
      assert.ok(authorize.href.startsWith(ready.sandbox_url), authorize.href);
      authorize.searchParams.set("sandbox_user", user);
      const page = await fetch(await step(authorize));
      return { status: page.status, text: await page.text() };
    },

    /** Approves or denies a device on its page, with the demo's key. */
    async decideDevice(code, decision) {
      const body = new URLSearchParams({ code, key: ready.api_key, do: decision });
      const page = await fetch(`${ready.base_url}/device`, { method: "POST", body });
      return { status: page.status, text: await page.text() };
    },

    async stop() {
      child.kill("SIGTERM");
      const why = await Promise.race([ended, deadline(STOP_MS, () => `the demo did not stop\n${log}`)]);
      process.removeListener("exit", killed);
      assert.equal(why, "ended with 0", log);
    },
  };
}

/** The server reads every FANFARE_ variable as a setting; a test wants the defaults. */
function ownEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FANFARE_")));
}

async function deadline(ms, message) {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
  assert.fail(message());
}

/** Reads until `done` says so; fails when that takes longer than `withinMs`. */
export async function eventually(withinMs, read, done) {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (done(value)) return value;
    if (performance.now() > end) {
      assert.fail(`not reached within ${withinMs} ms; last seen: ${JSON.stringify(value, null, 2)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A text that no other test uses, with characters that wire formats like to escape. */
export function uniqueText(what) {
  return `${what}: soup & "bread" (50 % off) for Zoë's <guests> 🍂 ${randomUUID()}`;
}

/** A moment from now, as clients send it. */
export function minutesAhead(minutes) {
  return new Date(Math.ceil(Date.now() / 1000) * 1000 + minutes * 60_000).toISOString();
}

/** The entry point of a client's command. */
export function commandOf(name) {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return join(dirname(manifest), "dist/index.js");
}

export const isFinal = ({ results }) =>
  results.every(({ status }) => status === "published" || status === "failed");

/** The account list, member by member. */
export function checkAccounts(demo, accounts) {
  assert.deepEqual(
    accounts.map(({ account_id, platform }) => ({ account_id, platform })),
    demo.accounts,
  );
  for (const account of accounts) {
    assert.deepEqual(Object.keys(account), [
      "account_id",
      "id",
      "platform",
      "account_name",
      "avatar_url",
      "is_active",
      "created_at",
      "health",
    ]);
    assert.ok(Number.isInteger(account.account_id));
    assert.equal(account.id, account.account_id);
    assert.ok(account.account_name.length > 0);
    assert.ok(account.avatar_url === null || URL.canParse(account.avatar_url), account.avatar_url);
    assert.equal(account.is_active, true);
    assert.match(account.created_at, TIMESTAMP);
    const expired = account.account_id === demo.account("threads");
    assert.deepEqual(
      account.health,
      expired ? { status: "expired", can_post: false } : { status: "healthy", can_post: true },
    );
  }
}

/** The answer to a post that goes out at once to every account. */
export function checkCreated(demo, created, text) {
  assert.match(created.post_id, UUID);
  assert.equal(created.id, created.post_id);
  assert.equal(created.post_group_id, created.post_id);
  assert.equal(created.status, "publishing");
  assert.equal(created.post_status, "publishing");
  assert.equal(created.content, text);
  assert.deepEqual(created.account_ids, demo.allAccounts());
  assert.equal(created.accounts_count, 4);
  assert.equal(created.timezone, "UTC");
  assert.deepEqual(created.media_ids, []);
  assert.deepEqual(created.platform_content, {});
  assert.match(created.created_at, TIMESTAMP);
  assert.ok(created.message.length > 0);
  assert.ok(created.next_step.includes(created.post_id));
  assert.deepEqual(
    created.destinations.map(({ account_id, status, attempts, error }) => ({
      account_id,
      status,
      attempts,
      error,
    })),
    demo.allAccounts().map((account_id) => ({ account_id, status: "queued", attempts: 0, error: null })),
  );
}

/** Live once on each healthy platform, at an address that works; refused on the expired account. */
export async function checkOutcome(demo, outcome, text) {
  assert.equal(outcome.post_status, "partially_failed");
  const byPlatform = Object.fromEntries(outcome.results.map((result) => [result.platform, result]));
  assert.deepEqual(Object.keys(byPlatform).sort(), [...HEALTHY, "threads"].sort());

  const live = await demo.live(text);
  assert.deepEqual(live.map(({ platform }) => platform).sort(), HEALTHY);
  for (const platform of HEALTHY) {
    const result = byPlatform[platform];
    assert.equal(result.status, "published", JSON.stringify(result));
    assert.equal(result.account_id, demo.account(platform));
    assert.equal(result.error, null);
    assert.equal(result.attempts, 1);
    assert.equal(result.next_retry_at, null);
    assert.match(result.published_at, TIMESTAMP);
    assert.ok(result.account_name.length > 0);
    assert.equal(result.platform_post_id, live.find((post) => post.platform === platform).id);
    const page = await fetch(result.platform_post_url);
    assert.equal(page.status, 200, result.platform_post_url);
    assert.ok(readable(await page.text()).includes(text), `${result.platform_post_url} shows the text`);
  }

  const refused = byPlatform.threads;
  assert.equal(refused.status, "failed");
  assert.equal(refused.error, "The account's access has expired; connect it again.");
  assert.equal(refused.account_id, demo.account("threads"));
  assert.equal(refused.platform_post_id, null);
  assert.equal(refused.platform_post_url, null);
  assert.equal(refused.published_at, null);
  assert.equal(refused.next_retry_at, null);
}

/** The full state of an account whose access has ended. */
export function checkExpiredHealth(demo, health) {
  assert.equal(health.account_id, demo.account("threads"));
  assert.equal(health.platform, "threads");
  assert.equal(health.status, "broken");
  assert.equal(health.can_post, false);
  assert.ok(health.reasons.includes("token_expired"), health.reasons.join());
  assert.equal(health.is_active, true);
  assert.equal(health.needs_reconnection, true);
  assert.equal(health.token.expired, true);
  assert.equal(health.token.expiring_soon, false);
  assert.match(health.token.expires_at, TIMESTAMP);
  assert.match(health.connected_at, TIMESTAMP);
}

export function checkHealthy(demo, health, platform) {
  assert.equal(health.account_id, demo.account(platform));
  assert.equal(health.status, "healthy");
  assert.equal(health.can_post, true);
  assert.deepEqual(health.reasons, []);
  assert.equal(health.token.expired, false);
  assert.equal(health.needs_reconnection, false);
  assert.equal(health.needs_reconnection_since, null);
}

export function checkMe(demo, me) {
  assert.equal(me.api_key.key_prefix, demo.apiKey.slice(0, 12));
  assert.deepEqual(me.scopes, ["read", "write", "ai"]);
  assert.deepEqual(me.api_key.scopes, me.scopes);
  assert.match(me.api_key.id, UUID);
  assert.equal(me.api_key.expires_at, null);
  assert.equal(me.organization.entitled, true);
  assert.equal(me.organization.subscription_status, "active");
  assert.equal(me.quota.accounts.used, demo.accounts.length);
  assert.match(me.workspace.id, UUID);
  assert.ok(Number.isInteger(me.user.id));
  assert.ok(!JSON.stringify(me).includes(demo.apiKey), "the key itself is never shown");
}

/** The numbers of a period in which `after` has one more post to X than `before`, and that one is live. */
export function checkSummary(before, after, period) {
  assert.equal(after.period, period);
  assert.match(after.range.from, TIMESTAMP);
  assert.match(after.range.to, TIMESTAMP);
  const { total, ...statuses } = after.posts;
  assert.deepEqual(
    Object.keys(statuses).sort(),
    ["draft", "failed", "partially_failed", "published", "publishing", "scheduled"],
  );
  assert.equal(Object.values(statuses).reduce((sum, count) => sum + count, 0), total);
  assert.equal(total, before.posts.total + 1);
  assert.equal(after.posts.published, before.posts.published + 1);
  const onX = ({ by_platform }) => by_platform.find(({ platform }) => platform === "x") ?? { total: 0, published: 0 };
  assert.equal(onX(after).total, onX(before).total + 1);
  assert.equal(onX(after).published, onX(before).published + 1);
  for (const name of ["views", "likes", "comments", "shares", "impressions", "clicks"]) {
    assert.ok(Number.isInteger(after.metrics[name]), name);
  }
  assert.deepEqual(after.ai_credits, { used_this_period: before.ai_credits.used_this_period, bonus: 0 });
  assert.ok(Array.isArray(after.audience));
}

/** A picture of one pixel in the library. */
export function checkPicture(media, filename) {
  assert.match(media.media_id, UUID);
  assert.equal(media.id, media.media_id);
  assert.equal(media.status, "ready");
  assert.equal(media.media_status, "ready");
  assert.equal(media.type, "image");
  assert.equal(media.filename, filename);
  assert.equal(media.content_type, "image/png");
  assert.equal(media.size, PIXEL.length);
  assert.deepEqual([media.width, media.height], [1, 1]);
  assert.ok(URL.canParse(media.url), media.url);
  assert.match(media.created_at, TIMESTAMP);
}

/** So many different captions about a topic that the platform takes, at a credit each. */
export function checkCaptions(written, topic, count) {
  assert.equal(written.captions.length, count);
  assert.equal(new Set(written.captions).size, count);
  for (const caption of written.captions) {
    assert.ok(caption.includes(topic) && [...caption].length <= 280, caption);
  }
  assert.deepEqual([written.count_requested, written.count_returned], [count, count]);
  assert.equal(written.credits_used, count);
  assert.ok(Number.isInteger(written.credits_remaining));
}

/** A picture that a model made. */
export function checkGenerated(made, model, credits, size) {
  assert.match(made.media_id, UUID);
  assert.deepEqual(made.media_ids, [made.media_id]);
  assert.deepEqual([made.type, made.width, made.height], ["image", ...size]);
  assert.equal(made.model, model);
  assert.equal(made.ai.model, model);
  assert.equal(made.credits_used, credits);
  assert.ok(Number.isInteger(made.credits_remaining));
  assert.ok(made.message.length > 0 && made.next_step.includes(made.media_id));
  assert.match(made.created_at, TIMESTAMP);
}

/** A signed delivery, checked with this test's own code. */
export function checkDelivery({ headers, body }, secret, event) {
  const expected = createHmac("sha256", secret).update(body).digest("hex");
  assert.equal(headers["x-posteverywhere-signature"], `sha256=${expected}`);
  assert.ok(Math.abs(Number(headers["x-posteverywhere-timestamp"]) - Date.now() / 1000) < 300);
  const sent = JSON.parse(body);
  assert.equal(sent.event, event);
  assert.match(sent.event_id, UUID);
  return sent;
}

export function checkRules(rules) {
  assert.equal(rules.platforms.x.characterLimit, 280);
  assert.equal(rules.platforms.bluesky.characterLimit, 300);
  assert.equal(rules.platforms.linkedin.characterLimit, 3000);
  for (const name of ["threads", "quotes", "link_cards"]) {
    assert.ok(rules.platforms.bluesky.features.includes(name), name);
  }
  for (const [name, { characterLimit, media, features }] of Object.entries(rules.platforms)) {
    assert.ok(Number.isInteger(characterLimit) && characterLimit > 0, name);
    assert.ok(Array.isArray(features), name);
    assert.deepEqual(Object.keys(media).sort(), ["image", "video"], name);
  }
}

/** The text of a page without its tags. */
function readable(html) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (entity, decimal, hex, name) => {
      if (decimal) return String.fromCodePoint(Number(decimal));
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      return named[name] ?? entity;
    });
}
