// Writing posts, with the mouse and without.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { site } from "./site.mjs";
import { accessible, fits, PHONE, picture, until } from "./support.mjs";

describe("the composer", { timeout: 240_000 }, () => {
  const text = (page) => page.getByRole("textbox", { name: "Text", exact: true });
  const choose = (page, platform) => page.getByRole("checkbox", { name: new RegExp(`, ${platform}$`) }).check();
  const preview = (page, platform) => page.getByRole("article", { name: `Preview on ${platform}` });

  test("publishes to two accounts at once", async () => {
    const { page, done } = await site.open("/compose");
    await text(page).fill("Soup today");
    await choose(page, "X");
    await choose(page, "Bluesky");
    await preview(page, "X").getByRole("img", { name: "Can be published as it is" }).waitFor();
    await preview(page, "Bluesky").getByText("Soup today").waitFor();
    await accessible(page);
    await page.getByRole("button", { name: "Publish to 2 accounts" }).click();
    await page.getByRole("heading", { name: "Post", level: 1 }).waitFor();
    await page.getByText("On its way to 2 accounts.").waitFor();
    await page.getByRole("link", { name: "View on Bluesky" }).waitFor();
    await page.getByRole("link", { name: "View on X" }).waitFor();
    assert.equal((await site.live("Soup today")).length, 2);
    await done();
  });

  test("works without a mouse, from the list to the published post", async () => {
    const { page, done } = await site.open("/posts");
    await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
    await page.keyboard.press("n");
    await page.getByRole("heading", { name: "New post", level: 1 }).waitFor();
    const isAt = (label) => page.evaluate((wanted) => document.activeElement?.getAttribute("aria-label")?.match(wanted) !== null && document.activeElement?.hasAttribute("aria-label"), label);
    const tabTo = async (label) => {
      for (let step = 0; step < 80; step += 1) {
        await page.keyboard.press("Tab");
        if (await isAt(label)) return;
      }
      assert.fail(`the Tab key does not come to ${label}`);
    };
    await tabTo(", Bluesky$");
    await page.keyboard.press("Space");
    await tabTo("^Text$");
    await page.keyboard.type("Typed with no mouse at all");
    await preview(page, "Bluesky").getByRole("img", { name: "Can be published as it is" }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "Post", level: 1 }).waitFor();
    await until(async () => (await site.live("Typed with no mouse at all")).length === 1, "the post is live");
    await done();
  });

  test("says as one types what a platform would refuse, and does not send it", async () => {
    const { page, done } = await site.open("/compose");
    await choose(page, "Bluesky");
    await choose(page, "X");
    await text(page).fill("a".repeat(301));
    await preview(page, "Bluesky").getByText(/300/).first().waitFor();
    await page.getByText("2 accounts would refuse it. The previews say why.").waitFor();
    assert.ok(await page.getByRole("button", { name: "Publish to 2 accounts" }).isDisabled());
    await page.keyboard.press("Control+Enter");
    await accessible(page);
    await text(page).fill("a".repeat(250));
    await preview(page, "Bluesky").getByRole("img", { name: "50 characters left of 300" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Publish to 2 accounts" }).isDisabled(), false);
    assert.equal((await site.live("a".repeat(301))).length, 0);
    await done();
  });

  test("has a text, settings and a first comment of their own for each platform", async () => {
    const { page, done } = await site.open("/compose");
    await text(page).fill("For all");
    await choose(page, "X");
    await choose(page, "Mastodon");
    await page.getByRole("tab", { name: "X" }).click();
    await page.getByRole("textbox", { name: "Text on X" }).fill("Only on X");
    await page.getByLabel("Who can reply").selectOption("following");
    await accessible(page);
    await page.getByRole("tab", { name: "All" }).click();
    await page.getByRole("textbox", { name: "First comment" }).fill("And more below");
    await preview(page, "X").getByText("Only on X").waitFor();
    await preview(page, "X").getByText("And more below").waitFor();
    await preview(page, "Mastodon").getByText("For all").waitFor();
    await page.getByRole("radio", { name: "Draft" }).check();
    await page.getByRole("button", { name: "Save as draft" }).click();
    await page.getByText("Saved as a draft.").waitFor();
    const { posts } = await site.api("GET", "/posts?status=draft&search=For+all");
    assert.deepEqual(posts[0].platform_content, {
      x: { content: "Only on X", settings: { replySettings: "following", firstComment: "And more below" } },
    });
    await done();
  });

  test("takes pictures that are chosen and pasted, with their descriptions", async () => {
    const { page, done } = await site.open("/compose");
    await text(page).fill("With pictures");
    await choose(page, "Mastodon");
    await page.locator('input[type="file"]').setInputFiles({ name: "soup.png", mimeType: "image/png", buffer: picture(400, 300) });
    await page.getByRole("textbox", { name: "Description of file 1" }).fill("A bowl of soup");
    const bytes = [...picture(300, 400, [90, 30, 60])];
    await text(page).evaluate((element, raw) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(raw)], "pasted.png", { type: "image/png" }));
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, bytes);
    await page.getByRole("textbox", { name: "Description of file 2" }).fill("A spoon");
    await page.getByRole("button", { name: "Move file 2 forward" }).click();
    await preview(page, "Mastodon").getByRole("img", { name: "A spoon" }).waitFor();
    await accessible(page);
    await page.getByRole("button", { name: "Publish now" }).click();
    const [live] = await until(async () => {
      const found = await site.live("With pictures");
      return found.length > 0 && found;
    }, "the post is live");
    assert.deepEqual(live.media.map((item) => item.alt), ["A spoon", "A bowl of soup"]);
    await done();
  });

  test("schedules in a zone, and changes what is planned", async () => {
    const { page, done } = await site.open("/compose");
    await text(page).fill("Planned for Kolkata");
    await choose(page, "X");
    await page.getByRole("radio", { name: "At a time" }).check();
    await page.getByLabel("Day and time").fill("2031-06-02T09:30");
    await page.getByRole("combobox", { name: "Time zone" }).fill("Asia/Kolkata");
    await page.keyboard.press("Escape");
    await page.getByText(/where you are/).waitFor();
    await page.getByRole("button", { name: "Schedule" }).click();
    await page.getByRole("link", { name: "Edit" }).click();
    assert.equal((await site.api("GET", "/posts?search=Kolkata")).posts[0].scheduled_for, "2031-06-02T04:00:00.000Z");
    await page.getByRole("heading", { name: "Edit the post" }).waitFor();
    assert.equal(await page.getByLabel("Day and time").inputValue(), "2031-06-02T06:00");
    await text(page).fill("Planned for Berlin");
    await page.getByLabel("Day and time").fill("2031-06-03T09:00");
    await page.getByRole("button", { name: "Save the changes" }).click();
    await page.getByText("The changes are saved.").waitFor();
    const { posts } = await site.api("GET", "/posts?search=Planned+for+Berlin");
    assert.equal(posts[0].scheduled_for, "2031-06-03T07:00:00.000Z");
    await done();
  });

  test("adds to the queue, and asks for an approval first", async () => {
    await site.api("PATCH", "/queue", { timezone: "Europe/Berlin", slots: [{ day: 3, time: "07:45" }] });
    const { page, done } = await site.open("/compose");
    await text(page).fill("For the queue");
    await choose(page, "X");
    await page.getByRole("radio", { name: "Queue" }).check();
    await page.getByText(/Next free slot: Wed.*7:45/).waitFor();
    await page.getByRole("checkbox", { name: "Ask for approval first" }).check();
    await page.getByRole("button", { name: "Add to the queue" }).click();
    await page.getByText("It waits for approval.").waitFor();
    const { posts } = await site.api("GET", "/posts?search=For+the+queue");
    assert.equal(posts[0].approval.state, "requested");
    assert.match(posts[0].scheduled_for, /T0[56]:45:00\.000Z$/);
    await done();
  });

  test("writes a thread", async () => {
    const { page, done } = await site.open("/compose");
    await text(page).fill("First part");
    await choose(page, "Bluesky");
    await page.getByRole("button", { name: "Add a part to the thread" }).click();
    await page.getByRole("textbox", { name: "Part 2" }).fill("Second part");
    await preview(page, "Bluesky").getByText("Second part").waitFor();
    await page.getByRole("button", { name: "Publish now" }).click();
    await until(async () => (await site.live("Second part")).length === 1, "the second part is live");
    await done();
  });

  test("suggests a text", async () => {
    const { page, done } = await site.open("/compose");
    await page.getByRole("button", { name: "Suggest a text" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("What is it about?").fill("the autumn menu");
    await dialog.getByRole("button", { name: "Suggest", exact: true }).click();
    await dialog.getByRole("button", { name: "Use this text" }).first().waitFor();
    await accessible(page);
    await dialog.getByRole("button", { name: "Use this text" }).first().click();
    assert.match(await text(page).inputValue(), /autumn menu/);
    await done();
  });

  test("keeps what was written when the page is left", async () => {
    const { page, done } = await site.open("/compose");
    await text(page).fill("Not finished yet");
    await page.getByRole("link", { name: "Calendar" }).first().click();
    await page.getByRole("heading", { name: "Calendar", level: 1 }).waitFor();
    await page.getByRole("link", { name: "New post" }).first().click();
    await page.getByRole("heading", { name: "New post", level: 1 }).waitFor();
    assert.equal(await text(page).inputValue(), "Not finished yet");
    await done();
  });

  test("shows what the server refused, and sends again what was not answered only once", async () => {
    const { page, done } = await site.open("/compose");
    await text(page).fill("Lost answer");
    await choose(page, "Bluesky");
    await preview(page, "Bluesky").getByRole("img", { name: "Can be published as it is" }).waitFor();
    let lost = 0;
    await page.route("**/v1/posts", async (route) => {
      if (route.request().method() !== "POST" || lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort();
    });
    await page.getByRole("button", { name: "Publish now" }).click();
    await page.getByText("It was not sent").waitFor();
    await page.getByRole("button", { name: "Publish now" }).click();
    await page.getByRole("heading", { name: "Post", level: 1 }).waitFor();
    await until(async () => (await site.live("Lost answer")).length > 0, "the post is live");
    assert.equal((await site.api("GET", "/posts?search=Lost+answer")).pagination.total, 1);
    await done([/ERR_FAILED/]);
  });

  test("works on a phone", async () => {
    const { page, done } = await site.open("/compose", { viewport: PHONE, hasTouch: true, isMobile: true });
    await text(page).fill("From the phone");
    await choose(page, "Mastodon");
    await fits(page);
    await accessible(page);
    await page.getByRole("button", { name: "Publish now" }).click();
    await page.getByRole("heading", { name: "Post", level: 1 }).waitFor();
    await fits(page);
    await until(async () => (await site.live("From the phone")).length === 1, "the post is live");
    await done();
  });
});
