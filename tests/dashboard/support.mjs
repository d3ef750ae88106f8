// Gives each test a browser on the dashboard, signed in, and fails it when the page complains.
// The only file that knows how the dashboard is served and how one signs in.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { deflateSync } from "node:zlib";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

import { serve } from "../../web/dev/server.mjs";

const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ONE_OF_US = { email: "ana@example.org", password: "correct horse battery" };
export const DESKTOP = { width: 1360, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** The dashboard with a demo behind it, and a browser. */
export async function start(options = {}) {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  assert.ok(executablePath, "Chromium is needed: apt-get install chromium, or name it in CHROMIUM");
  const site = await serve(options);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const { baseUrl, apiKey, sandboxUrl, accounts } = site.demo;

  async function api(method, path, body) {
    const answer = await fetch(`${baseUrl}/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const { data, error } = await answer.json();
    assert.ok(answer.ok, JSON.stringify(error));
    return data;
  }

  /** What is live on the emulated platforms with exactly this text. */
  async function live(text) {
    const { posts } = await (await fetch(`${sandboxUrl}/_sandbox/posts`)).json();
    return posts.filter((post) => post.text === text);
  }

  async function fault(body) {
    const answer = await fetch(`${sandboxUrl}/_sandbox/faults`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, await answer.text());
  }

  /** A page of a new browser. `done` fails when it said an error, or asked anybody but its own server. */
  async function open(path, { viewport = DESKTOP, signedIn = true, as = ONE_OF_US.email, ...more } = {}) {
    const context = await browser.newContext({ viewport, locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...more });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const bad = [];
    page.on("console", (message) => message.type() === "error" && bad.push(message.text()));
    page.on("pageerror", (error) => bad.push(String(error)));
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && protocol !== "blob:" && origin !== site.url) bad.push(`asked ${request.url()}`);
    });
    if (signedIn) {
      const answer = await context.request.post(`${site.url}/session/sign-in`, { data: { ...ONE_OF_US, email: as } });
      assert.equal(answer.status(), 200);
    }
    await page.goto(`${site.url}${path}`);
    return {
      page,
      context,
      async done(expected = []) {
        assert.deepEqual(bad.filter((text) => !expected.some((pattern) => pattern.test(text))), []);
        await context.close();
      },
    };
  }

  return {
    url: site.url,
    api,
    live,
    fault,
    open,
    user: ONE_OF_US,
    account(platform) {
      const found = accounts.find((entry) => entry.platform === platform);
      assert.ok(found, `the demo has a ${platform} account`);
      return found.account_id;
    },
    async stop() {
      await browser.close();
      site.stop();
    },
  };
}

/** Fails when the page breaks a rule of WCAG 2.2, level A or AA. */
export async function accessible(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  const said = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("\n  ")}`);
  assert.deepEqual(said, []);
}

/** Fails when the page is wider than the window. */
export async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `the page is ${over} px wider than the window`);
}

/** Waits until a question is answered with yes. */
export async function until(question, what) {
  const limit = Date.now() + 20_000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    assert.ok(Date.now() < limit, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A PNG with a gradient, so that previews show something. */
export function picture(width, height, [red, green, blue] = [40, 110, 96]) {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const light = (x / width + y / height) / 2;
      rows[at] = Math.min(255, red + light * 190);
      rows[at + 1] = Math.min(255, green + light * 110);
      rows[at + 2] = Math.min(255, blue + light * 60);
    }
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc(body));
    return Buffer.concat([head, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}
