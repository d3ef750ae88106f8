// The MCP server (stdio) in front of a running server, driven by the reference MCP client.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import { noteSurface, noteTests, noteTools } from "./covered.mjs";
import {
  ANSWER_MS,
  PUBLISH_MS,
  REFUSED_FOR_GOOD,
  UNKNOWN_KEY,
  UNKNOWN_POST,
  UUID,
  checkAccounts,
  checkCaptions,
  checkCreated,
  checkDelivery,
  checkExpiredHealth,
  checkGenerated,
  checkHealthy,
  checkMe,
  checkOutcome,
  checkPicture,
  checkRules,
  checkSummary,
  commandOf,
  eventually,
  isFinal,
  minutesAhead,
  startDemo,
  startSite,
  uniqueText,
} from "./support.mjs";

const COMMAND = commandOf("@posteverywhere/mcp");

describe("the MCP server", { timeout: 180_000 }, () => {
  let demo;
  let client;

  before(async () => {
    demo = await startDemo();
    client = await connect(demo.apiKey);
  });

  after(async () => {
    await client?.close();
    await demo?.stop();
  });

  async function connect(apiKey) {
    const connected = new Client({ name: "fanfare-client-tests", version: "1.0.0" });
    await connected.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [COMMAND],
        env: { PATH: process.env.PATH, POSTEVERYWHERE_API_URL: demo.baseUrl, POSTEVERYWHERE_API_KEY: apiKey },
      }),
    );
    return noteTools("MCP server", connected);
  }

  noteTests();

  async function textOf(name, args, through = client) {
    const { content, isError } = await through.callTool({ name, arguments: args });
    assert.equal(content.length, 1);
    assert.equal(content[0].type, "text");
    return { text: content[0].text, isError: isError === true };
  }

  async function call(name, args = {}) {
    const { text, isError } = await textOf(name, args);
    assert.equal(isError, false, `${name}: ${text}`);
    return JSON.parse(text);
  }

  /** The sentence that reaches the model when a tool fails. */
  async function failure(name, args = {}, through = client) {
    const { text, isError } = await textOf(name, args, through);
    assert.equal(isError, true, `${name}: ${text.slice(0, 500)}`);
    return text;
  }

  test("has the tools that it is known by", async () => {
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    assert.ok(names.includes("create_post"), names.join());
    noteSurface("MCP server", names);
  });

  test("lists the accounts with exactly the documented fields", async () => {
    checkAccounts(demo, await call("list_accounts"));
  });

  test("gets one account and its health", async () => {
    const account = await call("get_account", { account_id: demo.account("threads") });
    assert.equal(account.id, demo.account("threads"));
    assert.equal(account.health.status, "expired");
    assert.equal(account.health.can_post, false);
    checkHealthy(demo, await call("get_account_health", { id: demo.account("linkedin") }), "linkedin");
    checkExpiredHealth(demo, await call("get_account_health", { id: demo.account("threads") }));
    assert.match(await failure("get_account", { account_id: 999_999 }), /not found/);
  });

  test("makes links that connect and repair an account", async () => {
    const link = await call("create_connect_link", { platform: "linkedin" });
    assert.equal(link.platform, "linkedin");
    assert.equal(link.expires_in, 600);
    const page = await demo.signIn(link.url, "northlight");
    assert.ok(page.text.includes("LinkedIn is connected"), page.text);

    const repair = await call("create_reconnect_link", { account_id: demo.account("x") });
    assert.equal(repair.account_id, demo.account("x"));
    const repaired = await demo.signIn(repair.url, "northlight");
    assert.ok(repaired.text.includes("X is connected again"), repaired.text);
    checkAccounts(demo, await call("list_accounts"));
    assert.match(await failure("create_reconnect_link", { account_id: 999_999 }), /not found/);
  });

  test("hands the platform's refusal of credentials on", async () => {
    const wrong = { platform: "bluesky", handle: "ana.example.org", app_password: "aaaa-bbbb-cccc-dddd" };
    assert.match(await failure("connect_credential_account", wrong), /app password/);
    const telegram = { platform: "telegram", bot_token: "1:a", channel: "@a" };
    assert.match(await failure("connect_credential_account", telegram), /BotFather/);
  });

  test("publishes once on every account that can post and says why the other failed", async () => {
    const text = uniqueText("MCP, at once");
    const asked = performance.now();
    const created = await call("create_post", { content: text, account_ids: demo.allAccounts() });
    assert.ok(performance.now() - asked < ANSWER_MS, "the answer does not wait for the platforms");
    checkCreated(demo, created, text);
    const { post_id } = created;
    const outcome = await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    await checkOutcome(demo, outcome, text);

    const post = await call("get_post", { post_id });
    assert.equal(post.status, "partially_failed");
    assert.equal(post.content, text);
    assert.equal(post.destinations.length, 4);
    assert.match(await failure("update_post", { post_id, content: "too late" }), /draft and scheduled/);
  });

  test("lists posts by status", async () => {
    const text = uniqueText("MCP, list");
    const account_ids = [demo.account("linkedin")];
    const now = await call("create_post", { content: text, account_ids });
    const later = await call("create_post", { content: text, account_ids, scheduled_for: minutesAhead(60) });
    const draft = await call("create_post", { content: text, draft: true });
    await eventually(PUBLISH_MS, () => call("get_post_results", { post_id: now.post_id }), isFinal);

    for (const [status, { post_id }] of Object.entries({ published: now, scheduled: later, draft })) {
      const posts = await call("list_posts", { status, limit: 100 });
      assert.deepEqual(posts.filter(({ content }) => content === text).map(({ id }) => id), [post_id], status);
      assert.ok(posts.every((post) => post.status === status));
    }
    const onX = await call("list_posts", { platform: "x", limit: 100 });
    assert.ok(onX.every(({ content }) => content !== text));
    assert.ok((await call("list_posts", { limit: 1 })).length <= 1);

    const found = await call("list_posts_advanced", {
      status: "published,scheduled",
      platform: "linkedin,x",
      account_id: demo.account("linkedin"),
      search: text,
      order: "asc",
    });
    assert.deepEqual(found.posts.map(({ id }) => id), [now.post_id, later.post_id]);
    assert.equal(found.pagination.total, 2);
    const sincePublished = await call("list_posts_advanced", { search: text, published_after: now.created_at });
    assert.deepEqual(sincePublished.posts.map(({ id }) => id), [now.post_id]);
  });

  test("updates a scheduled post and deletes it", async () => {
    const text = uniqueText("MCP, scheduled");
    const { post_id } = await call("create_post", {
      content: text,
      account_ids: [demo.account("x")],
      scheduled_for: minutesAhead(60),
      timezone: "America/New_York",
    });
    const later = minutesAhead(120);
    const updated = await call("update_post", {
      post_id,
      content: `${text}!`,
      scheduled_for: later,
      timezone: "Asia/Tokyo",
      account_ids: [demo.account("linkedin"), demo.account("x")],
      platform_content: { linkedin: { content: `${text}, longer` } },
    });
    assert.equal(updated.status, "scheduled");
    assert.equal(updated.content, `${text}!`);
    assert.equal(updated.scheduled_for, later);
    assert.equal(updated.timezone, "Asia/Tokyo");
    assert.deepEqual(updated.account_ids, [demo.account("linkedin"), demo.account("x")]);
    assert.deepEqual(updated.destinations.map((to) => to.scheduled_for), [later, later]);
    assert.equal(updated.platform_content.linkedin.content, `${text}, longer`);

    const { text: sentence, isError } = await textOf("delete_post", { post_id });
    assert.equal(isError, false);
    assert.ok(sentence.includes(post_id), sentence);
    assert.match(await failure("get_post", { post_id }), /not found/);
  });

  test("schedules a draft", async () => {
    const draft = await call("create_post", { content: uniqueText("MCP, draft"), draft: true });
    assert.equal(draft.status, "draft");
    const { post_id } = draft;
    const time = minutesAhead(2);
    const scheduled = await call("schedule_post", {
      post_id,
      scheduled_for: time,
      account_ids: [demo.account("x"), demo.account("linkedin")],
      timezone: "Europe/Berlin",
    });
    assert.equal(scheduled.post_id, post_id);
    assert.equal(scheduled.status, "scheduled");
    assert.equal(scheduled.scheduled_for, time);
    assert.equal(scheduled.publish_now, false);
    assert.ok(scheduled.message.length > 0);
    assert.deepEqual(
      scheduled.destinations.map(({ account_id, platform, status }) => ({ account_id, platform, status })),
      [
        { account_id: demo.account("x"), platform: "x", status: "queued" },
        { account_id: demo.account("linkedin"), platform: "linkedin", status: "queued" },
      ],
    );
    assert.equal((await call("get_post", { post_id })).timezone, "Europe/Berlin");
    assert.match(await failure("schedule_post", { post_id, scheduled_for: time }), /draft/i);
  });

  test("refuses to schedule a draft for the next seconds or without an account", async () => {
    const account_ids = [demo.account("x")];
    const { post_id } = await call("create_post", { content: uniqueText("MCP, soon"), draft: true });
    const soon = new Date(Date.now() + 20_000).toISOString();
    assert.match(await failure("schedule_post", { post_id, account_ids, scheduled_for: soon }), /minute/);
    assert.match(await failure("schedule_post", { post_id, scheduled_for: minutesAhead(5) }), /account/);
    assert.match(await failure("schedule_post", { post_id, account_ids }), /scheduled_for|publish_now/);
    assert.equal((await call("get_post", { post_id })).status, "draft");
  });

  test("publishes a draft at once", async () => {
    const text = uniqueText("MCP, draft now");
    const { post_id } = await call("create_post", {
      content: text,
      account_ids: [demo.account("x")],
      draft: true,
      scheduled_for: minutesAhead(60),
    });
    assert.deepEqual(await demo.live(text), []);
    const scheduled = await call("schedule_post", { post_id, publish_now: true });
    assert.equal(scheduled.publish_now, true);
    assert.equal(scheduled.status, "publishing");
    const outcome = await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    assert.equal(outcome.post_status, "published");
    assert.equal((await demo.live(text)).length, 1);
  });

  test("retries what failed, once", async () => {
    const text = uniqueText("MCP, retry");
    await demo.breakNext("linkedin", REFUSED_FOR_GOOD);
    const { post_id } = await call("create_post", {
      content: text,
      account_ids: [demo.account("linkedin"), demo.account("x")],
    });
    const failed = await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    assert.equal(failed.post_status, "partially_failed");

    const retried = await call("retry_failed_post", { post_id });
    assert.equal(retried.post_id, post_id);
    assert.equal(retried.retried_count, 1);
    const [queued] = retried.destinations;
    assert.equal(queued.account_id, demo.account("linkedin"));
    assert.equal(queued.new_status, "queued");
    assert.match(queued.id, UUID);
    const outcome = await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    assert.equal(outcome.post_status, "published");
    assert.deepEqual((await demo.live(text)).map(({ platform }) => platform).sort(), ["linkedin", "x"]);
  });

  test("makes many posts in one call and retries what failed of them", async () => {
    const text = uniqueText("MCP, bulk");
    await demo.breakNext("linkedin", REFUSED_FOR_GOOD);
    const { summary, results } = await call("bulk_create_posts", {
      posts: [
        { content: `${text} one`, account_ids: [demo.account("linkedin")] },
        { content: `${text} two`, account_ids: [999_999] },
        { content: `${text} three`, account_ids: [demo.account("x")] },
      ],
    });
    assert.deepEqual(summary, { total: 3, succeeded: 2, failed: 1 });
    assert.deepEqual(results.map(({ index, ok }) => [index, ok]), [[0, true], [1, false], [2, true]]);
    assert.equal(results[1].error.code, "invalid_accounts");
    const post_ids = [results[0].post.post_id, results[2].post.post_id];
    for (const post_id of post_ids) {
      await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    }
    const retried = await call("retry_failed_posts", { post_ids, platform: "linkedin" });
    assert.equal(retried.retried_count, 1);
    assert.equal(retried.destinations[0].post_id, post_ids[0]);
    assert.equal(retried.destinations[0].new_status, "queued");
    assert.match(retried.destinations[0].destination_id, UUID);
    const published = ({ post_status }) => post_status === "published";
    await eventually(PUBLISH_MS, () => call("get_post_results", { post_id: post_ids[0] }), published);
    assert.match(await failure("retry_failed_posts", { max_attempts: 3 }), /post_ids/);
  });

  test("retries in vain while the account's access has expired", async () => {
    const text = uniqueText("MCP, retry in vain");
    const { post_id } = await call("create_post", { content: text, account_ids: [demo.account("threads")] });
    await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    assert.equal((await call("retry_failed_post", { post_id })).retried_count, 1);
    const outcome = await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    assert.equal(outcome.post_status, "failed");
    assert.equal(outcome.results[0].error, "The account's access has expired; connect it again.");
  });

  test("says who is calling and what the platforms allow", async () => {
    checkMe(demo, await call("get_me"));
    checkRules(await call("get_platform_rules"));
  });

  test("hands the server's sentence on when it refuses a post", async () => {
    const account_ids = [demo.account("linkedin")];
    assert.match(await failure("create_post", { content: "x".repeat(3001), account_ids }), /3,?001/);
    assert.match(await failure("create_post", { content: "who", account_ids: [999_999] }), /999999/);
    assert.match(await failure("create_post", { content: "where", account_ids, timezone: "Mars/One" }), /Mars/);
    const past = "2020-01-01T00:00:00Z";
    assert.match(await failure("create_post", { content: "late", account_ids, scheduled_for: past }), /future/);
  });

  test("fails with the server's sentence for an unknown key", async () => {
    const stranger = await connect(UNKNOWN_KEY);
    try {
      for (const name of ["list_accounts", "get_me", "get_platform_rules"]) {
        assert.match(await failure(name, {}, stranger), /API key/);
      }
    } finally {
      await stranger.close();
    }
  });

  test("imports a picture, lists it and deletes it", async () => {
    const site = await startSite();
    try {
      const { media_id } = await call("upload_media_from_url", { url: site.picture });
      checkPicture(await call("get_media", { media_id }), "picture.png");
      const listed = JSON.stringify(await call("list_media", { type: "image" }));
      assert.ok(listed.includes(media_id), listed);
      const { isError } = await textOf("delete_media", { media_id });
      assert.equal(isError, false);
      assert.match(await failure("get_media", { media_id }), /not found/);
    } finally {
      site.stop();
    }
  });

  test("counts what a period published", async () => {
    const before = await call("get_analytics_summary", { period: "today" });
    const text = uniqueText("MCP, numbers");
    const { post_id } = await call("create_post", { content: text, account_ids: [demo.account("x")] });
    await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    checkSummary(before, await call("get_analytics_summary", { period: "today" }), "today");
    assert.equal((await call("get_analytics_summary")).period, "month");
    assert.match(await failure("get_analytics_summary", { period: "custom" }), /from/);
  });

  test("keeps campaigns", async () => {
    const made = await call("create_campaign", { name: "Autumn" });
    assert.equal((await call("get_campaign", { id: made.id })).name, "Autumn");
    assert.equal((await call("update_campaign", { id: made.id, name: "Winter" })).name, "Winter");
    assert.ok(JSON.stringify(await call("list_campaigns")).includes("Winter"));
    assert.equal((await textOf("delete_campaign", { id: made.id })).isError, false);
    assert.match(await failure("get_campaign", { id: made.id }), /not found/);
  });

  test("makes a webhook, tries it and deletes it", async () => {
    const site = await startSite();
    try {
      const made = await call("create_webhook", { url: site.hook, events: ["post.published"] });
      assert.match(made.secret, /^whsec_/);
      const tested = await call("test_webhook", { id: made.id });
      assert.deepEqual([tested.ok, tested.status], [true, 204]);
      checkDelivery(site.posted[0], made.secret, "webhook.test");
      assert.equal((await call("get_webhook", { id: made.id })).url, site.hook);
      assert.equal((await call("update_webhook", { id: made.id, is_active: false })).is_active, false);
      assert.ok(JSON.stringify(await call("list_webhooks")).includes(made.id));
      assert.equal((await textOf("delete_webhook", { id: made.id })).isError, false);
      assert.match(await failure("get_webhook", { id: made.id }), /not found/);
    } finally {
      site.stop();
    }
  });

  test("has captions written and a picture made", async () => {
    const before = (await call("get_me")).quota.ai_credits;
    const written = await call("generate_caption", { topic: "soup", platform: "x", tone: "witty", count: 2 });
    checkCaptions(written, "soup", 2);
    const made = await call("generate_image", { prompt: "a bowl of soup", aspect_ratio: "16:9" });
    checkGenerated(made, "gemini-3-pro", 5, [1536, 864]);
    assert.equal((await call("get_media", { media_id: made.media_id })).status, "ready");
    const after = (await call("get_me")).quota.ai_credits;
    assert.equal(after.used, before.used + 2 + 5);
    assert.match(await failure("generate_caption", { topic: "[unsafe] soup" }), /rules for content/);
  });

  // The last one, for the accounts are others afterwards.
  test("connects an account with credentials", async () => {
    const { username, credentials } = await demo.newAccount("bluesky", { username: "harbour.example.org", token: true });
    const given = { platform: "bluesky", handle: username, app_password: credentials.app_password };
    const { account, created } = await call("connect_credential_account", given);
    assert.deepEqual([account.platform, created], ["bluesky", true]);
    const text = uniqueText("MCP, a new account");
    const { post_id } = await call("create_post", { content: text, account_ids: [account.account_id] });
    const outcome = await eventually(PUBLISH_MS, () => call("get_post_results", { post_id }), isFinal);
    assert.equal(outcome.post_status, "published");
  });
});
