// Our own MCP server, over HTTP and over standard input and output, driven by the reference client.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";

import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import { noteSurface, noteTests } from "./covered.mjs";
import {
  OURS,
  call,
  failure,
  newClient,
  overHttp as connectHttp,
  overStdio as connectStdio,
  signIn as signInAs,
  textOf,
} from "./own_mcp.mjs";
import {
  BINARY,
  PUBLISH_MS,
  UNKNOWN_KEY,
  checkAccounts,
  checkCreated,
  checkExpiredHealth,
  checkMe,
  checkOutcome,
  checkPicture,
  checkRules,
  commandOf,
  eventually,
  isFinal,
  minutesAhead,
  startDemo,
  startSite,
  uniqueText,
} from "./support.mjs";

noteTests();

/** What we have beyond the official server, and what its newer versions have. */
const MORE = [
  "validate_post",
  "get_queue",
  "list_webhook_deliveries",
  "request_post_approval",
  "approve_post",
  "request_post_changes",
  "get_post_metrics",
  "get_account_metrics",
  "get_connect_status",
  "disconnect_account",
  "bulk_schedule_posts",
  "import_posts",
  "set_queue",
  "delete_queue",
  "get_best_times",
  "begin_media_upload",
  "complete_media_upload",
  "get_webhook_delivery",
  "replay_webhook_delivery",
  "requeue_webhook_deliveries",
  "list_events",
  "get_post_attempts",
  "get_account_limits",
  "get_analytics_breakdown",
];

let demo;

before(async () => {
  demo = await startDemo();
});

after(async () => {
  await demo?.stop();
});

const overHttp = (...how) => connectHttp(demo, ...how);
const overStdio = (...how) => connectStdio(demo, ...how);
const signIn = (decision) => signInAs(demo, decision);

async function overOfficial() {
  const client = newClient();
  const env = {
    PATH: process.env.PATH,
    POSTEVERYWHERE_API_URL: demo.baseUrl,
    POSTEVERYWHERE_API_KEY: demo.apiKey,
  };
  const args = [commandOf("@posteverywhere/mcp")];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
  return client;
}

for (const [way, connect] of Object.entries({ HTTP: overHttp, stdio: overStdio })) {
  describe(`our MCP server over ${way}`, { timeout: 120_000 }, () => {
    let client;

    before(async () => {
      client = await connect();
    });

    after(async () => {
      await client?.close();
    });

    test("says who it is", () => {
      assert.equal(client.getServerVersion().name, "fanfare");
      assert.ok(client.getInstructions().includes("list_accounts"));
    });

    test("has every tool of the official server with the same arguments and hints", async () => {
      const official = await overOfficial();
      const { tools: theirs } = await official.listTools();
      await official.close();
      const { tools } = await client.listTools();
      const ours = new Map(tools.map((tool) => [tool.name, tool]));
      noteSurface(OURS, [...ours.keys()]);
      assert.deepEqual([...ours.keys()].sort(), [...theirs.map(({ name }) => name), ...MORE].sort());
      for (const { name, inputSchema, annotations } of theirs) {
        const own = ours.get(name);
        for (const [argument, schema] of Object.entries(inputSchema.properties)) {
          const mine = own.inputSchema.properties[argument];
          assert.ok(mine, `${name} takes ${argument}`);
          assert.equal(mine.type === "integer" ? "number" : mine.type, schema.type, `${name}.${argument}`);
          const added = (mine.enum ?? []).filter((value) => !schema.enum?.includes(value));
          assert.deepEqual(added.filter((value) => !["wordpress", "mastodon"].includes(value)), []);
          assert.ok(!mine.enum || schema.enum.every((value) => mine.enum.includes(value)), `${name}.${argument}`);
        }
        assert.deepEqual(own.inputSchema.required ?? [], inputSchema.required ?? [], name);
        assert.equal(own.annotations.readOnlyHint, annotations.readOnlyHint, name);
        assert.equal(own.annotations.destructiveHint, annotations.destructiveHint, name);
      }
    });

    test("gives what the official server gives, letter by letter", async () => {
      const official = await overOfficial();
      const { post_id } = await call(client, "create_post", { content: uniqueText("same"), draft: true });
      const asked = [
        ["list_accounts", {}],
        ["get_account", { account_id: demo.account("x") }],
        ["get_account_health", { id: demo.account("linkedin") }],
        ["list_posts", { status: "draft" }],
        ["list_posts_advanced", { search: "same" }],
        ["get_post", { post_id }],
        ["get_post_results", { post_id }],
        ["list_media", {}],
        ["list_campaigns", {}],
        ["list_webhooks", {}],
        ["get_platform_rules", {}],
        ["get_account", { account_id: 999_999 }],
        ["create_post", { content: "x".repeat(3001), account_ids: [demo.account("linkedin")] }],
        ["delete_post", { post_id }],
        ["get_post", { post_id }],
      ];
      for (const [name, args] of asked) {
        const theirs = name === "delete_post" ? null : await textOf(official, name, args);
        const { text, isError } = await textOf(client, name, args);
        if (theirs === null) assert.equal(text, `Post ${post_id} deleted successfully.`);
        else if (theirs.isError) assert.deepEqual({ text, isError }, { ...theirs, text: theirs.text }, name);
        else assert.equal(text, theirs.text, name);
      }
      await official.close();
    });

    test("an agent checks, drafts, schedules, watches and reads the results", async () => {
      checkAccounts(demo, await call(client, "list_accounts"));
      checkExpiredHealth(demo, await call(client, "get_account_health", { id: demo.account("threads") }));
      checkMe(demo, await call(client, "get_me"));
      checkRules(await call(client, "get_platform_rules"));

      const account_ids = [demo.account("linkedin")];
      const text = uniqueText(`an agent over ${way}`);
      const long = { content: "soup ".repeat(700), account_ids };
      const checked = await call(client, "validate_post", long);
      assert.equal(checked.valid, false);
      assert.match(checked.destinations[0].errors[0].message, /3,?000/);
      assert.match(await failure(client, "create_post", long), /3,?000/);
      assert.equal((await call(client, "validate_post", { content: text, account_ids })).valid, true);

      const draft = await call(client, "create_post", { content: text, account_ids, draft: true });
      assert.equal(draft.status, "draft");
      assert.deepEqual(await demo.live(text), []);
      const later = minutesAhead(60);
      const scheduled = await call(client, "schedule_post", { post_id: draft.post_id, scheduled_for: later });
      assert.equal(scheduled.scheduled_for, later);
      const waiting = await call(client, "get_post_results", { post_id: draft.post_id });
      assert.equal(waiting.results[0].status, "queued");
      assert.equal((await textOf(client, "delete_post", { post_id: draft.post_id })).isError, false);

      const now = await call(client, "create_post", { content: text, account_ids: demo.allAccounts() });
      checkCreated(demo, now, text);
      const { post_id } = now;
      const read = () => call(client, "get_post_results", { post_id });
      await checkOutcome(demo, await eventually(PUBLISH_MS, read, isFinal), text);
    });

    test("holds a post until somebody with a key that may approve says yes", async () => {
      const content = uniqueText(`held over ${way}`);
      const asked = { content, account_ids: [demo.account("linkedin")], request_approval: true };
      const { post_id, approval } = await call(client, "create_post", asked);
      assert.equal(approval.state, "requested");
      const again = await call(client, "request_post_approval", { post_id, note: "Please look." });
      assert.equal(again.approval.note, "Please look.");
      const { posts } = await call(client, "list_posts_advanced", { approval: "requested", search: content });
      assert.deepEqual(posts.map((post) => post.post_id), [post_id]);
      assert.match(await failure(client, "approve_post", { post_id }), /"approve" scope/);
      assert.match(await failure(client, "request_post_changes", { post_id, note: "No" }), /"approve" scope/);
      assert.deepEqual(await demo.live(content), []);
      assert.equal((await textOf(client, "delete_post", { post_id })).isError, false);
    });

    test("brings a picture into the library and deletes it", async () => {
      const site = await startSite();
      try {
        const { media_id } = await call(client, "upload_media_from_url", { url: site.picture });
        checkPicture(await call(client, "get_media", { media_id }), "picture.png");
        const { text } = await textOf(client, "delete_media", { media_id });
        assert.equal(text, `Media ${media_id} deleted successfully.`);
      } finally {
        site.stop();
      }
    });

    test("says in words what is wrong with arguments", async () => {
      assert.equal(await failure(client, "get_post", { post_id: "../me" }), "post_id must be a UUID.");
      assert.match(await failure(client, "create_post", { text: "soup" }), /Unknown argument "text"/);
      await assert.rejects(client.callTool({ name: "launch", arguments: {} }), /launch/);
    });
  });
}

describe("the door of our MCP server", { timeout: 60_000 }, () => {
  test("is shut without a key and with an unknown one", async () => {
    for (const headers of [{}, { Authorization: `Bearer ${UNKNOWN_KEY}` }]) {
      const answer = await fetch(new URL("/mcp", demo.baseUrl), { method: "POST", headers, body: "{}" });
      assert.equal(answer.status, 401);
      assert.ok((await answer.json()).error.length > 0);
      const metadata = `resource_metadata="${demo.baseUrl}/.well-known/oauth-protected-resource/mcp"`;
      assert.ok(answer.headers.get("www-authenticate").includes(metadata));
    }
    const stranger = await overStdio(UNKNOWN_KEY);
    assert.match(await failure(stranger, "list_accounts"), /API key/);
    await stranger.close();
  });

  test("opens for a client that signs in, renews its token, and not for one that is turned away", async () => {
    const denied = signIn("deny");
    await assert.rejects(denied.connect(), /access_denied/);
    assert.equal(denied.kept.tokens, undefined);

    const signed = signIn("approve");
    const client = await signed.connect();
    assert.match(signed.kept.tokens.access_token, /^pe_live_[0-9a-f]{32}$/);
    assert.notEqual(signed.kept.tokens.access_token, demo.apiKey);
    checkAccounts(demo, await call(client, "list_accounts"));
    assert.deepEqual((await call(client, "get_me")).scopes, ["read", "write"], "as the person allowed it");
    assert.match(await failure(client, "generate_caption", { topic: "soup" }), /"ai" scope/);

    // The client finds its token refused, and gets another one by itself.
    const first = signed.kept.tokens;
    signed.kept.tokens = { ...first, access_token: UNKNOWN_KEY };
    checkAccounts(demo, await call(client, "list_accounts"));
    assert.notEqual(signed.kept.tokens.refresh_token, first.refresh_token);
    await client.close();
  });

  test("leads to the tools without images at /claude", async () => {
    const client = await overHttp(demo.apiKey, "/claude");
    const { tools } = await client.listTools();
    assert.ok(tools.some(({ name }) => name === "generate_caption"));
    assert.ok(!tools.some(({ name }) => name === "generate_image"));
    await client.close();
  });

  test("says so when the server cannot be reached, and when there is no key", async () => {
    const lost = await overStdio(demo.apiKey, "http://127.0.0.1:1");
    await assert.rejects(lost.callTool({ name: "list_accounts", arguments: {} }), /does not answer/);
    await lost.close();
    const child = spawn(BINARY, ["mcp"], { env: { PATH: process.env.PATH }, stdio: ["pipe", "ignore", "pipe"] });
    let log = "";
    child.stderr.on("data", (text) => (log += text));
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    assert.match(log, /FANFARE_API_KEY is not set/);
  });

  test("opens for the inspector", async () => {
    const manifest = createRequire(import.meta.url).resolve("@modelcontextprotocol/inspector/package.json");
    const inspect = async (...args) => {
      const child = spawn(process.execPath, [join(dirname(manifest), "cli/build/index.js"), ...args], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME },
      });
      let out = "";
      let log = "";
      child.stdout.on("data", (text) => (out += text));
      child.stderr.on("data", (text) => (log += text));
      const [code] = await once(child, "close");
      assert.equal(code, 0, log);
      return JSON.parse(out);
    };
    const server = [`${demo.baseUrl}/mcp`, "--transport", "http", "--header", `Authorization: Bearer ${demo.apiKey}`];
    const { tools } = await inspect(...server, "--method", "tools/list");
    assert.ok(tools.some(({ name }) => name === "create_post"));
    const called = await inspect(...server, "--method", "tools/call", "--tool-name", "list_accounts");
    checkAccounts(demo, JSON.parse(called.content[0].text));
  });
});
