// The command line client against a running server: one process per command.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { noteCall, noteSurface, noteTests } from "./covered.mjs";
import {
  ANSWER_MS,
  PUBLISH_MS,
  REFUSED_FOR_GOOD,
  UNKNOWN_KEY,
  UNKNOWN_POST,
  checkAccounts,
  checkCaptions,
  checkCreated,
  checkExpiredHealth,
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

const COMMAND = commandOf("@posteverywhere/cli");

describe("the CLI", { timeout: 180_000 }, () => {
  let demo;
  let home;

  before(async () => {
    demo = await startDemo();
    home = await mkdtemp(join(tmpdir(), "fanfare-cli-"));
  });

  after(async () => {
    await demo?.stop();
    if (home) await rm(home, { recursive: true });
  });

  /** Runs a command to its end: exit code, standard output, standard error. */
  function run(args, environment = {}) {
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      POSTEVERYWHERE_API_URL: demo.baseUrl,
      POSTEVERYWHERE_API_KEY: demo.apiKey,
      ...environment,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [COMMAND, ...args], { env, timeout: 30_000 }, (error, stdout, stderr) => {
        noteCall("CLI", args[0], error === null);
        resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr });
      });
    });
  }

  async function answer(...args) {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 0, `${args[0]}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** The one line of JSON that the command prints when it fails. */
  async function failure(args, environment) {
    const { code, stdout, stderr } = await run(args, environment);
    assert.equal(code, 1, `${args[0]}: ${stdout.slice(0, 500)}${stderr}`);
    assert.equal(stdout, "");
    return JSON.parse(stderr).error;
  }

  noteTests();

  test("has the commands that it is known by", async () => {
    const { stdout } = await run(["--help"]);
    const [, listed] = stdout.split("\nCommands\n");
    const commands = [...listed.split("\nFlags\n")[0].matchAll(/^ {2}([a-z][a-z:-]*)/gm)].map(([, name]) => name);
    assert.ok(commands.includes("post"), stdout);
    noteSurface("CLI", commands);
  });

  test("lists the accounts with exactly the documented fields", async () => {
    const list = await answer("accounts");
    checkAccounts(demo, list.accounts);
    assert.deepEqual(list.account_ids, list.accounts.map((account) => account.account_id));
  });

  test("prints an account's health in full", async () => {
    checkHealthy(demo, await answer("account:health", String(demo.account("x"))), "x");
    checkExpiredHealth(demo, await answer("account:health", String(demo.account("threads"))));
  });

  test("publishes once on every account that can post and says why the other failed", async () => {
    const text = uniqueText("CLI, at once");
    const created = await answer("post", "-c", text, "-a", demo.allAccounts().join());
    checkCreated(demo, created, text);
    const age = Date.now() - Date.parse(created.created_at);
    const left = PUBLISH_MS - age;
    const outcome = await eventually(left, () => answer("results", created.post_id), isFinal);
    await checkOutcome(demo, outcome, text);
    for (const { published_at } of outcome.results.filter(({ status }) => status === "published")) {
      const took = Date.parse(published_at) - Date.parse(created.created_at);
      assert.ok(took >= 0 && took < PUBLISH_MS, `published after ${took} ms`);
    }
  });

  test("answers before anything is published", async () => {
    const text = uniqueText("CLI, slow platform");
    await demo.breakNext("x", { kind: "delay", delay_ms: 3 * ANSWER_MS });
    const created = await answer("post", "-c", text, "-a", String(demo.account("x")));
    assert.equal(created.status, "publishing");
    assert.deepEqual(await demo.live(text), []);
    const outcome = await eventually(2 * PUBLISH_MS, () => answer("results", created.post_id), isFinal);
    assert.equal(outcome.post_status, "published");
    assert.equal((await demo.live(text)).length, 1);
  });

  test("schedules a post and lists it by status and platform", async () => {
    const text = uniqueText("CLI, scheduled");
    const time = minutesAhead(60);
    const created = await answer(
      "post", "-c", text, "-a", String(demo.account("linkedin")), "-s", time, "--timezone", "Europe/Berlin",
    );
    assert.equal(created.status, "scheduled");
    assert.equal(created.scheduled_for, time);
    assert.equal(created.timezone, "Europe/Berlin");

    const list = await answer("posts", "--status", "scheduled", "--platform", "linkedin", "--limit", "5");
    assert.equal(list.pagination.limit, 5);
    const listed = list.posts.find(({ post_id }) => post_id === created.post_id);
    assert.equal(listed.content, text);
    assert.deepEqual(listed.destinations.map(({ status }) => status), ["queued"]);
    assert.ok(list.posts.every(({ status }) => status === "scheduled"));

    const published = await answer("posts", "--status", "published");
    assert.ok(published.posts.every(({ post_id }) => post_id !== created.post_id));
    assert.equal(published.pagination.limit, 20);
    assert.deepEqual(await demo.live(text), []);
  });

  test("retries what failed, once", async () => {
    const text = uniqueText("CLI, retry");
    await demo.breakNext("linkedin", REFUSED_FOR_GOOD);
    const ids = [demo.account("linkedin"), demo.account("x")];
    const { post_id } = await answer("post", "-c", text, "-a", ids.join());
    const failed = await eventually(PUBLISH_MS, () => answer("results", post_id), isFinal);
    assert.equal(failed.post_status, "partially_failed");

    const retried = await answer("retry", post_id);
    assert.equal(retried.retried_count, 1);
    assert.equal(retried.destinations[0].account_id, demo.account("linkedin"));
    assert.equal(retried.destinations[0].status, "queued");
    const outcome = await eventually(PUBLISH_MS, () => answer("results", post_id), isFinal);
    assert.equal(outcome.post_status, "published");
    assert.deepEqual((await demo.live(text)).map(({ platform }) => platform).sort(), ["linkedin", "x"]);
  });

  test("says who is calling", async () => {
    checkMe(demo, await answer("whoami"));
  });

  test("prints the rules of all platforms and of one", async () => {
    checkRules(await answer("platform-rules"));
    const bluesky = await answer("platform-rules", "bluesky");
    assert.equal(bluesky.platform, "bluesky");
    assert.equal(bluesky.characterLimit, 300);
    assert.match(await failure(["platform-rules", "myspace"]), /Unknown platform "myspace"\. Known: .*linkedin/);
  });

  /** A command that waits for a person: what it prints on the way, and its end. */
  function begin(args, environment = {}) {
    const env = { PATH: process.env.PATH, HOME: home, POSTEVERYWHERE_API_URL: demo.baseUrl, ...environment };
    const child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    const seen = { out: "", error: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (seen.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (seen.error += text));
    const ended = once(child, "exit").then(([code]) => {
      noteCall("CLI", args[0], code === 0);
      return { code, ...seen };
    });
    const printed = (name) =>
      eventually(10_000, () => seen.out.match(new RegExp(`"${name}":\\s*"([^"]+)"`))?.[1], Boolean);
    return { ended, printed };
  }

  test("connects an account through the owner's browser", async () => {
    const connecting = begin(["connect", "x"], { POSTEVERYWHERE_API_KEY: demo.apiKey });
    const page = await demo.signIn(await connecting.printed("authorize_url"), "northlight");
    assert.equal(page.status, 200, page.text);
    assert.ok(page.text.includes("X is connected"), page.text);
    const { code, out, error } = await connecting.ended;
    assert.equal(code, 0, error);
    assert.ok(out.includes('"completed"') && out.includes("@northlight"), out);
  });

  test("looks an account up and repairs it in place", async () => {
    const id = demo.account("linkedin");
    const repairing = begin(["reconnect", String(id)], { POSTEVERYWHERE_API_KEY: demo.apiKey });
    const page = await demo.signIn(await repairing.printed("authorize_url"), "northlight");
    assert.ok(page.text.includes("LinkedIn is connected again"), page.text);
    const { code, out, error } = await repairing.ended;
    assert.equal(code, 0, error);
    assert.ok(out.includes(`"account_id": ${id}`), out);
    checkHealthy(demo, await answer("account:health", String(id)), "linkedin");
    assert.match(await failure(["reconnect", "999999"]), /not found/);
    assert.match(await failure(["connect", "mastodon"]), /connect-credential/);
  });

  test("prints the server's sentence for a post that it refuses", async () => {
    const refused = await failure(["post", "-c", "x".repeat(3001), "-a", String(demo.account("linkedin"))]);
    assert.match(refused, /3,?001/);
    assert.match(await failure(["post", "-c", "who", "-a", "999999"]), /999999/);
    const past = ["post", "-c", "late", "-a", String(demo.account("x")), "-s", "2020-01-01T00:00:00Z"];
    assert.match(await failure(past), /future/);
    assert.match(await failure(["results", UNKNOWN_POST]), /not found/);
    assert.match(await failure(["posts", "--status", "gone"]), /status/);
  });

  test("fails with the server's sentence for an unknown key", async () => {
    const environment = { POSTEVERYWHERE_API_KEY: UNKNOWN_KEY };
    for (const args of [["whoami"], ["accounts"], ["post", "-c", "no", "-a", String(demo.account("x"))]]) {
      assert.match(await failure(args, environment), /API key/);
    }
    assert.match(await failure(["whoami"], { POSTEVERYWHERE_API_KEY: "" }), /Not logged in/);
  });

  test("imports a picture by its address and posts it", async () => {
    const site = await startSite();
    try {
      const { media_id } = await answer("upload", site.picture);
      const { data } = await demo.get(`/media/${media_id}`);
      checkPicture(data, "picture.png");
      const text = uniqueText("CLI, picture");
      const { post_id } = await answer("post", "-c", text, "-a", String(demo.account("x")), "-m", media_id);
      const outcome = await eventually(PUBLISH_MS, () => answer("results", post_id), isFinal);
      assert.equal(outcome.post_status, "published");
      assert.equal((await demo.live(text))[0].media.length, 1);
    } finally {
      site.stop();
    }
  });

  test("counts what a period published", async () => {
    const before = await answer("analytics", "--period", "week");
    const text = uniqueText("CLI, numbers");
    const { post_id } = await answer("post", "-c", text, "-a", String(demo.account("x")));
    await eventually(PUBLISH_MS, () => answer("results", post_id), isFinal);
    checkSummary(before, await answer("analytics", "--period", "week"), "week");
    assert.equal((await answer("analytics")).period, "month");
    assert.match(await failure(["analytics", "--period", "year"]), /period/);
  });

  test("lists the campaigns", async () => {
    assert.deepEqual((await answer("campaigns")).campaigns, []);
  });

  test("has a caption written", async () => {
    const { stdout } = await run(["caption", "-t", "soup", "--platform", "x", "--tone", "witty"]);
    checkCaptions(JSON.parse(stdout), "soup", 1);
  });

  test("logs in once a person has approved it, and not when they deny it", async () => {
    const denied = begin(["login"]);
    await demo.decideDevice(await denied.printed("user_code"), "deny");
    const refused = await denied.ended;
    assert.equal(refused.code, 1);
    assert.match(refused.error, /denied/);
    assert.deepEqual(await readdir(home), []);

    const login = begin(["login"]);
    const page = await demo.decideDevice(await login.printed("user_code"), "approve");
    assert.equal(page.status, 200, page.text);
    const { code, out, error } = await login.ended;
    assert.equal(code, 0, error);
    assert.ok(out.includes('"authorized"') && out.includes("ana@example.org"), out);
    const saved = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    assert.equal(saved.length, 1);
    const config = await readFile(join(saved[0].parentPath ?? saved[0].path, saved[0].name), "utf8");
    assert.match(config, /pe_live_[0-9a-f]{32}/);
    const { stdout } = await run(["accounts"], { POSTEVERYWHERE_API_KEY: "" });
    assert.deepEqual(JSON.parse(stdout).account_ids, demo.accounts.map(({ account_id }) => account_id));

    assert.equal((await run(["logout"], { POSTEVERYWHERE_API_KEY: "" })).code, 0);
    assert.match(await failure(["accounts"], { POSTEVERYWHERE_API_KEY: "" }), /Not logged in/);
  });
});
