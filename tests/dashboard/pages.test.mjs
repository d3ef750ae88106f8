// Every page: its main task, on a desk and on a phone, in the light and in the dark.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { site, story } from "./site.mjs";
import { upload } from "./story.mjs";
import { accessible, fits, monthNow, PHONE, picture, until } from "./support.mjs";

describe("the pages", { timeout: 400_000 }, () => {
  const heading = (page, name) => page.getByRole("heading", { name, level: 1 }).waitFor();

  describe("of everybody", () => {
    const PAGES = [
      ["/welcome", "Welcome", "Connected:"],
      ["/posts", "Posts", "The autumn menu is live"],
      ["/posts/LIVE", "Post", "View on Bluesky"],
      ["/compose", "New post", "Choose accounts to see"],
      ["/calendar", "Calendar", /We are hiring/],
      ["/accounts", "Accounts", "Access has ended"],
      ["/library", "Library", "dining-room.png"],
      ["/campaigns", "Campaigns", "Autumn menu"],
      ["/analytics", "Analytics", "What became of them"],
      ["/developers", "Developers", "Dashboard"],
      ["/settings", "Settings", "Next free slots"],
      ["/settings?tab=members", "Settings", "ana@example.org"],
      ["/settings?tab=you", "Settings", "Where you are signed in"],
      ["/settings?tab=audit", "Settings", "sign_in"],
    ];
    for (const [name, options] of [["on a desk", {}], ["on a phone in the dark", { viewport: PHONE, colorScheme: "dark", hasTouch: true, isMobile: true }]]) {
      test(`are accessible and fit ${name}`, async (context) => {
        const { page, done } = await site.open("/posts", options);
        for (const [path, title, content] of PAGES) {
          await context.test(path, async () => {
            await page.goto(`${site.url}${path.replace("LIVE", story.live)}`);
            await heading(page, title);
            await page.getByText(content).first().waitFor();
            await page.waitForLoadState("load");
            await fits(page);
            await accessible(page);
          });
        }
        await done();
      });
    }
  });

  test("posts are searched and filtered, and the list stays when it is loaded again", async () => {
    const { page, done } = await site.open("/posts");
    await page.getByRole("searchbox").fill("brunch");
    await page.getByText("The autumn menu is live").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Sunday brunch starts at ten." }).waitFor();
    await until(() => new URL(page.url()).searchParams.get("search") === "brunch", "the address has it");
    await page.reload();
    await page.getByRole("link", { name: "Sunday brunch starts at ten." }).waitFor();
    assert.equal(await page.getByRole("searchbox").inputValue(), "brunch");
    await page.getByRole("button", { name: "Failed", exact: true }).click();
    await page.getByRole("heading", { name: "No post matches" }).waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).last().click();
    await page.getByLabel("Campaign").selectOption("Autumn menu");
    await page.getByRole("link", { name: /autumn menu is live/ }).waitFor();
    await until(async () => (await page.getByRole("list", { name: "Posts" }).getByRole("listitem").count()) === 2, "two posts are shown");
    await done();
  });

  test("the search takes letters that come slowly, and follows the way back", async () => {
    const { page, done } = await site.open("/posts");
    const field = page.getByRole("searchbox");
    await field.pressSequentially("ten", { delay: 400 });
    assert.equal(await field.inputValue(), "ten");
    await until(() => new URL(page.url()).searchParams.get("search") === "ten", "the address has it");
    await page.getByRole("link", { name: "Posts", exact: true }).click();
    await until(async () => (await field.inputValue()) === "", "the link leads to all posts");
    await page.goBack();
    await until(async () => (await field.inputValue()) === "ten", "the way back leads to the search");
    await done();
  });

  test("a failed post says why, and is tried again", async () => {
    const { page, done } = await site.open(`/posts/${story.failing}`);
    await page.getByText("Failed").first().waitFor();
    await page.getByText(/LinkedIn/).first().waitFor();
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByText("1 account is tried again.").waitFor();
    await page.getByRole("link", { name: "View on LinkedIn" }).waitFor();
    await done();
  });

  test("a post that is published elsewhere shows up by itself", async () => {
    const { page, done } = await site.open("/posts");
    await heading(page, "Posts");
    await site.api("POST", "/posts", { content: "Sent by a program", account_ids: [site.account("bluesky")] });
    const row = page.getByRole("listitem").filter({ hasText: "Sent by a program" });
    await row.getByText("Published", { exact: true }).waitFor();
    await done();
  });

  test("a question stands still from its first frame for those who want no motion", async () => {
    const { page, done } = await site.open(`/posts/${story.live}`);
    await page.evaluate(() => {
      window.places = [];
      const look = () => {
        const dialog = document.querySelector("[role=dialog]");
        if (dialog) window.places.push(`${dialog.getBoundingClientRect().top} px, opacity ${getComputedStyle(dialog).opacity}`);
        if (window.places.length < 30) requestAnimationFrame(look);
      };
      look();
    });
    await page.getByRole("button", { name: "Delete" }).click();
    await until(() => page.evaluate(() => window.places.length === 30), "30 frames were seen");
    const [first, ...others] = await page.evaluate(() => [...new Set(window.places)]);
    assert.deepEqual(others, [], `it was at ${first} at first`);
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await done();
  });

  test("a post is duplicated, and deleted after a question", async () => {
    const { page, done } = await site.open(`/posts/${story.live}`);
    await page.getByRole("link", { name: "Duplicate" }).click();
    await heading(page, "New post");
    assert.match(await page.getByRole("textbox", { name: "Text", exact: true }).inputValue(), /autumn menu is live/);
    await page.getByRole("button", { name: "Save as draft" }).click();
    await page.getByText("Saved as a draft.").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await accessible(page);
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("The post is deleted.").waitFor();
    assert.equal((await site.api("GET", "/posts?status=draft&search=autumn+menu+is+live")).pagination.total, 0);
    await done();
  });

  test("a draft is scheduled from its page", async () => {
    const draft = await site.api("POST", "/posts", { content: "A draft for later", draft: true, account_ids: [site.account("x")] });
    const { page, done } = await site.open(`/posts/${draft.post_id}`);
    await page.getByLabel("Day and time").fill("2031-01-05T08:00");
    await page.getByRole("button", { name: "Schedule" }).click();
    await page.getByText("Scheduled", { exact: true }).waitFor();
    const due = async () => (await site.api("GET", `/posts/${draft.post_id}`)).scheduled_for;
    assert.equal(await until(due, "the server has scheduled it"), "2031-01-05T07:00:00.000Z");
    await site.api("DELETE", `/posts/${draft.post_id}`);
    await done();
  });

  test("a post waits until somebody approves it", async () => {
    const post = await site.api("POST", "/posts", { content: "May this go out?", account_ids: [site.account("bluesky")], request_approval: true });
    const { page, done } = await site.open("/posts");
    await page.getByRole("button", { name: "Waits for approval" }).click();
    await page.getByRole("link", { name: "May this go out?" }).click();
    await page.getByText("Nothing of it goes out until somebody approves it.").waitFor();
    await page.getByLabel("Note").fill("Without the joke.");
    await accessible(page);
    await page.getByRole("button", { name: "Ask for changes" }).click();
    await page.getByText("Without the joke.").first().waitFor();
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByText("Nothing of it goes out until somebody approves it.").waitFor();
    assert.equal((await site.live("May this go out?")).length, 0);
    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByRole("link", { name: "View on Bluesky" }).waitFor();
    assert.equal((await site.api("GET", `/posts/${post.post_id}`)).approval.state, "approved");
    await done();
  });

  test("there is a page for what is not there", async () => {
    const { page, done } = await site.open("/posts/00000000-0000-4000-8000-000000000000");
    await page.getByRole("heading", { name: "There is no such page." }).waitFor();
    await accessible(page);
    await done([/404/]);
  });

  test("a planned post is dragged to another day, and back", async () => {
    const plan = (content, at) => site.api("POST", "/posts", { content, account_ids: [site.account("x")], scheduled_for: at });
    const planned = await plan("Drag me", "2031-03-11T09:00:00Z");
    await plan("Just before midnight", "2031-03-19T22:50:00Z");
    const { page, done } = await site.open("/calendar");
    await heading(page, "Calendar");
    const { year, month: present } = monthNow();
    const months = 12 * (2031 - year) + 3 - present;
    for (let month = 0; month < months; month += 1) await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("heading", { name: "March 2031" }).waitFor();
    const event = page.getByText("Drag me");
    await event.waitFor();
    const from = await event.boundingBox();
    const cell = await page.locator('[data-date="2031-03-13"]').first().boundingBox();
    const late = await page.getByRole("button").filter({ hasText: "Just before midnight" }).boundingBox();
    assert.ok(late.width <= cell.width, "it stands on one day");
    await page.mouse.move(from.x + 10, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 8, { steps: 5 });
    await page.mouse.move(cell.x + cell.width / 2, cell.y + cell.height / 2, { steps: 10 });
    await page.mouse.up();
    await page.getByText(/^Moved to/).waitFor();
    assert.equal((await site.api("GET", `/posts/${planned.post_id}`)).scheduled_for, "2031-03-13T09:00:00.000Z");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(/^Moved back to/).waitFor();
    assert.equal((await site.api("GET", `/posts/${planned.post_id}`)).scheduled_for, "2031-03-11T09:00:00.000Z");
    await done();
  });

  test("a planned post is moved without a mouse", async () => {
    const { page, done } = await site.open("/calendar");
    await page.getByRole("radio", { name: "List" }).press("Space");
    const event = page.getByRole("button").filter({ hasText: "Sunday brunch" }).or(page.getByRole("link").filter({ hasText: "Sunday brunch" })).first();
    await event.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Day and time").fill("2031-04-01T10:00");
    await accessible(page);
    await dialog.getByRole("button", { name: "Move" }).press("Enter");
    await page.getByText(/^Moved to/).waitFor();
    assert.equal((await site.api("GET", "/posts?search=Sunday+brunch")).posts[0].scheduled_for, "2031-04-01T08:00:00.000Z");
    await done();
  });

  test("a free slot of the queue leads to a post for it", async () => {
    const { page, done } = await site.open("/calendar");
    await page.getByRole("radio", { name: "List" }).press("Space");
    await page.getByText("Free slot").last().click();
    await heading(page, "New post");
    assert.ok(await page.getByRole("radio", { name: "At a time" }).isChecked());
    await done();
  });

  test("an account is connected from a link, which its owner may open elsewhere", async () => {
    const { page, done } = await site.open("/accounts");
    await page.getByRole("button", { name: "Connect an account" }).click();
    const dialog = page.getByRole("dialog");
    await accessible(page);
    await dialog.getByRole("button", { name: /^LinkedIn/ }).click();
    const link = await dialog.getByLabel("Link", { exact: true }).innerText();
    await accessible(page);
    const owner = await (await page.context().browser().newContext()).newPage();
    await owner.goto(link);
    await owner.getByRole("button", { name: "Allow" }).click();
    await dialog.getByRole("heading", { name: "Connected" }).waitFor();
    await owner.context().close();
    await done();
  });

  test("an account that takes an app password says what was wrong with it", async () => {
    const { page, done } = await site.open("/accounts");
    await page.getByRole("button", { name: "Connect an account" }).click();
    await page.getByRole("button", { name: /^Bluesky/ }).click();
    await page.getByLabel("Handle").fill("nobody.bsky.social");
    await page.getByLabel("App password", { exact: true }).fill("abcd-abcd-abcd-abcd");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await page.getByRole("alert").or(page.locator('[id$="-error"]')).first().waitFor();
    await accessible(page);
    await done([/400/]);
  });

  test("an account that cannot post is repaired, and another one disconnected", async () => {
    const { page, done } = await site.open("/accounts");
    await page.getByText("The platform refuses its access.").or(page.getByText("Its access has ended.")).first().waitFor();
    await page.getByRole("button", { name: "Details of @northlight, Pinterest" }).click();
    const card = page.getByRole("listitem").filter({ hasText: "Pinterest" }).filter({ hasText: "Details" });
    await card.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("@northlight is disconnected.").waitFor();
    await page.getByRole("heading", { name: /^Disconnected/ }).waitFor();
    await page.getByRole("button", { name: "Connect again" }).first().click();
    await page.getByRole("dialog").getByLabel("Link", { exact: true }).waitFor();
    await done();
  });

  test("a file is added, used in a post, and deleted", async () => {
    const { page, done } = await site.open("/library");
    await page.locator('input[type="file"]').setInputFiles({ name: "oven.png", mimeType: "image/png", buffer: picture(300, 300, [200, 40, 0]) });
    await page.getByRole("button", { name: /^(?!Stop).*oven\.png/ }).click();
    await accessible(page);
    await page.getByRole("link", { name: "Use in a post" }).click();
    await heading(page, "New post");
    await page.getByRole("textbox", { name: "Description of file 1" }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: /^(?!Stop).*oven\.png/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("The file is deleted.").waitFor();
    await page.getByRole("button", { name: /^(?!Stop).*oven\.png/ }).waitFor({ state: "detached" });
    await done();
  });

  test("a file that a planned post uses is deleted only when one insists", async () => {
    const media = await upload(site, "used.png", picture(100, 100, [0, 90, 0]));
    await site.api("POST", "/posts", { content: "Uses a file", account_ids: [site.account("x")], media_ids: [media], scheduled_for: "2031-05-05T09:00:00Z" });
    const { page, done } = await site.open("/library");
    await page.getByRole("button", { name: /used\.png/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("1 planned post uses it and would go out without it.").waitFor();
    await page.getByRole("button", { name: "Delete all the same" }).click();
    await page.getByText("The file is deleted.").waitFor();
    await done([/409/]);
  });

  test("a campaign is made, changed and archived", async () => {
    const { page, done } = await site.open("/campaigns");
    await page.getByRole("button", { name: "New campaign" }).click();
    await page.getByLabel("Name").fill("Winter");
    await accessible(page);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("link", { name: "Winter" }).waitFor();
    await page.getByRole("button", { name: "More: Winter" }).click();
    await page.getByRole("menuitem", { name: "Archive" }).click();
    await page.getByRole("link", { name: "Winter" }).waitFor({ state: "detached" });
    await page.getByRole("radio", { name: "Archived" }).press("Space");
    await page.getByRole("link", { name: "Winter" }).waitFor();
    await done();
  });

  test("numbers are shown for a period", async () => {
    const { page, done } = await site.open("/analytics");
    await page.getByRole("link", { name: "Show only Bluesky" }).waitFor();
    await page.getByRole("radio", { name: "Today" }).press("Space");
    await page.waitForURL(/period=today/);
    await page.getByRole("heading", { name: "Best times to post" }).waitFor();
    await done();
  });

  test("numbers are shown for a chosen range on a phone", async () => {
    const { page, done } = await site.open("/analytics?period=custom", { viewport: PHONE });
    await page.getByRole("link", { name: "Show only Bluesky" }).waitFor();
    await page.getByText("Show as a table").first().click();
    await page.getByRole("region", { name: "Over time" }).getByRole("table").waitFor();
    await fits(page);
    await accessible(page);
    await done();
  });

  test("numbers are compared, narrowed and shown over time", async () => {
    const { page, done } = await site.open("/analytics?period=all");
    const table = (name) => page.getByRole("region", { name, exact: true }).getByRole("table");
    const total = async (by) => {
      const rows = await table(by).getByRole("row").all();
      const cells = await Promise.all(rows.slice(1).map((row) => row.getByRole("cell").first().innerText()));
      return cells.reduce((sum, cell) => sum + Number(cell), 0);
    };
    await page.getByRole("link", { name: "Show only Bluesky" }).waitFor();
    const { rows } = await site.api("GET", "/analytics/breakdown?period=all&by=platform");
    const published = rows.reduce((sum, row) => sum + row.published, 0);
    assert.ok(published > 0);
    for (const by of ["Platform", "Account", "Campaign"]) assert.equal(await total(by), published, by);
    await page.getByText("Show as a table").first().click();
    assert.equal(await total("Over time"), published);
    await accessible(page);
    await page.getByLabel("Metric").selectOption("likes");
    await page.waitForURL(/metric=likes/);
    await table("Account").getByRole("columnheader", { name: "Likes" }).waitFor();
    await page.getByRole("link", { name: "Show only Bluesky" }).click();
    await page.waitForURL(/platform=bluesky/);
    const bluesky = rows.find((row) => row.platform === "bluesky");
    await page.getByRole("link", { name: "Show only X", exact: true }).waitFor({ state: "detached" });
    assert.equal(await total("Over time"), bluesky.published);
    assert.equal(new URL(page.url()).searchParams.get("metric"), "likes", "what was chosen before stays");
    await page.getByRole("radio", { name: "Range" }).press("Space");
    await page.getByLabel("From", { exact: true }).fill("2020-01-01");
    await page.getByLabel("To", { exact: true }).fill("2020-01-07");
    await page.waitForURL(/to=2020-01-07/);
    await page.getByRole("heading", { name: "No posts in this period" }).waitFor();
    await accessible(page);
    await done();
  });

  test("a key is made, shown once, and revoked", async () => {
    const { page, done } = await site.open("/developers");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("What is it for?").fill("Nightly job");
    await accessible(page);
    await page.getByRole("button", { name: "Create" }).click();
    assert.match(await page.getByLabel("API key", { exact: true }).innerText(), /^pe_live_[0-9a-f]{32}$/);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByRole("button", { name: "Revoke: Nightly job" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("The key is revoked.").waitFor();
    await done();
  });

  test("a webhook is made, tested, and its deliveries read", async () => {
    const { page, done } = await site.open("/developers");
    await page.getByRole("tab", { name: "Webhooks" }).click();
    await page.getByRole("button", { name: "New webhook" }).click();
    await page.getByLabel("Address").fill("ftp://hooks.example.org/x");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("alert").or(page.locator('[id$="-error"]')).first().waitFor();
    await page.getByLabel("Address").fill("https://hooks.example.org/other");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Copy the secret now.").waitFor();
    await accessible(page);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    const row = page.getByRole("listitem").filter({ hasText: "Team chat" }).first();
    await row.getByRole("button", { name: "Show the deliveries" }).click();
    await row.getByText("post.published").nth(1).click();
    await row.getByLabel("What was sent").waitFor();
    await accessible(page);
    await done([/400/]);
  });

  test("the slots of the queue are set", async () => {
    const { page, done } = await site.open("/settings");
    await page.getByLabel("Day", { exact: true }).selectOption("7");
    await page.getByLabel("Time", { exact: true }).fill("18:15");
    await page.getByRole("button", { name: "Add a time" }).click();
    await page.getByRole("button", { name: "Remove Sunday 18:15" }).waitFor();
    await page.getByRole("button", { name: "Save the queue" }).click();
    await page.getByText("The queue is saved.").waitFor();
    const { queue } = await site.api("GET", "/queue");
    assert.ok(queue.slots.some(({ day, time }) => day === 7 && time === "18:15"));
    await done();
  });

  test("a server that is away is said to be, and found again", async () => {
    const { page, done } = await site.open("/campaigns");
    await heading(page, "Campaigns");
    await page.route("**/v1/analytics/**", (route) => route.abort());
    await page.getByRole("link", { name: "Analytics" }).click();
    await page.getByRole("heading", { name: "The server does not answer." }).waitFor();
    await accessible(page);
    await page.unroute("**/v1/analytics/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "What became of them" }).waitFor();
    await done([/ERR_FAILED/]);
  });

  test("keys lead to pages, and do nothing while one types", async () => {
    const { page, done } = await site.open("/posts");
    await heading(page, "Posts");
    await page.keyboard.press("/");
    await page.keyboard.type("nga");
    assert.equal(await page.getByRole("searchbox").inputValue(), "nga");
    await page.getByRole("searchbox").blur();
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await heading(page, "Accounts");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await done();
  });

  test("a phone has the other pages behind More", async () => {
    const { page, done } = await site.open("/posts", { viewport: PHONE, hasTouch: true, isMobile: true });
    await heading(page, "Posts");
    await page.getByRole("button", { name: "More" }).tap();
    await accessible(page);
    await page.getByRole("dialog").getByRole("link", { name: "Campaigns" }).tap();
    await heading(page, "Campaigns");
    await until(async () => (await page.getByRole("dialog").count()) === 0, "the drawer closes");
    await done();
  });
});
