// The TypeScript SDK against a running server.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import {
  AuthenticationError,
  PostEverywhere,
  PostEverywhereError,
  ValidationError,
} from "@posteverywhere/sdk";

import { noteSurface, noteTests, noted } from "./covered.mjs";
import {
  ANSWER_MS,
  PIXEL,
  PUBLISH_MS,
  REFUSED_FOR_GOOD,
  REQUEST_ID,
  UNKNOWN_KEY,
  UNKNOWN_POST,
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
  checkSummary,
  eventually,
  isFinal,
  minutesAhead,
  startDemo,
  startSite,
  uniqueText,
} from "./support.mjs";

const COMPILED_IN = "https://app.posteverywhere.ai";

describe("the SDK", { timeout: 120_000 }, () => {
  const originalFetch = globalThis.fetch;
  let demo;
  let client;

  before(async () => {
    demo = await startDemo();
    // The SDK has its host compiled in; whatever it asks for goes to the demo and nowhere else.
    globalThis.fetch = (url, options) => {
      if (typeof url === "string" && url.startsWith(COMPILED_IN)) {
        return originalFetch(demo.baseUrl + url.slice(COMPILED_IN.length), options);
      }
      assert.ok(new URL(url).hostname === "127.0.0.1", `a test does not call ${url}`);
      return originalFetch(url, options);
    };
    client = new PostEverywhere({ apiKey: demo.apiKey });
    for (const [resource, api] of Object.entries(client)) {
      for (const name of methodsOf(api)) {
        const method = api[name].bind(api);
        api[name] = (...args) => noted("SDK", `${resource}.${name}`, () => method(...args));
      }
    }
  });

  noteTests();

  after(async () => {
    globalThis.fetch = originalFetch;
    await demo?.stop();
  });

  const methodsOf = (api) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(api)).filter((name) => name !== "constructor");

  test("has the methods that it is known by", () => {
    const methods = Object.entries(client).flatMap(([resource, api]) =>
      methodsOf(api).map((name) => `${resource}.${name}`),
    );
    assert.ok(methods.includes("posts.create"), methods.join());
    noteSurface("SDK", methods);
  });

  test("lists the accounts with exactly the documented fields", async () => {
    const list = await client.accounts.list();
    checkAccounts(demo, list.accounts);
    assert.deepEqual(list.account_ids, list.accounts.map((account) => account.account_id));
    assert.equal(list.total, demo.accounts.length);
  });

  test("gets one account and its health", async () => {
    const account = await client.accounts.get(demo.account("x"));
    assert.equal(account.account_id, demo.account("x"));
    assert.equal(account.platform, "x");
    assert.equal(account.health.status, "healthy");
    assert.equal(account.health.can_post, true);
    checkHealthy(demo, await client.accounts.health(demo.account("x")), "x");
    checkExpiredHealth(demo, await client.accounts.health(demo.account("threads")));
  });

  test("publishes once on every account that can post and says why the other failed", async () => {
    const text = uniqueText("SDK, at once");
    const asked = performance.now();
    const created = await client.posts.create({ content: text, account_ids: demo.allAccounts() });
    assert.ok(performance.now() - asked < ANSWER_MS, "the answer does not wait for the platforms");
    checkCreated(demo, created, text);

    const outcome = await eventually(PUBLISH_MS, () => client.posts.results(created.post_id), isFinal);
    assert.equal(outcome.content, text);
    await checkOutcome(demo, outcome, text);
    assert.deepEqual(await client.posts.getResults(created.post_id), outcome);

    const post = await client.posts.get(created.post_id);
    assert.equal(post.status, "partially_failed");
    assert.equal(post.post_status, "partially_failed");
    assert.equal(post.content, text);
    assert.deepEqual(
      post.destinations.map(({ status }) => status).sort(),
      ["failed", "published", "published", "published"],
    );

    await assert.rejects(client.posts.update(created.post_id, { content: "too late" }), (error) => {
      assert.ok(error instanceof PostEverywhereError);
      assert.equal(error.status, 409);
      assert.equal(error.code, "conflict");
      return true;
    });
  });

  test("reads the readme's publish_now as publishing at once", async () => {
    const text = uniqueText("SDK, publish_now");
    const created = await client.posts.create({
      content: text,
      account_ids: [demo.account("linkedin")],
      publish_now: true,
    });
    assert.equal(created.status, "publishing");
    await eventually(PUBLISH_MS, () => client.posts.get(created.id), ({ status }) => status === "published");
    assert.equal((await demo.live(text)).length, 1);
    const done = await client.posts.list({ status: "done", platform: "linkedin", limit: 100 });
    assert.ok(done.posts.some(({ id }) => id === created.id), "the readme's word for published");
  });

  test("updates a scheduled post and every destination with it", async () => {
    const text = uniqueText("SDK, scheduled");
    const first = minutesAhead(60);
    const created = await client.posts.create({
      content: text,
      account_ids: [demo.account("x"), demo.account("linkedin")],
      scheduled_for: first,
      timezone: "Europe/Berlin",
    });
    assert.equal(created.status, "scheduled");
    assert.equal(created.scheduled_for, first);
    assert.equal(created.timezone, "Europe/Berlin");

    const later = minutesAhead(120);
    const updated = await client.posts.update(created.post_id, {
      content: `${text}!`,
      scheduled_for: later,
    });
    assert.equal(updated.content, `${text}!`);
    assert.equal(updated.scheduled_for, later);
    assert.equal(updated.timezone, "Europe/Berlin");
    assert.deepEqual(updated.destinations.map((to) => to.scheduled_for), [later, later]);
    assert.deepEqual(updated.account_ids, created.account_ids);
    assert.deepEqual(await client.posts.get(created.post_id), updated);

    const moved = await client.posts.update(created.post_id, { account_ids: [demo.account("x")] });
    assert.deepEqual(moved.destinations.map((to) => to.account_id), [demo.account("x")]);
    assert.deepEqual(await demo.live(text), []);
  });

  test("takes a fetched post back as a new one", async () => {
    const created = await client.posts.create({
      content: uniqueText("SDK, round trip"),
      account_ids: [demo.account("x")],
      scheduled_for: minutesAhead(90),
      platform_content: { twitter: { content: "shorter", settings: { replySettings: "following" } } },
    });
    const fetched = await client.posts.get(created.post_id);
    const again = await client.posts.create(fetched);
    assert.notEqual(again.post_id, fetched.post_id);
    for (const name of ["content", "account_ids", "scheduled_for", "timezone", "platform_content"]) {
      assert.deepEqual(again[name], fetched[name], name);
    }
    assert.equal(fetched.platform_content.x.content, "shorter");
  });

  test("filters, searches, orders and pages the list", async () => {
    const text = uniqueText("SDK, list");
    const ids = [];
    for (const part of ["one", "two", "three"]) {
      const created = await client.posts.create({
        content: `${text} ${part}`,
        account_ids: [demo.account("linkedin")],
        scheduled_for: minutesAhead(200 + ids.length),
      });
      ids.push(created.post_id);
    }
    const scheduled = await client.posts.list({ status: "scheduled", platform: "linkedin", limit: 100 });
    assert.deepEqual(scheduled.posts.map(({ id }) => id).filter((id) => ids.includes(id)), [...ids].reverse());
    assert.ok(scheduled.posts.every(({ status }) => status === "scheduled"));

    const page = await client.posts.listAdvanced({
      search: text.toUpperCase(),
      status: "scheduled,draft",
      account_id: demo.account("linkedin"),
      scheduled_after: minutesAhead(100),
      sort: "scheduled_for",
      order: "asc",
      limit: 2,
      offset: 0,
    });
    assert.deepEqual(page.posts.map(({ id }) => id), ids.slice(0, 2));
    const { next_cursor, ...pagination } = page.pagination;
    assert.deepEqual(pagination, { limit: 2, offset: 0, total: 3, has_more: true });
    const next = await client.posts.listAdvanced({
      search: text,
      sort: "scheduled_for",
      order: "asc",
      cursor: next_cursor,
    });
    assert.deepEqual(next.posts.map(({ id }) => id), ids.slice(2));
    assert.equal(next.pagination.next_cursor, null);
    assert.deepEqual([page.total, page.limit, page.offset], [3, 2, 0]);
    const rest = await client.posts.listAdvanced({ search: text, sort: "scheduled_for", order: "asc", offset: 2 });
    assert.deepEqual(rest.posts.map(({ id }) => id), ids.slice(2));
    assert.equal(rest.pagination.has_more, false);

    const published = await client.posts.listAdvanced({ search: text, status: "published" });
    assert.deepEqual(published.posts, []);
  });

  test("keeps a draft, changes it and deletes it", async () => {
    const text = uniqueText("SDK, draft");
    const draft = await client.posts.create({ content: text, draft: true });
    assert.equal(draft.status, "draft");
    assert.equal(draft.scheduled_for, null);
    assert.deepEqual(draft.destinations, []);
    assert.ok(Object.values(draft.next_steps).every((step) => typeof step === "string"));

    const updated = await client.posts.update(draft.post_id, { account_ids: [demo.account("linkedin")] });
    assert.equal(updated.status, "draft");
    assert.deepEqual(updated.account_ids, [demo.account("linkedin")]);
    const drafts = await client.posts.list({ status: "draft", limit: 100 });
    assert.ok(drafts.posts.some(({ post_id }) => post_id === draft.post_id));

    const deleted = await client.posts.delete(draft.post_id);
    assert.equal(deleted.deleted, true);
    assert.equal(deleted.post_id, draft.post_id);
    assert.equal(deleted.id, draft.post_id);
    assert.ok(deleted.message.length > 0);
    await assert.rejects(client.posts.get(draft.post_id), notFound);
    await assert.rejects(client.posts.delete(draft.post_id), notFound);
  });

  test("deletes a published post and leaves the live copy", async () => {
    const text = uniqueText("SDK, delete");
    const { post_id } = await client.posts.create({ content: text, account_ids: [demo.account("x")] });
    await eventually(PUBLISH_MS, () => client.posts.results(post_id), isFinal);
    assert.equal((await client.posts.delete(post_id)).deleted, true);
    await assert.rejects(client.posts.get(post_id), notFound);
    assert.equal((await demo.live(text)).length, 1);
  });

  test("retries what failed, once", async () => {
    const text = uniqueText("SDK, retry");
    await demo.breakNext("linkedin", REFUSED_FOR_GOOD);
    const { post_id } = await client.posts.create({
      content: text,
      account_ids: [demo.account("x"), demo.account("linkedin")],
    });
    const failed = await eventually(PUBLISH_MS, () => client.posts.results(post_id), isFinal);
    assert.equal(failed.post_status, "partially_failed");

    const retried = await client.posts.retry(post_id);
    assert.equal(retried.post_id, post_id);
    assert.equal(retried.retried_count, 1);
    assert.equal(retried.retried, 1);
    assert.ok(retried.message.length > 0);
    const [queued] = retried.destinations;
    assert.equal(queued.account_id, demo.account("linkedin"));
    assert.equal(queued.status, "queued");
    assert.equal(queued.new_status, "queued");
    assert.equal(queued.error, null);

    await eventually(
      PUBLISH_MS,
      () => client.posts.results(post_id),
      ({ post_status }) => post_status === "published",
    );
    const live = await demo.live(text);
    assert.deepEqual(live.map(({ platform }) => platform).sort(), ["linkedin", "x"]);
    assert.equal((await client.posts.retry(post_id)).retried_count, 0);
  });

  test("makes many posts in one call and retries what failed of them", async () => {
    const text = uniqueText("SDK, bulk");
    await demo.breakNext("linkedin", REFUSED_FOR_GOOD);
    const { summary, results } = await client.posts.bulkCreate([
      { content: `${text} one`, account_ids: [demo.account("linkedin")] },
      { content: `${text} two`, account_ids: [999_999] },
      { content: `${text} three`, account_ids: [demo.account("x")] },
    ]);
    assert.deepEqual(summary, { total: 3, succeeded: 2, failed: 1 });
    assert.equal(results[1].error.code, "invalid_accounts");
    const [first, , third] = results.map(({ post }) => post?.post_id);
    for (const id of [first, third]) {
      await eventually(PUBLISH_MS, () => client.posts.results(id), isFinal);
    }
    const retried = await client.posts.retryFailed({ post_ids: [first, third], platform: "linkedin" });
    assert.equal(retried.retried_count, 1);
    assert.equal(retried.destinations[0].post_id, first);
    assert.equal(retried.destinations[0].new_status, "queued");
    await eventually(
      PUBLISH_MS,
      () => client.posts.results(first),
      ({ post_status }) => post_status === "published",
    );
    // Where nothing is made, this client raises, whatever the answer says of each post.
    await assert.rejects(client.posts.bulkCreate([{ content: "nobody", account_ids: [999_999] }]), /422/);
  });

  test("says who is calling", async () => {
    checkMe(demo, await client.me.get());
  });

  test("raises a validation error with the platform, the length and the request id", async () => {
    const create = client.posts.create({ content: "long ".repeat(80), account_ids: [demo.account("x")] });
    await assert.rejects(create, (error) => {
      assert.ok(error instanceof ValidationError);
      assert.match(error.requestId, REQUEST_ID);
      const [refusal] = error.details.validation_errors;
      assert.equal(refusal.platform, "x");
      assert.equal(refusal.account_id, demo.account("x"));
      assert.equal(refusal.field, "content");
      assert.match(error.message, /280/);
      return true;
    });
  });

  test("raises its authentication error for an unknown key", async () => {
    const stranger = new PostEverywhere({ apiKey: UNKNOWN_KEY });
    for (const call of [
      () => stranger.accounts.list(),
      () => stranger.me.get(),
      () => stranger.posts.create({ content: "no", account_ids: [demo.account("x")] }),
    ]) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof AuthenticationError);
        assert.equal(error.status, 401);
        assert.match(error.requestId, REQUEST_ID);
        return true;
      });
    }
  });

  test("uploads a picture, posts it and deletes it", async () => {
    const uploaded = await client.media.upload(new Blob([PIXEL], { type: "image/png" }), {
      filename: "pixel.png",
      contentType: "image/png",
    });
    const id = uploaded.id;
    checkPicture(await client.media.get(id), "pixel.png");
    const list = await client.media.list({ type: "image", limit: 5 });
    assert.ok(list.media.some((item) => item.id === id));
    assert.deepEqual((await client.media.list({ type: "video", limit: 5 })).media, []);

    const text = uniqueText("SDK, picture");
    const account_ids = [demo.account("x")];
    const { post_id } = await client.posts.create({ content: text, account_ids, media_ids: [id] });
    const outcome = await eventually(PUBLISH_MS, () => client.posts.results(post_id), isFinal);
    assert.equal(outcome.post_status, "published");
    const [live] = await demo.live(text);
    assert.deepEqual(live.media.map(({ type, bytes }) => [type, bytes]), [["image/png", PIXEL.length]]);

    const scheduled_for = minutesAhead(60);
    const waiting = await client.posts.create({ content: text, account_ids, media_ids: [id], scheduled_for });
    await assert.rejects(client.media.delete(id), (error) => {
      assert.equal(error.code, "media_in_use");
      assert.deepEqual(error.details.post_ids, [waiting.post_id]);
      return true;
    });
    await client.posts.delete(waiting.post_id);
    assert.equal((await client.media.delete(id)).deleted, true);
    await assert.rejects(client.media.get(id), notFound);
  });

  test("uploads step by step, and says what is missing", async () => {
    const filename = "steps.png";
    const begun = await client.media.getUploadUrl({ filename, content_type: "image/png", file_size: PIXEL.length });
    await assert.rejects(client.media.complete(begun.media_id), /make sure you uploaded/);
    const form = new FormData();
    form.append("file", new Blob([PIXEL], { type: "image/png" }), filename);
    const sent = await fetch(begun.upload_url, { method: "POST", body: form });
    assert.ok(sent.ok, await sent.text());
    const done = await client.media.complete(begun.media_id);
    assert.equal(done.id, begun.media_id);
    checkPicture(await client.media.get(begun.media_id), filename);
  });

  test("imports a picture from an address", async () => {
    const site = await startSite();
    try {
      const imported = await client.media.uploadFromUrl({ url: site.picture });
      checkPicture(await client.media.get(imported.media_id), "picture.png");
      await assert.rejects(client.media.uploadFromUrl({ url: "ftp://127.0.0.1/a.png" }), ValidationError);
    } finally {
      site.stop();
    }
  });

  test("keeps campaigns and the posts in them", async () => {
    const name = uniqueText("Autumn").slice(0, 60);
    const made = await client.campaigns.create({ name });
    assert.equal(made.name, name);
    assert.equal((await client.campaigns.get(made.id)).name, name);
    assert.equal((await client.campaigns.update(made.id, { name: "Winter" })).name, "Winter");
    const { campaigns } = await client.campaigns.list({ limit: 100 });
    assert.ok(campaigns.some(({ id }) => id === made.id));
    const { post_id } = await client.posts.create({
      content: uniqueText("SDK, campaign"),
      account_ids: [demo.account("x")],
      scheduled_for: minutesAhead(60),
      campaign_id: made.id,
    });
    const inside = await client.posts.listAdvanced({ campaign_id: made.id });
    assert.deepEqual(inside.posts.map(({ id }) => id), [post_id]);
    await client.campaigns.delete(made.id);
    await assert.rejects(client.campaigns.get(made.id), notFound);
    assert.equal((await client.posts.get(post_id)).status, "scheduled", "its posts stay");
  });

  test("delivers signed events to a webhook", async () => {
    const site = await startSite();
    try {
      const made = await client.webhooks.create({ url: site.hook, events: ["post.published"], name: "Ops" });
      assert.match(made.secret, /^whsec_/);
      assert.equal((await client.webhooks.get(made.id)).secret, undefined, "it is shown once");
      const tested = await client.webhooks.test(made.id);
      assert.deepEqual([tested.ok, tested.status], [true, 204]);
      checkDelivery(site.posted[0], made.secret, "webhook.test");

      const text = uniqueText("SDK, webhook");
      const { post_id } = await client.posts.create({ content: text, account_ids: [demo.account("linkedin")] });
      await eventually(PUBLISH_MS, () => site.posted, (posted) => posted.length > 1);
      const sent = checkDelivery(site.posted[1], made.secret, "post.published");
      assert.equal(sent.data.post_id, post_id);
      assert.equal(sent.data.account_id, demo.account("linkedin"));

      assert.equal((await client.webhooks.update(made.id, { is_active: false })).is_active, false);
      const { webhooks } = await client.webhooks.list();
      assert.ok(webhooks.some(({ id }) => id === made.id));
      assert.equal((await client.webhooks.delete(made.id)).deleted, true);
      await assert.rejects(client.webhooks.get(made.id), notFound);
    } finally {
      site.stop();
    }
  });

  test("counts what a period published", async () => {
    const before = await client.analytics.summary({ period: "week" });
    const text = uniqueText("SDK, numbers");
    const { post_id } = await client.posts.create({ content: text, account_ids: [demo.account("x")] });
    await eventually(PUBLISH_MS, () => client.posts.results(post_id), isFinal);
    checkSummary(before, await client.analytics.summary({ period: "week" }), "week");
    const all = await client.analytics.summary({ period: "all" });
    assert.equal(all.range.from, null);
  });

  test("has captions written and a picture made", async () => {
    checkCaptions(await client.ai.generateCaption({ topic: "soup", platform: "bluesky", count: 3 }), "soup", 3);
    const made = await client.ai.generateImage({ prompt: "a bowl of soup", model: "flux-schnell" });
    checkGenerated(made, "flux-schnell", 1, [1024, 1024]);
    await assert.rejects(client.ai.generateImage({ prompt: "soup", aspect_ratio: "2:1" }), ValidationError);
  });

  function notFound(error) {
    assert.ok(error instanceof PostEverywhereError, String(error));
    assert.equal(error.name, "PostEverywhereError");
    assert.equal(error.status, 404);
    assert.equal(error.code, "not_found");
    assert.match(error.message, /not found/);
    assert.match(error.requestId, REQUEST_ID);
    return true;
  }
});
