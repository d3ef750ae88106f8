// A person connects accounts from a link, in Chromium, with and without scripts.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { chromium } from "playwright-core";

import { startDemo } from "../clients/support.mjs";

const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

describe("a person in a browser", { timeout: 180_000 }, () => {
  let demo;
  let browser;

  before(async () => {
    demo = await startDemo();
    const executablePath = BROWSERS.find((path) => path && existsSync(path));
    assert.ok(executablePath, "Chromium is needed: apt-get install chromium, or name it in CHROMIUM");
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function api(method, path, body) {
    const answer = await fetch(`${demo.baseUrl}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${demo.apiKey}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const { data, error } = await answer.json();
    assert.ok(answer.ok, JSON.stringify(error));
    return data;
  }

  const link = (platform, more = {}) => api("POST", "/accounts/connect-link", { platform, ...more });
  const state = ({ session_id }) => api("GET", `/auth/social-connect/poll/${session_id}`);

  /** A page of a new browser. Fails the test when anything but this machine is asked, or something is blocked. */
  async function open(address, options = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const bad = [];
    page.on("console", (message) => message.type() === "error" && bad.push(message.text()));
    page.on("pageerror", (error) => bad.push(String(error)));
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol !== "data:" && hostname !== "127.0.0.1") bad.push(`asked ${request.url()}`);
    });
    await page.goto(address);
    return {
      page,
      async done() {
        assert.deepEqual(bad, []);
        await context.close();
      },
    };
  }

  test("connects X and is told so", async () => {
    const made = await link("x");
    const { page } = await open(made.url);
    await page.getByRole("heading", { name: "Allow this app?" }).waitFor();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("heading", { name: "X is connected" }).waitFor();
    assert.ok(page.url().startsWith(`${demo.baseUrl}/connect/callback/x`), page.url());
    assert.equal((await state(made)).status, "completed");
    await page.reload();
    await page.getByRole("heading", { name: "This link was used already" }).waitFor();
    await page.context().close();
  });

  const TICKED = [
    { platform: "facebook", name: "Facebook", agree: "Continue", needed: "pages_manage_posts" },
    { platform: "instagram", name: "Instagram", agree: "Allow", needed: "instagram_business_content_publish" },
    { platform: "instagram", login: "facebook", name: "Instagram", agree: "Continue", needed: "instagram_content_publish" },
    { platform: "threads", name: "Threads", agree: "Allow", needed: "threads_content_publish" },
    { platform: "tiktok", name: "TikTok", agree: "Allow", needed: "video.publish" },
  ];
  for (const { platform, login, name, agree, needed } of TICKED) {
    const by = login ? `${name} by its ${login} login` : name;
    test(`connects ${by}, and is told which permission is missing`, async () => {
      const owner =
        login &&
        (await makeAccount({
          platform: "facebook",
          username: "mill",
          instagram: { id: "17841400000000077", username: "mill" },
        }));
      const choose = async (page) => {
        if (!owner) return;
        await page.getByLabel("Somebody else").selectOption(owner.user_id);
        await page.getByRole("button", { name: "Switch" }).click();
        await page.getByText(owner.user_name).first().waitFor();
      };
      const refused = await link(platform, login && { login });
      const first = await open(refused.url);
      await choose(first.page);
      await first.page.getByRole("checkbox", { name: needed, exact: true }).uncheck();
      await first.page.getByRole("button", { name: agree }).click();
      await first.page.getByText(needed).first().waitFor();
      assert.ok(first.page.url().startsWith(`${demo.baseUrl}/connect/callback/${platform}`), first.page.url());
      assert.equal((await state(refused)).status, "cancelled");
      await first.page.context().close();

      const made = await link(platform, login && { login });
      const { page, done } = await open(made.url);
      await choose(page);
      await page.getByRole("button", { name: agree }).click();
      await page.getByRole("heading", { name: `${name} is connected` }).waitFor();
      const { status, account } = await state(made);
      assert.equal(status, "completed");
      const { accounts } = await api("GET", "/accounts");
      const listed = accounts.find(({ account_id }) => account_id === account.account_id);
      assert.deepEqual(listed.health, { ...listed.health, status: "healthy", can_post: true });
      await done();
    });
  }

  test("connects the YouTube channel that was picked, and is told when there is none", async () => {
    await makeAccount({ platform: "youtube", username: "mill.films", display_name: "Mill Films" });
    await makeAccount({ platform: "youtube", username: "no.channel", display_name: "Nobody", channel: false });
    const without = await link("youtube");
    const first = await open(without.url);
    await first.page.getByLabel("As").selectOption("no.channel");
    await first.page.getByRole("button", { name: "Allow" }).click();
    await first.page.getByText("has no YouTube channel").first().waitFor();
    assert.equal((await state(without)).status, "cancelled");
    await first.page.context().close();

    const made = await link("youtube");
    const { page, done } = await open(made.url);
    await page.getByLabel("As").selectOption("mill.films");
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("heading", { name: "YouTube is connected" }).waitFor();
    assert.ok(page.url().startsWith(`${demo.baseUrl}/connect/callback/youtube`), page.url());
    const { status, account } = await state(made);
    assert.equal(status, "completed");
    const { accounts } = await api("GET", "/accounts");
    const listed = accounts.find(({ account_id }) => account_id === account.account_id);
    assert.equal(listed.account_name, "@mill.films");
    assert.deepEqual(listed.health, { ...listed.health, status: "healthy", can_post: true });
    await done();
  });

  test("says no and is told what was asked for", async () => {
    const made = await link("linkedin");
    const { page } = await open(made.url);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "LinkedIn was not connected" }).waitFor();
    await page.getByText("w_member_social").waitFor();
    assert.equal((await state(made)).status, "cancelled");
    await page.context().close();
  });

  for (const scripts of [true, false]) {
    test(`chooses among LinkedIn's pages ${scripts ? "with" : "without"} scripts, in the dark, on a phone`, async () => {
      const member = await makeAccount({ platform: "linkedin", username: `owner-${scripts}`, display_name: "Ana Ruiz" });
      for (let number = 1; number <= 14; number++) {
        await makeAccount({
          platform: "linkedin",
          organization: true,
          username: `page-${scripts}-${number}`,
          display_name: number === 13 ? "Harbour Bakery" : `Mill ${number}`,
          admin: member.platform_user_id,
          role: number === 14 ? "ANALYST" : "ADMINISTRATOR",
        });
      }
      const made = await link("linkedin", { login: "pages" });
      const { page, done } = await open(made.url, {
        javaScriptEnabled: scripts,
        colorScheme: "dark",
        viewport: { width: 360, height: 640 },
      });
      await page.locator("select").selectOption(`owner-${scripts}`);
      await page.getByRole("button", { name: "Allow" }).click();
      await page.getByRole("heading", { name: "Choose what to connect on LinkedIn" }).waitFor();
      const wide = page.locator("main");
      assert.ok((await wide.boundingBox()).width <= 360, "it fits a phone");
      await page.getByRole("checkbox", { name: "Mill 2" }).check();
      assert.ok(await page.getByRole("checkbox", { name: "Mill 14" }).isDisabled());
      await page.getByLabel("Search").fill("bakery");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("1 of 15 shown.").waitFor();
      await page.getByRole("checkbox", { name: "Harbour Bakery" }).check();
      await page.getByRole("button", { name: "Connect" }).click();
      await page.getByRole("heading", { name: "LinkedIn is connected" }).waitFor();
      const { status, accounts } = await state(made);
      assert.equal(status, "completed");
      assert.deepEqual(accounts.map(({ account_name }) => account_name).sort(), ["Harbour Bakery", "Mill 2"]);
      await done();
    });
  }

  test("lets a device in with the code that it shows", async () => {
    const begun = await fetch(`${demo.baseUrl}/api/v1/auth/device`, { method: "POST" });
    const { data } = await begun.json();
    const { page, done } = await open(data.verification_uri_complete);
    assert.equal(await page.getByLabel(/^Code/).inputValue(), data.user_code);
    await page.getByLabel(/^API key/).fill(demo.apiKey);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("heading", { name: "The device is let in" }).waitFor();
    assert.ok(!page.url().includes("pe_live_"), page.url());
    await done();
  });

  /** Makes an account on an emulated platform. */
  async function makeAccount(wanted) {
    const answer = await fetch(`${demo.sandboxUrl}/_sandbox/accounts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wanted),
    });
    assert.equal(answer.status, 201);
    return answer.json();
  }
});
