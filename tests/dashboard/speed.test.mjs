// Figures: what a browser loads first, how long until it can be used, and a calendar that is full.

import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";

import { site } from "./site.mjs";
import { caller, monthNow, PASSWORD } from "./support.mjs";

const FIRST_LOAD = 250 * 1024;
const POSTS = 5_000;
const BATCH = 50;
const LONG_TASK_MS = 50;
/** A frame that takes longer than two of them has dropped one. */
const FRAME_MS = 1000 / 60;

describe("speed", { timeout: 240_000 }, () => {
  test("the first page is light, and soon usable", async (context) => {
    const { page, context: browserContext, done } = await site.open("/posts");
    await page.getByRole("searchbox").waitFor();
    const devtools = await browserContext.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
    const scripts = new Map();
    devtools.on("Network.responseReceived", ({ requestId, type }) => type === "Script" && scripts.set(requestId, 0));
    devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => scripts.has(requestId) && scripts.set(requestId, encodedDataLength));
    await page.evaluate(() => performance.clearResourceTimings());
    await page.goto(`${site.url}/posts`, { waitUntil: "commit" });
    await page.getByRole("searchbox").fill("soup");
    const usable = await page.evaluate(() => performance.now());
    await page.waitForLoadState("load");
    const { interactive, painted } = await page.evaluate(() => ({
      interactive: performance.getEntriesByType("navigation")[0].domInteractive,
      painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    }));
    const sum = [...scripts.values()].reduce((all, one) => all + one, 0);
    context.diagnostic(`scripts of the first page: ${(sum / 1024).toFixed(1)} KB over the wire, in ${scripts.size} files`);
    context.diagnostic(`document ${interactive.toFixed(0)} ms, first paint ${painted?.toFixed(0)} ms, somebody has typed into the search after ${usable.toFixed(0)} ms`);
    assert.ok(scripts.size > 0 && sum > 0);
    assert.ok(sum < FIRST_LOAD, `${sum} bytes`);
    await done();
  });

  test("a calendar with thousands of posts does not stutter", async (context) => {
    const person = { email: "cal@example.org", password: PASSWORD };
    await site.command("org", "create", "Busy", "--email", "owner-of-busy@example.org");
    await site.command("user", "create", person.email, "--role", "owner", "--name", "Cal", "--org", "Busy");
    const key = await site.command("key", "create", "Filler", "--scopes", "read,write", "--org", "Busy");
    await fill(caller(site.url, key), site);

    const { page, context: browserContext, done } = await site.open("/calendar", { as: person });
    const settled = () => page.locator('.card[aria-busy="false"]').waitFor({ timeout: 60_000 });
    await settled();
    await page.getByRole("button", { name: "Next" }).click();
    const begun = Date.now();
    await page.getByText(/^Planned 1 /).first().waitFor({ timeout: 60_000 });
    await settled();
    context.diagnostic(`${POSTS} posts of a month are there after ${Date.now() - begun} ms`);

    const devtools = await browserContext.newCDPSession(page);
    const tasks = await traced(devtools, async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        for (const to of ["Previous", "Next"]) {
          await page.getByRole("button", { name: to, exact: true }).click();
          await settled();
        }
        await page.mouse.move(700, 500);
        for (let notch = 0; notch < 10; notch += 1) await page.mouse.wheel(0, notch < 5 ? 120 : -120);
        await frames(page, 5);
      }
    });
    const measured = await scrolled(page);
    context.diagnostic(`switching months: ${tasks.length} tasks over ${LONG_TASK_MS} ms${tasks.length > 0 ? `, the longest ${Math.max(...tasks).toFixed(0)} ms` : ""}`);
    context.diagnostic(`scrolling: ${measured.dropped} of ${measured.frames} frames dropped, the longest ${measured.longest.toFixed(0)} ms`);
    const cells = await page.locator("[data-date]").count();
    const shown = await page.getByText(/^Planned \d+ /).count();
    const full = await page.evaluate(() => [...document.querySelectorAll("[data-date]")].filter((cell) => /\+\d+ more/.test(cell.textContent)).length);
    assert.ok(full >= 28, `${full} days say how many more there are`);
    context.diagnostic(`${shown} posts are drawn in ${cells} cells`);
    assert.ok(shown < 500, "a cell says how many more there are");
    await page.getByText(/^\+\d+ more/).first().click();
    await page.getByText(/^Planned \d+ /).first().waitFor();
    await done();
  });

  /** Plans posts over the next month. */
  async function fill(api, { sandboxUrl }) {
    const made = await fetch(`${sandboxUrl}/_sandbox/accounts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ platform: "x", username: "busy", display_name: "Busy", token: true }),
    });
    assert.equal(made.status, 201);
    const { url } = await api("POST", "/accounts/connect-link", { platform: "x" });
    const step = async (address) => new URL((await fetch(address, { redirect: "manual" })).headers.get("location"));
    const authorize = await step(url);
    authorize.searchParams.set("sandbox_user", "busy");
    await fetch(await step(authorize));
    const { accounts } = await api("GET", "/accounts");
    const { year, month } = monthNow();
    const first = new Date(Date.UTC(year, month, 1, 6));
    const every = (28 * 86_400_000) / POSTS;
    for (let at = 0; at < POSTS; at += BATCH) {
      const posts = Array.from({ length: BATCH }, (_, index) => ({
        content: `Planned ${at + index + 1} of many, with some words to read`,
        account_ids: [accounts[0].account_id],
        scheduled_for: new Date(first.getTime() + (at + index) * every).toISOString(),
      }));
      await api("POST", "/posts/bulk", { posts });
    }
  }

  /** The long tasks of the page's main thread while something is done. */
  async function traced(devtools, act) {
    const events = [];
    devtools.on("Tracing.dataCollected", ({ value }) => events.push(...value));
    await devtools.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"] } });
    await act();
    const complete = once(devtools, "Tracing.tracingComplete");
    await devtools.send("Tracing.end");
    await complete;
    const main = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid}.${tid}`));
    const tasks = events.filter(({ name, pid, tid, dur }) => name === "RunTask" && dur && (main.size === 0 || main.has(`${pid}.${tid}`)));
    assert.ok(tasks.length > 0, "the trace has tasks");
    return tasks.map(({ dur }) => dur / 1000).filter((ms) => ms > LONG_TASK_MS);
  }

  const frames = (page, count) =>
    page.evaluate((left) => new Promise((resolve) => {
      const next = () => (left-- > 0 ? requestAnimationFrame(next) : resolve());
      next();
    }), count);

  /** How even the frames are while the page is scrolled up and down. */
  async function scrolled(page) {
    return page.evaluate((frame) => new Promise((resolve) => {
      const times = [];
      let last = performance.now();
      const next = (now) => {
        times.push(now - last);
        last = now;
        const scroller = document.scrollingElement;
        scroller.scrollTop = (times.length % 60) * 8;
        if (times.length < 120) requestAnimationFrame(next);
        else resolve({ frames: times.length, dropped: times.reduce((sum, time) => sum + Math.max(0, Math.round(time / frame) - 1), 0), longest: Math.max(...times) });
      };
      requestAnimationFrame(next);
    }), FRAME_MS);
  }
});
