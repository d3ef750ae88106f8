// What strangers may try: scripts in data, frames, requests of other sites, cookies that they chose.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { site } from "./site.mjs";
import { ahead, upload } from "./story.mjs";
import { caller, openPage, PASSWORD, picture, until } from "./support.mjs";

/** Each of these leaves a mark when it runs. */
const SCRIPTS = [
  `<img src=x onerror="window.ran='img'">`,
  `<script>window.ran='script'</script>`,
  `"><svg onload="window.ran='svg'">`,
  `'onmouseover="window.ran='attribute'" autofocus onfocus="window.ran='focus'"`,
  `[link](javascript:window.ran='markdown') {{constructor.constructor('window.ran=1')()}}`,
];
const [IMAGE, SCRIPT, SVG, ATTRIBUTE, MARKDOWN] = SCRIPTS;
const HOSTILE = SCRIPTS.join(" ");

/** A page of another origin, with this in it. */
async function stranger(html) {
  const server = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(html));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Another port is the same site to a cookie; another name is another one.
  return { url: `http://localhost:${server.address().port}/`, stop: () => server.close() };
}

describe("scripts in data", { timeout: 240_000 }, () => {
  const person = { email: "mallory@example.org", password: PASSWORD };
  const posts = {};
  let webhook;
  before(async () => {
    await site.command("org", "create", `Evil ${IMAGE}${SCRIPT}`, "--email", "owner-of-evil@example.org");
    const { 0: id } = /[0-9a-f-]{36}/.exec(await organizationOf("Evil"));
    await site.command("user", "create", person.email, "--role", "owner", "--name", SVG, "--org", id);
    const key = await site.command("key", "create", HOSTILE.slice(0, 100), "--scopes", "read,write,ai,approve", "--org", id);
    const api = caller(site.url, key);
    const evil = { ...site, api };

    const made = await fetch(`${site.sandboxUrl}/_sandbox/accounts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ platform: "linkedin", username: "mallory", display_name: IMAGE, token: true }),
    });
    assert.equal(made.status, 201);
    const { user_id: owner } = await made.json();
    const { url, session_id: session } = await api("POST", "/accounts/connect-link", { platform: "linkedin" });
    const step = async (address) => new URL((await fetch(address, { redirect: "manual" })).headers.get("location"));
    const authorize = await step(url);
    authorize.searchParams.set("sandbox_user", owner ?? "mallory");
    await fetch(await step(authorize));
    const { status, accounts } = await api("GET", `/auth/social-connect/poll/${session}`);
    assert.equal(status, "completed");
    const account = accounts[0].account_id;

    const campaign = await api("POST", "/campaigns", { name: MARKDOWN, description: HOSTILE });
    const media = await upload(evil, `${IMAGE}.png`, picture(64, 64));
    webhook = await api("POST", "/webhooks", { url: `https://hooks.example.org/${encodeURI(SCRIPT)}?x='"onload=`, name: ATTRIBUTE, events: ["post.published", "post.failed"] });
    const settings = { linkedin: { settings: { altText: HOSTILE, firstComment: HOSTILE } } };
    const post = (content, more = {}) => api("POST", "/posts", { content, account_ids: [account], ...more });
    await site.fault({ platform: "linkedin", operation: "create_post", kind: "error", status: 426, times: 1 });
    posts.failed = await post(`Refused ${HOSTILE}`);
    await until(async () => (await api("GET", `/posts/${posts.failed.post_id}`)).status === "failed", "it is refused");
    posts.live = await post(`Live ${HOSTILE}`, { media_ids: [media], platform_content: settings });
    posts.planned = await post(`Planned ${HOSTILE}`, { scheduled_for: ahead(1, 12), campaign_id: campaign.id });
    posts.draft = await post(HOSTILE, { draft: true });
    posts.waiting = await post(`Waits ${SCRIPT}`, { request_approval: true });
    await until(async () => (await api("GET", `/posts/${posts.live.post_id}`)).status === "published", "it is live");
  });

  async function organizationOf(name) {
    return (await site.command("org", "list")).split("\n").find((line) => line.includes(name));
  }

  /** Opens a page on which the server's answers carry what a platform might have sent. */
  async function visit(opened, path, act = () => undefined) {
    await opened.page.goto(`${site.url}${path}`);
    await opened.page.getByRole("heading", { level: 1 }).waitFor();
    await opened.page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
    await act(opened.page);
    assert.equal(await opened.page.evaluate(() => window.ran), undefined, path);
    const links = await opened.page.evaluate(() => [...document.querySelectorAll("a[href]")].map((link) => link.protocol));
    assert.deepEqual([...new Set(links)].filter((protocol) => !["http:", "https:"].includes(protocol)), [], path);
  }

  test("run on no page", async () => {
    const opened = await site.open("/posts", { as: person });
    const seen = (text) => (page) => page.getByText(text).first().waitFor();
    await visit(opened, "/posts", seen("onerror"));
    for (const { post_id: id } of Object.values(posts)) await visit(opened, `/posts/${id}`, seen("onerror"));
    await visit(opened, `/compose?copy=${posts.live.post_id}`);
    await visit(opened, `/compose?edit=${posts.planned.post_id}`);
    await visit(opened, "/calendar", (page) => page.getByText(/^Refused </).first().waitFor());
    await visit(opened, "/calendar?view=listAhead", async (page) => {
      await page.getByText(/^Planned </).first().click();
      await page.getByRole("dialog").getByText("onerror").waitFor();
    });
    await visit(opened, "/accounts", async (page) => {
      await page.getByRole("button", { name: /^Details of/ }).first().click();
      await page.getByText("onerror").first().waitFor();
    });
    await visit(opened, "/library", (page) => page.getByRole("button", { name: /onerror/ }).first().click());
    await visit(opened, "/campaigns", seen("javascript:"));
    await visit(opened, "/analytics");
    await visit(opened, "/developers", seen("onerror"));
    await visit(opened, "/developers?webhook=all", async (page) => {
      await page.getByRole("tab", { name: "Webhooks" }).click();
      const row = page.getByRole("listitem").filter({ hasText: "hooks.example.org" }).first();
      await row.getByRole("button", { name: "Show the deliveries" }).click();
      await row.getByRole("button", { name: /post\.failed/ }).first().click();
      await row.getByLabel("What was sent").waitFor();
    });
    for (const tab of ["queue", "members", "you", "audit"]) await visit(opened, `/settings?tab=${tab}`);
    await opened.page.getByRole("button", { name: "Your account" }).click();
    await opened.page.getByRole("menu").waitFor();
    assert.equal(await opened.page.evaluate(() => window.ran), undefined);
    assert.equal(webhook.name, ATTRIBUTE);
    await opened.done();
  });

  test("do not come with the addresses and errors of a platform either", async () => {
    const opened = await site.open("/posts", { as: person });
    await opened.page.route("**/v1/posts/*", async (route) => {
      const answer = await route.fetch();
      const text = JSON.stringify((await answer.json()).data, (key, value) => {
        if (/url$/.test(key) && typeof value === "string") return "javascript:window.ran='address'";
        if (/^(error|message|error_message)$/.test(key) && typeof value === "string") return HOSTILE;
        return value;
      });
      await route.fulfill({ response: answer, body: JSON.stringify({ data: JSON.parse(text), error: null, meta: { request_id: "0" } }) });
    });
    for (const { post_id: id } of [posts.failed, posts.live]) {
      await visit(opened, `/posts/${id}`, (page) => page.getByText("onerror").first().waitFor());
    }
    await opened.done([/Content Security Policy.*img-src|javascript:/]);
  });
});

describe("other sites", { timeout: 120_000 }, () => {
  let evil;
  before(async () => {
    evil = await stranger(`<!doctype html><iframe id="frame" src="${site.url}/settings"></iframe>
      <form id="form" method="post" action="${site.url}/session/sign-out-everywhere"></form>
      <form id="text" method="post" enctype="text/plain" action="${site.url}/v1/posts"><input name='{"content":"forged","draft":true,"x":"' value='"}'></form>`);
  });
  after(() => evil?.stop());

  test("cannot show a page in a frame", async () => {
    const { page, context } = await site.open("/posts", { fresh: true });
    const refused = page.waitForEvent("console", (message) => /frame-ancestors|X-Frame-Options/i.test(message.text()));
    await page.goto(evil.url);
    await refused;
    const frame = page.frames().find((one) => one !== page.mainFrame());
    assert.ok(!frame.url().startsWith(site.url), frame.url());
    assert.equal(await frame.locator("#root").count(), 0);
    await context.close();
  });

  test("cannot act for who is signed in", async () => {
    const { page, context } = await site.open("/posts", { fresh: true });
    const [cookie] = await context.cookies(site.url);
    assert.equal(cookie.name, "fanfare_session");
    const before = (await site.api("GET", "/posts?status=draft")).pagination.total;
    for (const form of ["form", "text"]) {
      await page.goto(evil.url);
      const [answer] = await Promise.all([page.waitForNavigation(), page.evaluate((id) => document.getElementById(id).submit(), form)]);
      assert.ok([401, 403, 415].includes(answer.status()), `${form}: ${answer.status()}`);
    }
    await page.goto(evil.url);
    const outcomes = await page.evaluate(async (server) => {
      const requests = [
        ["/session", {}],
        ["/v1/posts", {}],
        ["/v1/posts", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"content":"forged","draft":true}' }],
        ["/session/sign-out", { method: "POST" }],
        ["/session/password", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }],
      ];
      const read = ([path, options]) => fetch(`${server}${path}`, { credentials: "include", ...options }).then((answer) => answer.text(), () => "refused");
      return Promise.all(requests.map(read));
    }, site.url);
    assert.deepEqual([...new Set(outcomes)], ["refused"]);
    assert.equal((await site.api("GET", "/posts?status=draft")).pagination.total, before);
    await page.goto(`${site.url}/campaigns`);
    await page.getByRole("heading", { name: "Campaigns", level: 1 }).waitFor();
    await context.close();
  });

  test("and the own cookie alone changes nothing without the token of the page", async () => {
    const { value, state } = await site.signIn();
    const send = (method, path, headers = {}) =>
      fetch(`${site.url}${path}`, {
        method,
        headers: { Cookie: `fanfare_session=${value}`, "Content-Type": "application/json", ...headers },
        ...(method === "GET" ? {} : { body: JSON.stringify({ name: "Forged" }) }),
      });
    for (const [method, path] of [["POST", "/v1/campaigns"], ["PATCH", "/session/user"], ["POST", "/session/sign-out"], ["POST", "/session/api-keys"]]) {
      assert.equal((await send(method, path)).status, 403, path);
      assert.equal((await send(method, path, { "X-CSRF-Token": "0".repeat(64) })).status, 403, path);
      assert.equal((await send(method, path, { "X-CSRF-Token": state.csrf_token, Origin: "https://evil.example" })).status, 403, path);
      assert.equal((await send(method, path, { "X-CSRF-Token": state.csrf_token, Origin: "null" })).status, 403, path);
    }
    assert.equal((await send("GET", "/v1/me")).status, 200);
    assert.equal((await send("POST", "/session/sign-out", { "X-CSRF-Token": state.csrf_token, Origin: site.url })).status, 200);
    assert.equal((await send("GET", "/v1/me")).status, 401);
  });
});

describe("the cookie", { timeout: 60_000 }, () => {
  test("is never one that somebody brought along", async () => {
    const planted = "a".repeat(64);
    const { page, context } = await openPage(site.browser, site.url);
    await context.addCookies([{ name: "fanfare_session", value: planted, url: site.url }]);
    await page.goto(`${site.url}/sign-in`);
    await page.getByLabel("Email").fill(site.user.email);
    await page.getByLabel("Password", { exact: true }).fill(site.user.password);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Your account" }).waitFor();
    const [{ value, httpOnly, sameSite }] = await context.cookies(site.url);
    assert.notEqual(value, planted);
    assert.deepEqual([httpOnly, sameSite], [true, "Lax"]);
    assert.equal(await page.evaluate(() => document.cookie), "");
    const state = async (cookie) => (await (await fetch(`${site.url}/session`, { headers: { Cookie: `fanfare_session=${cookie}` } })).json()).data;
    assert.equal((await state(planted)).signed_in, false);
    assert.equal((await state(value)).signed_in, true);
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal((await state(value)).signed_in, false, "what was signed out stays so");
    await context.close();
  });
});
