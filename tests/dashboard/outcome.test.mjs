// What was tried for a post, what a person says became of it, and what is looked at by those who write programs.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { accessible, dayIn, fits, PHONE, picture, start, until } from "./support.mjs";

const DARK_PHONE = { viewport: PHONE, colorScheme: "dark", hasTouch: true, isMobile: true };

describe("outcomes, files of posts, requests", { timeout: 400_000 }, () => {
  let site;
  before(async () => {
    site = await start();
  });
  after(() => site?.stop());

  /** A post that may be live on Discord, which cannot be asked. */
  async function perhapsLive(text) {
    await site.fault({ platform: "discord", operation: "create_post", kind: "drop_after_accept", times: 1 });
    const { post_id: id } = await site.api("POST", "/posts", { content: text, account_ids: [site.account("discord")] });
    await until(async () => (await site.api("GET", `/posts/${id}/results`)).results[0].error_code === "outcome_unknown", "nobody knows");
    return id;
  }
  const result = async (id) => (await site.api("GET", `/posts/${id}/results`)).results[0];

  test("the history tells what was sent and what the platform said", async () => {
    await site.fault({ platform: "x", operation: "create_post", kind: "error", status: 500, times: 1 });
    const { post_id: id } = await site.api("POST", "/posts", { content: "Told line by line", account_ids: [site.account("x")] });
    await until(async () => (await result(id)).status === "published", "it is live");
    for (const options of [{}, DARK_PHONE]) {
      const { page, done } = await site.open(`/posts/${id}`, options);
      await page.getByRole("button", { name: /^History of/ }).click();
      const history = page.getByRole("list", { name: /^History of/ });
      await history.getByText("Published", { exact: true }).waitFor();
      const told = await history.getByRole("listitem").allInnerTexts();
      assert.match(told[0], /About to be sent/);
      assert.match(told[1], /No clear answer/);
      assert.match(told.at(-1), /Published/);
      await history.getByText("What the platform said").first().click();
      await history.getByText(/500/).first().waitFor();
      await page.getByRole("heading", { name: "How it did" }).waitFor();
      await fits(page);
      await accessible(page);
      await done();
    }
  });

  test("somebody who found the post says where it is, by the keyboard alone", async () => {
    const id = await perhapsLive("Is it there?");
    const { page, done } = await site.open(`/posts/${id}`);
    await page.getByRole("button", { name: "It is live", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await accessible(page);
    await page.keyboard.type("https://discord.com/channels/1/2/3");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "View on Discord" }).waitFor();
    const now = await result(id);
    assert.deepEqual([now.status, now.platform_post_url], ["published", "https://discord.com/channels/1/2/3"]);
    assert.equal((await site.live("Is it there?")).length, 1, "nothing is sent again");
    await done();
  });

  test("somebody who did not find it has it sent again", async () => {
    const id = await perhapsLive("It is not there");
    const { page, done } = await site.open(`/posts/${id}`, DARK_PHONE);
    await page.getByRole("button", { name: "It is not live" }).click();
    await page.getByRole("button", { name: "It is not there, send it" }).click();
    await until(async () => (await result(id)).status === "published", "it is live");
    await page.getByText("Published", { exact: true }).first().waitFor();
    assert.equal((await result(id)).attempts, 2);
    await fits(page);
    await done();
  });

  test("a table is checked row by row, then brought in, once", async () => {
    const file = join(tmpdir(), `fanfare-${process.pid}.csv`);
    const rows = ["date,time,content,platforms", "2040-01-31,09:30,Soup in the table,x", ",,A draft of the table,x", "2040-01-31,09:30,For nobody,myspace"];
    await writeFile(file, rows.join("\n"));
    for (const [options, again] of [[{}, false], [DARK_PHONE, true]]) {
      const { page, done } = await site.open("/import", options);
      await page.getByRole("heading", { name: "Import posts" }).waitFor();
      await accessible(page);
      await page.locator('input[type="file"]').setInputFiles(file);
      await page.getByRole("heading", { name: "What would happen" }).waitFor();
      await page.getByText(/"myspace" is no account here/).waitFor();
      if (again) {
        assert.equal(await page.getByText("there already").count() > 0, true);
        await page.getByRole("button", { name: /^Import \d/ }).waitFor({ state: "detached" });
      } else {
        await page.getByRole("button", { name: "Import 2 posts" }).click();
        await page.getByRole("heading", { name: "What happened" }).waitFor();
        const { posts } = await site.api("GET", "/posts?search=table");
        assert.equal(posts.length, 2);
      }
      await fits(page);
      await accessible(page);
      await done();
    }
  });

  test("what keys asked shows up, and what was refused can be looked for", async () => {
    await site.api("GET", "/campaigns");
    await site.api("GET", "/posts/none").catch(() => undefined);
    const { page, done } = await site.open("/developers?tab=requests");
    await page.getByText("GET /v1/campaigns").first().waitFor();
    await accessible(page);
    await page.getByText("Refused and failed").click();
    await page.getByText("GET /v1/posts/none").waitFor();
    await page.getByText("GET /v1/campaigns").first().waitFor({ state: "detached" });
    await fits(page);
    await done();
  });

  test("examples take a key that never leaves the page", async () => {
    const { page, done } = await site.open("/developers?tab=examples", DARK_PHONE);
    const asked = [];
    page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""} ${JSON.stringify(request.headers())}`));
    await page.getByLabel("Your key").fill("pe_live_example");
    await page.getByText("Python", { exact: true }).click();
    await page.getByText('key = "pe_live_example"').first().waitFor();
    await page.getByLabel("Your key").fill("no key; at all");
    await page.getByText("This is no key.").waitFor();
    assert.deepEqual(asked.filter((text) => text.includes("pe_live_example")), []);
    await fits(page);
    await accessible(page);
    await done();
  });

  test("the pages for programs and about the server are accessible on a phone in the dark", async () => {
    for (const [path, text] of [["/developers?tab=mcp", "Claude Code"], ["/settings?tab=server", "Ready, needs no app"], ["/settings?tab=you", "Your name"]]) {
      const { page, done } = await site.open(path, DARK_PHONE);
      await page.getByText(text, { exact: true }).first().waitFor();
      await fits(page);
      await accessible(page);
      await done();
    }
  });

  test("a picture is cropped by keys, and one is made", async () => {
    const { page, done } = await site.open("/compose");
    const files = page.locator('input[type="file"]').first();
    await files.setInputFiles({ name: "wide.png", mimeType: "image/png", buffer: picture(1200, 800) });
    await page.getByRole("button", { name: "Crop file 1" }).click();
    await page.getByRole("dialog").getByText("1:1", { exact: true }).click();
    await page.getByText("800 × 800 pixels are taken").waitFor();
    await page.getByRole("slider", { name: "Zoom" }).focus();
    for (let press = 0; press < 20; press += 1) await page.keyboard.press("ArrowRight");
    await page.getByText("400 × 400 pixels are taken").waitFor();
    await accessible(page);
    await page.getByRole("button", { name: "Take this part" }).click();
    const cropped = async () => (await site.api("GET", "/media")).items.find((item) => item.filename === "wide-400x400.png" && item.status === "ready");
    await until(cropped, "the part is in the library");
    assert.deepEqual([(await cropped()).width, (await cropped()).height], [400, 400]);
    await page.getByRole("button", { name: "Make with AI" }).click();
    await page.getByLabel("What does it show?").fill("A bowl of soup");
    await page.getByRole("button", { name: "Make it", exact: true }).click();
    await page.getByRole("button", { name: "Crop file 2" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Crop file 3" }).count(), 0, "the part took the place of the whole");
    await done();
  });

  test("the calendar goes by the clocks of another zone, and keeps them and its view in the address", async () => {
    const at = new Date(Math.ceil(Date.now() / 86_400_000 + 1) * 86_400_000 + 20 * 3_600_000);
    await site.api("POST", "/posts", { content: "Noodles at noon", account_ids: [site.account("x")], scheduled_for: at.toISOString() });
    const time = (zone) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(at);
    const { page, done } = await site.open("/calendar?view=listAhead&zone=Asia%2FTokyo");
    const event = page.locator("main").getByText("Noodles at noon").locator("..");
    await event.getByText(time("Asia/Tokyo")).waitFor();
    await event.click();
    const dialog = page.getByRole("dialog");
    assert.equal(await dialog.getByLabel("Day and time").inputValue(), `${dayIn("Asia/Tokyo", at)}T${time("Asia/Tokyo").padStart(5, "0")}`);
    await page.keyboard.press("Escape");
    await page.getByLabel("Time zone").selectOption({ index: 0 });
    await event.getByText(time("Europe/Berlin")).waitFor();
    await page.getByText("Week", { exact: true }).click();
    await page.waitForURL(/view=timeGridWeek/);
    await page.reload();
    await page.getByRole("radio", { name: "Week" }).waitFor({ state: "attached" });
    assert.equal(await page.getByRole("radio", { name: "Week" }).isChecked(), true);
    await done();
  });

  test("the details of an account tell what is used of the platform's limits", async () => {
    const { page, done } = await site.open("/accounts", DARK_PHONE);
    await page.getByRole("button", { name: /^Details.*, X$/ }).click();
    await page.getByText("Used of what X allows").waitFor();
    await page.getByText(/\d of 100 posts in 15 minutes/).waitFor();
    await fits(page);
    await accessible(page);
    await done();
  });
});
