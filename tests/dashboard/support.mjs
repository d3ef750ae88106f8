// Starts the program, a browser and people who are signed in, and fails a test when a page complains.
// The pages are the ones that the program serves, under its own policy.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateSync } from "node:zlib";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

import { BINARY, ownEnvironment, startProgram } from "./program.mjs";

const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const DESKTOP = { width: 1360, height: 900 };
export const PHONE = { width: 390, height: 844 };
const ZONE = "Europe/Berlin";
/** How many milliseconds changes take longer to reach the server: none, but for `SLOW_WRITES=1000 npm test`. */
const SLOW_WRITES = Number(process.env.SLOW_WRITES ?? 0);
/** And how many those take longer that change nothing, but for the stream of events. */
const SLOW_READS = Number(process.env.SLOW_READS ?? 0);
/** A password for those whom the tests invent. */
export const PASSWORD = "correct horse battery";

/** A browser without a page. */
export async function startBrowser() {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  assert.ok(executablePath, "Chromium is needed: apt-get install chromium, or name it in CHROMIUM");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** A demo server of the real program, and a browser. */
export async function start() {
  const folder = await mkdtemp(join(tmpdir(), "fanfare-dashboard-"));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", clean);
  const program = await startProgram(["demo", "--json", "--port", "0", "--sandbox-port", "0", "--data-dir", folder]);
  const ready = JSON.parse(program.firstLine);
  const browser = await startBrowser();
  const url = ready.base_url;
  const user = { email: ready.email, password: ready.password };
  const cookies = new Map();

  /** A command of the operator, on the data of the running server. */
  async function command(...words) {
    const running = promisify(execFile)(BINARY, [...words, "--data-dir", folder], { env: ownEnvironment() });
    running.child.stdin.end(PASSWORD);
    return (await running).stdout.trim();
  }
  const key = await command("key", "create", "Dashboard", "--scopes", "read,write,ai,approve", "--org", "Northlight");

  const api = caller(url, key);

  /** What is live on the emulated platforms with exactly this text. */
  async function live(text) {
    const { posts } = await (await fetch(`${ready.sandbox_url}/_sandbox/posts`)).json();
    return posts.filter((post) => post.text === text);
  }

  async function fault(body) {
    const answer = await fetch(`${ready.sandbox_url}/_sandbox/faults`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, await answer.text());
  }

  /** Signs in, and gives the cookie and what the server says of the person. */
  async function signIn({ email, password = PASSWORD } = user) {
    const answer = await fetch(`${url}/session/sign-in`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    const [, value] = /fanfare_session=([^;]+)/.exec(answer.headers.get("set-cookie"));
    return { value, state: (await answer.json()).data };
  }

  /** The session that the tests share in which nobody signs out. */
  async function cookieOf(person) {
    if (!cookies.has(person.email)) cookies.set(person.email, (await signIn(person)).value);
    return cookies.get(person.email);
  }

  /** A page of a new browser. `as` is who is signed in there, with a session of its own if that is `fresh`. */
  async function open(path, { as = user, fresh = false, ...options } = {}) {
    const opened = await openPage(browser, url, options);
    if (as) {
      const value = fresh ? (await signIn(as)).value : await cookieOf(as);
      await opened.context.addCookies([{ name: "fanfare_session", value, url, httpOnly: true, sameSite: "Lax" }]);
    }
    await opened.page.goto(`${url}${path}`);
    return opened;
  }

  return {
    url,
    sandboxUrl: ready.sandbox_url,
    signInUrl: ready.dashboard_url,
    browser,
    user,
    api,
    command,
    live,
    fault,
    open,
    signIn,
    account(platform) {
      const found = ready.accounts.find((entry) => entry.platform === platform);
      assert.ok(found, `the demo has a ${platform} account`);
      return found.account_id;
    },
    async stop() {
      await browser.close();
      await program.stop();
      clean();
    },
  };
}

/** Asks the API with a key. */
export function caller(url, key) {
  return async (method, path, body) => {
    const answer = await fetch(`${url}/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const { data, error } = await answer.json();
    assert.ok(answer.ok, JSON.stringify(error));
    return data;
  };
}

/**
 * Holds requests back, so that a test fails which takes what is shown at once for an answer, or what is shown before
 * the answer for what comes after it.
 */
async function hesitate(route) {
  const method = route.request().method();
  const { pathname } = new URL(route.request().url());
  const late = method !== "GET" ? SLOW_WRITES : pathname === "/v1/events" ? 0 : SLOW_READS;
  if (late > 0) await new Promise((resolve) => setTimeout(resolve, late));
  await route.fallback();
}

/**
 * An empty page of a new browser. `done` fails when it said an error (a breach of the policy is one), asked
 * anybody but its own server, or opened a dialog.
 */
export async function openPage(browser, url, { viewport = DESKTOP, ...more } = {}) {
  const context = await browser.newContext({ viewport, locale: "en-GB", timezoneId: ZONE, reducedMotion: "reduce", ...more });
  if (SLOW_WRITES || SLOW_READS) await context.route("**/v1/**", (route) => hesitate(route));
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const bad = [];
  page.on("console", (message) => message.type() === "error" && bad.push(message.text()));
  page.on("pageerror", (error) => bad.push(String(error)));
  page.on("dialog", (dialog) => {
    bad.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && origin !== url) bad.push(`asked ${request.url()}`);
  });
  return {
    page,
    context,
    async done(expected = []) {
      assert.deepEqual(bad.filter((text) => !expected.some((pattern) => pattern.test(text))), []);
      await context.close();
    },
  };
}

/** Fails when the page breaks a rule of WCAG 2.2, level A or AA. */
export async function accessible(page) {
  // Nothing of other sites is on the pages. Only for frames of those the check needs a page of its own each time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
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

/** The day of a moment on the clocks of a zone, as `2031-03-20`. */
export function dayIn(zone, at) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** The present month on the clocks of the browsers. */
export function monthNow() {
  const [year, month] = dayIn(ZONE, new Date()).split("-").map(Number);
  return { year, month };
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
