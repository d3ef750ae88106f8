// An agent's whole session with our MCP server, over HTTP with a sign-in and over standard input and output:
// it connects an account, drafts, has a person approve, schedules, watches, and reads how it went. Time is
// moved by the sandbox. Every step is printed, as step, tool and outcome.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { noteTests } from "./covered.mjs";
import { overHttp, overStdio, signIn, textOf } from "./own_mcp.mjs";
import { PIXEL, REFUSED_FOR_GOOD, UUID, isFinal, startDemo, startSite, uniqueText } from "./support.mjs";

const HOUR_MS = 3_600_000;

noteTests();

/** Calls tools and prints each call with the line that says what came of it. */
function transcript(way) {
  let step = 0;
  const print = (who, name, line) => {
    step += 1;
    console.log(`${way} ${String(step).padStart(2)}  ${who.padEnd(8)} ${name.padEnd(28)} ${line}`);
  };
  const as = (who, client) => ({
    async call(name, args = {}, outcome = () => "") {
      const { text, isError } = await textOf(client, name, args);
      assert.equal(isError, false, `${name}: ${text}`);
      const answer = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
      print(who, name, outcome(answer) || (typeof answer === "string" ? answer : "ok"));
      return answer;
    },
    async refused(name, args, pattern) {
      const { text, isError } = await textOf(client, name, args);
      assert.equal(isError, true, `${name}: ${text}`);
      assert.match(text, pattern);
      print(who, name, `refused: ${text}`);
    },
  });
  return { as, print };
}

/** What a person does in a browser: signs in to the dashboard and makes a key. */
async function makeKey(demo, name, scopes) {
  const { email, password } = demo;
  const post = async (path, body, headers = {}) => {
    const answer = await fetch(`${demo.baseUrl}${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return { answer, data: (await answer.json()).data };
  };
  const { answer, data } = await post("/session/sign-in", { email, password });
  const cookie = answer.headers.get("set-cookie").split(";")[0];
  const made = await post(
    "/session/api-keys",
    { name, scopes },
    { Cookie: cookie, "X-CSRF-Token": data.csrf_token },
  );
  return made.data.key;
}

const WAYS = {
  HTTP: (demo) => signIn(demo, "approve", ["read", "write", "ai"]).connect(),
  stdio: (demo) => overStdio(demo),
};

for (const [way, connect] of Object.entries(WAYS)) {
  describe(`an agent over ${way}`, { timeout: 180_000 }, () => {
    const { as, print } = transcript(way);
    let demo, site, agent, chief, clients;

    before(async () => {
      [demo, site] = await Promise.all([startDemo(), startSite()]);
      clients = [await connect(demo), await overHttp(demo, await makeKey(demo, "Chief", ["read", "approve"]))];
      agent = as("agent", clients[0]);
      chief = as("chief", clients[1]);
    });

    after(async () => {
      await Promise.all((clients ?? []).map((client) => client.close()));
      site?.stop();
      await demo?.stop();
    });

    async function pass(time) {
      const { now } = await demo.passTime(time);
      print("clock", `advance ${time}`, now);
      return Date.parse(now);
    }

    test("goes from an account to the numbers of its post", async () => {
      const me = await agent.call("get_me", {}, ({ scopes }) => `may ${scopes.join(", ")}`);
      assert.deepEqual(me.scopes, ["read", "write", "ai"]);
      await agent.call("list_events", { limit: 100 }, ({ events }) => `${events.length} events so far`);

      await demo.newAccount("x", { username: "harbourcafe" });
      const link = await agent.call("create_connect_link", { platform: "x" }, ({ url }) => url);
      const session = { session_id: link.session_id };
      const { status } = await agent.call("get_connect_status", session, (seen) => seen.status);
      assert.equal(status, "pending");
      const page = await demo.signIn(link.url, "harbourcafe");
      print("owner", "signs in to X", String(page.status));
      const connected = await agent.call(
        "get_connect_status",
        session,
        (seen) => `${seen.status}: ${seen.account?.account_name}`,
      );
      assert.equal(connected.status, "completed");
      const account_id = connected.account.account_id;
      assert.ok(demo.accounts.every((account) => account.account_id !== account_id), "it is a new one");
      const accounts = await agent.call("list_accounts", {}, (list) => `${list.length} accounts`);
      assert.ok(accounts.some((account) => account.id === account_id && account.health.can_post));
      await agent.call("get_account_health", { id: account_id }, (health) => health.status);

      const long = { content: "Soup of the day. ".repeat(20), account_ids: [account_id] };
      const checked = await agent.call("validate_post", long, ({ destinations: [on] }) => on.errors[0].message);
      assert.equal(checked.valid, false);
      const campaign = await agent.call("create_campaign", { name: "Winter" }, ({ id }) => `campaign ${id}`);
      const text = uniqueText("Soup of the day");
      const good = { content: text, account_ids: [account_id] };
      assert.equal((await agent.call("validate_post", good, ({ valid }) => `valid: ${valid}`)).valid, true);

      const draft = await agent.call("create_post", { ...good, draft: true }, (post) => `${post.status} ${post.id}`);
      const post = { post_id: draft.post_id };
      const state = ({ approval }) => `${approval.state}${approval.note ? `: ${approval.note}` : ""}`;
      await agent.call("request_post_approval", { ...post, note: "For the harbour." }, state);
      await agent.refused("approve_post", post, /"approve" scope/);
      const waiting = await chief.call(
        "list_posts_advanced",
        { approval: "requested" },
        ({ posts }) => `${posts.length} waits`,
      );
      assert.deepEqual(waiting.posts.map(({ id }) => id), [draft.id]);
      await chief.call("request_post_changes", { ...post, note: "Say when." }, state);
      const better = `${text} at noon`;
      const changed = await agent.call("update_post", { ...post, content: better, request_approval: true }, state);
      assert.equal(changed.approval.state, "requested");
      const yes = { ...post, updated_at: changed.updated_at, note: "Go." };
      assert.equal((await chief.call("approve_post", yes, state)).approval.state, "approved");

      const due = new Date(Date.now() + 2 * HOUR_MS).toISOString();
      const scheduled = await agent.call(
        "schedule_post",
        { ...post, scheduled_for: due },
        (seen) => `${seen.status} for ${seen.scheduled_for}`,
      );
      assert.equal(scheduled.approval.state, "approved", "it need not ask again");
      await agent.call("update_post", { ...post, campaign_id: campaign.id }, (seen) => `in campaign ${seen.campaign_id}`);
      const queued = await agent.call("get_post_results", post, ({ results: [on] }) => on.status);
      assert.equal(queued.results[0].status, "queued");
      assert.deepEqual(await demo.live(better), []);

      await demo.breakNext("x", { kind: "error", status: 503 });
      await pass("3h");
      const outcome = await agent.call(
        "get_post_results",
        post,
        ({ results: [on] }) => `${on.status} after ${on.attempts} attempts: ${on.platform_post_url}`,
      );
      assert.ok(isFinal(outcome));
      assert.deepEqual([outcome.post_status, outcome.results[0].attempts], ["published", 2]);
      assert.ok(Math.abs(Date.parse(outcome.results[0].published_at) - Date.parse(due)) < 60_000);
      assert.equal((await demo.live(better)).length, 1);
      const tried = await agent.call(
        "get_post_attempts",
        post,
        ({ destinations: [on] }) => on.entries.map(({ event }) => event).join(", "),
      );
      assert.ok(tried.destinations[0].entries.length > 2);
      const used = await agent.call("get_account_limits", { id: account_id }, (all) => JSON.stringify(all).slice(0, 70));
      assert.equal(used.account_id, account_id);

      const told = await agent.call(
        "list_events",
        { since: draft.created_at, limit: 100 },
        ({ events }) => events.map(({ event }) => event).join(", "),
      );
      const ofPost = told.events.filter(({ data }) => data.post_id === draft.id).map(({ event }) => event);
      for (const event of ["post.approval_requested", "post.changes_requested", "post.approved", "post.published"]) {
        assert.ok(ofPost.includes(event), `${event} among ${ofPost}`);
      }
      assert.equal(told.has_more, false);
      const { events } = await agent.call("list_events", { after: told.cursor }, (page) => `${page.events.length} more`);
      assert.deepEqual(events, []);

      await pass("30h");
      const metrics = await agent.call(
        "get_post_metrics",
        post,
        ({ destinations: [on] }) => on.readings.map((one) => `${one.age_hours} h: ${one.likes} likes`).join(", "),
      );
      assert.deepEqual(metrics.destinations[0].readings.map(({ age_hours }) => age_hours), [1, 6, 24]);
      const audience = await agent.call(
        "get_account_metrics",
        { account_id },
        (read) => JSON.stringify(read).slice(0, 70),
      );
      assert.equal(audience.account_id, account_id);
      const summary = await agent.call(
        "get_analytics_summary",
        { period: "all" },
        (sum) => `${sum.posts.published} published, ${sum.metrics.likes} likes`,
      );
      assert.equal(summary.posts.published, 1);
      const { rows } = await agent.call(
        "get_analytics_breakdown",
        { by: "campaign", period: "all" },
        ({ rows }) => rows.map((row) => `${row.campaign_name ?? "none"}: ${row.published}`).join(", "),
      );
      assert.equal(rows.reduce((sum, row) => sum + row.published, 0), 1);
      await agent.call("get_campaign", { id: campaign.id }, (seen) => JSON.stringify(seen).slice(0, 70));
    });

    test("keeps a queue, and looks at tables before it makes posts of them", async () => {
      const account_ids = [demo.account("x")];
      const slots = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, time: "09:30" }));
      await agent.call("set_queue", { slots, timezone: "Europe/Berlin" }, ({ message }) => message);
      const queue = await agent.call("get_queue", { preview: 3 }, ({ upcoming }) => `${upcoming.length} slots`);
      const content = uniqueText("next slot");
      const taken = await agent.call(
        "create_post",
        { content, account_ids, use_queue: true, allow_duplicate: true },
        (post) => `scheduled for ${post.scheduled_for}`,
      );
      assert.equal(taken.scheduled_for, queue.upcoming[0].scheduled_for);
      await agent.call("delete_post", { post_id: taken.post_id });
      await agent.call("get_best_times", { account_ids, timezone: "Europe/Berlin" }, ({ best_times }) =>
        JSON.stringify(best_times).slice(0, 60),
      );
      await agent.call("delete_queue", {}, ({ deleted }) => `deleted: ${deleted}`);

      const posts = [
        { date: "2099-01-31", time: "09:30", content: "soup", platforms: "x" },
        { date: "2099-01-31", time: "09:30", content: "soup", platforms: "nowhere" },
      ];
      const counted = ({ valid, invalid }) => `${valid} good, ${invalid} bad`;
      const rows = { posts, timezone: "UTC", account_mapping: { x: account_ids[0] } };
      const looked = await agent.call("bulk_schedule_posts", { ...rows, dry_run: true }, counted);
      assert.deepEqual([looked.valid, looked.invalid], [1, 1]);
      const file = `content,account_ids,scheduled_for\nsoup from a file,${account_ids[0]},2099-02-01T09:30:00Z\n`;
      const dry = await agent.call("import_posts", { file, dry_run: true }, (seen) => JSON.stringify(seen).slice(0, 70));
      assert.equal(dry.dry_run, true);
      const { posts: none } = await agent.call("list_posts_advanced", { search: "soup from a file" });
      assert.deepEqual(none, []);
      await agent.call("import_posts", { file }, ({ created }) => `${created} made`);
      const { posts: made } = await agent.call("list_posts_advanced", { search: "soup from a file" });
      assert.equal(made.length, 1);
    });

    test("sees what was sent to a webhook and sends it again", async () => {
      const events = ["post.published"];
      const { id } = await agent.call("create_webhook", { url: site.hook, events, name: "Desk" }, (hook) => hook.url);
      await agent.call("test_webhook", { id }, ({ ok, status }) => `ok: ${ok}, ${status}`);
      const deliveries = () => agent.call("list_webhook_deliveries", { id, event: "post.published" }, (list) => list.deliveries.map(({ status }) => status).join(", "));
      const account_ids = [demo.account("x")];
      await agent.call("create_post", { content: uniqueText("hook"), account_ids });
      await pass("1m");
      const [sent] = (await deliveries()).deliveries;
      assert.match(sent.id, UUID);
      const delivery = { id, delivery_id: sent.id };
      await agent.call("get_webhook_delivery", delivery, ({ status }) => status);
      const before = site.posted.length;
      await agent.call("replay_webhook_delivery", delivery);
      await pass("1m");
      assert.equal(site.posted.length, before + 1);
      assert.equal((await deliveries()).deliveries.length, 2);
      await agent.call("requeue_webhook_deliveries", { id }, ({ message }) => message);
      await agent.call("update_webhook", { id, is_active: false });
      await agent.call("get_webhook", { id }, ({ is_active }) => `active: ${is_active}`);
      await agent.call("list_webhooks", {}, ({ webhooks }) => `${webhooks.length}`);
      await agent.call("delete_webhook", { id });
    });

    test("brings files in, has some made, and posts them", async () => {
      const about = { filename: "pixel.png", content_type: "image/png", size: PIXEL.length };
      const begun = await agent.call("begin_media_upload", about, ({ upload_url }) => upload_url);
      const form = new FormData();
      form.append("file", new Blob([PIXEL], { type: "image/png" }), "pixel.png");
      assert.ok((await fetch(begun.upload_url, { method: "POST", body: form })).ok);
      const { media_id } = begun;
      await agent.call("complete_media_upload", { media_id }, ({ status }) => status);
      await agent.call("upload_media_from_url", { url: site.picture }, ({ status }) => status);
      await agent.call("get_media", { media_id }, ({ status }) => status);
      await agent.call("list_media", { type: "image" }, (list) => `${list.length} files`);
      const caption = await agent.call("generate_caption", { topic: "soup", platform: "x" }, ({ captions: [one] }) => one);
      const image = await agent.call("generate_image", { prompt: "soup", model: "flux-schnell" }, (made) => made.media_id);
      const asked = { content: caption.captions[0], account_ids: [demo.account("x")], media_ids: [image.media_id] };
      const { summary } = await agent.call("bulk_create_posts", { posts: [asked] }, (made) => JSON.stringify(made.summary));
      assert.equal(summary.succeeded, 1);
      await agent.call("delete_media", { media_id });
    });

    test("tries again what failed, and tidies up", async () => {
      const ids = [demo.account("linkedin")];
      const failing = async () => {
        await demo.breakNext("linkedin", REFUSED_FOR_GOOD);
        const { post_id } = await agent.call("create_post", { content: uniqueText("again"), account_ids: ids });
        await pass("1m");
        const failed = await agent.call("get_post_results", { post_id }, ({ results: [on] }) => `${on.status}: ${on.error}`);
        assert.equal(failed.post_status, "failed");
        return post_id;
      };
      const one = await failing();
      await agent.call("retry_failed_post", { post_id: one }, ({ retried_count }) => `${retried_count} again`);
      await pass("1m");
      const two = await failing();
      await agent.call("retry_failed_posts", { post_ids: [two] }, ({ retried_count }) => `${retried_count} again`);
      await pass("1m");
      for (const post_id of [one, two]) {
        const { status } = await agent.call("get_post", { post_id }, (post) => post.status);
        assert.equal(status, "published");
      }
      await agent.call("list_posts", { status: "published" }, (posts) => `${posts.length} published`);

      const { username, credentials } = await demo.newAccount("bluesky", { username: "harbour.example.org", token: true });
      const given = { platform: "bluesky", handle: username, app_password: credentials.app_password };
      const { account } = await agent.call("connect_credential_account", given, ({ message }) => message);
      await agent.call("get_account", { account_id: account.account_id }, ({ account_name }) => account_name);
      await agent.call("create_reconnect_link", { account_id: demo.account("linkedin") }, ({ platform }) => platform);
      const gone = await agent.call("disconnect_account", { account_id: account.account_id }, ({ message }) => message);
      assert.equal(gone.disconnected, true);

      const { campaigns } = await agent.call("list_campaigns", {}, (list) => `${list.campaigns.length}`);
      await agent.call("update_campaign", { id: campaigns[0].id, status: "archived" }, ({ status }) => status);
      await agent.call("delete_campaign", { id: campaigns[0].id });
      await agent.call("get_platform_rules", {}, ({ platforms }) => Object.keys(platforms).join(", "));
    });
  });
}
