// What somebody does is shown at once, goes back when the server refuses, and is undone on the server.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { site } from "./site.mjs";
import { upload } from "./story.mjs";
import { picture, until } from "./support.mjs";

const FAR = "2032-06-07T09:00:00.000Z";

describe("what is shown at once", { timeout: 120_000 }, () => {
  /** Holds back a request until it is let through, or answered with a refusal. */
  async function held(page, method, path) {
    let arrive;
    const asked = new Promise((resolve) => (arrive = resolve));
    await page.route(`**/v1${path}`, (route) => (route.request().method() === method ? arrive(route) : route.fallback()));
    return {
      async refuse(message = "Not today.") {
        const error = { code: "conflict", message, retryable: false };
        await (await asked).fulfill({ status: 409, contentType: "application/json", body: JSON.stringify({ data: null, error, meta: {} }) });
        await page.unroute(`**/v1${path}`);
      },
      async pass() {
        await (await asked).continue();
        await page.unroute(`**/v1${path}`);
      },
    };
  }
  const gone = (locator) => locator.waitFor({ state: "detached" });
  const undo = (page) => page.getByRole("status").getByRole("button", { name: "Undo" });
  const refused = [/409/];
  const plan = (content, more = {}) => site.api("POST", "/posts", { content, account_ids: [site.account("x")], scheduled_for: FAR, ...more });

  test("a post leaves the list before the server has answered, and comes back when it refuses", async () => {
    const post = await plan("Leaves and comes back");
    const { page, done } = await site.open("/posts");
    const row = page.getByRole("link", { name: post.content });
    await row.click();
    const deletion = await held(page, "DELETE", `/posts/${post.post_id}`);
    const erase = async () => {
      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
      await page.getByRole("list", { name: "Posts" }).waitFor();
    };
    await erase();
    await gone(row);
    assert.equal(await page.getByText("The post is deleted.").count(), 0);
    await deletion.refuse();
    await page.getByText("Not today.").waitFor();
    await row.click();
    await erase();
    await page.getByText("The post is deleted.").waitFor();
    await gone(row);
    assert.equal(await undo(page).count(), 0);
    assert.equal((await site.api("GET", "/posts?search=Leaves+and+comes+back")).pagination.total, 0);
    await done(refused);
  });

  test("an answer that was given before a deletion does not bring the post back", async () => {
    const post = await plan("Does not flicker");
    const { page, done } = await site.open(`/posts/${post.post_id}`);
    const deletion = await held(page, "DELETE", `/posts/${post.post_id}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    // The list is asked for while the post is still there.
    await page.getByRole("list", { name: "Posts" }).getByRole("listitem").first().waitFor();
    assert.equal((await site.api("GET", "/posts?search=Does+not+flicker")).pagination.total, 1);
    assert.equal(await page.getByRole("link", { name: post.content }).count(), 0);
    await deletion.pass();
    await page.getByText("The post is deleted.").waitFor();
    await done();
  });

  test("an approval is shown at once, goes back when refused with its note, and is undone on the server", async () => {
    const post = await plan("May it go out in June?", { request_approval: true });
    const state = async () => (await site.api("GET", `/posts/${post.post_id}`)).approval.state;
    const { page, done } = await site.open(`/posts/${post.post_id}`);
    const waits = page.getByText("Nothing of it goes out until somebody approves it.");
    await page.getByLabel("Note").fill("Lovely.");
    const approval = await held(page, "POST", `/posts/${post.post_id}/approve`);
    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByText("Approved", { exact: true }).waitFor();
    assert.equal(await state(), "requested");
    await approval.refuse();
    await page.getByText("Not today.").waitFor();
    await waits.waitFor();
    assert.equal(await page.getByLabel("Note").inputValue(), "Lovely.");
    await page.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByText("It is approved.").waitFor();
    assert.equal(await state(), "approved");
    await undo(page).click();
    await page.getByText("It waits for approval.").waitFor();
    await waits.waitFor();
    assert.equal(await state(), "requested");
    await done(refused);
  });

  test("a draft that cannot be scheduled is a draft again, with the time that was chosen", async () => {
    const draft = await site.api("POST", "/posts", { content: "Not in June", draft: true, account_ids: [site.account("x")] });
    const { page, done } = await site.open(`/posts/${draft.post_id}`);
    await page.getByLabel("Day and time").fill("2032-06-09T08:00");
    const order = await held(page, "POST", `/posts/${draft.post_id}/schedule`);
    await page.getByRole("button", { name: "Schedule" }).click();
    await page.getByText("Scheduled", { exact: true }).waitFor();
    await order.refuse();
    await page.getByText("Not today.").waitFor();
    assert.equal(await page.getByLabel("Day and time").inputValue(), "2032-06-09T08:00");
    await done(refused);
  });

  test("a post that the server does not move goes back to its place in the calendar", async () => {
    const post = await plan("Stays where it is", { scheduled_for: new Date(Date.now() + 3 * 86_400_000).toISOString() });
    const { page, done } = await site.open("/calendar?view=listAhead");
    const move = await held(page, "PATCH", `/posts/${post.post_id}`);
    await page.getByText(post.content).first().click();
    await page.getByRole("dialog").getByLabel("Day and time").fill("2032-06-10T10:00");
    await page.getByRole("dialog").getByRole("button", { name: "Move" }).click();
    await gone(page.getByText(post.content));
    await move.refuse();
    await page.getByText("Not today.").waitFor();
    await page.getByText(post.content).first().waitFor();
    await done(refused);
  });

  test("a file leaves the library at once, and comes back when the server refuses", async () => {
    const id = await upload(site, "calm.png", picture(60, 60, [10, 90, 120]));
    const { page, done } = await site.open("/library");
    const tile = page.getByRole("button", { name: /calm\.png/ });
    const erase = async () => {
      await tile.click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await gone(page.getByRole("dialog"));
    };
    const deletion = await held(page, "DELETE", `/media/${id}`);
    await erase();
    await gone(tile);
    await deletion.refuse();
    await page.getByText("Not today.").waitFor();
    await erase();
    await page.getByText("The file is deleted.").waitFor();
    assert.equal(await undo(page).count(), 0);
    await done(refused);
  });

  test("a campaign is renamed and archived, taken back when refused, and undone on the server", async () => {
    const { id } = await site.api("POST", "/campaigns", { name: "Calm", color: "#1f5a8a" });
    const there = () => site.api("GET", `/campaigns/${id}`);
    const { page, done } = await site.open("/campaigns");
    const card = (name) => page.getByRole("link", { name, exact: true });
    const menu = async (name, item) => {
      await page.getByRole("button", { name: `More: ${name}` }).click();
      await page.getByRole("menuitem", { name: item }).click();
    };

    let change = await held(page, "PATCH", `/campaigns/${id}`);
    await menu("Calm", "Edit");
    await page.getByLabel("Name").fill("Calmer");
    await page.getByRole("button", { name: "Save" }).click();
    await card("Calmer").waitFor();
    await change.refuse();
    await page.getByRole("dialog").getByText("Not today.").waitFor();
    assert.equal(await page.getByLabel("Name").inputValue(), "Calmer");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Calmer is saved.").waitFor();
    assert.equal((await there()).name, "Calmer");
    await undo(page).click();
    await page.getByText("Calm is as it was.").waitFor();
    assert.equal((await there()).name, "Calm");
    await card("Calm").waitFor();

    change = await held(page, "PATCH", `/campaigns/${id}`);
    await menu("Calm", "Archive");
    await gone(card("Calm"));
    await change.refuse();
    await card("Calm").waitFor();
    await menu("Calm", "Archive");
    await page.getByText("Calm is archived.").waitFor();
    assert.equal((await there()).status, "archived");
    await undo(page).click();
    await card("Calm").waitFor();
    await page.getByText("Calm is active.").waitFor();
    assert.equal((await there()).status, "active");

    const deletion = await held(page, "DELETE", `/campaigns/${id}`);
    const erase = async () => {
      await menu("Calm", "Delete");
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await gone(card("Calm"));
    };
    await erase();
    await deletion.refuse();
    await card("Calm").waitFor();
    await erase();
    await page.getByText("Calm is deleted.").waitFor();
    await done(refused);
  });

  test("a webhook is switched off, on again when refused, and undone on the server", async () => {
    const { id } = await site.api("POST", "/webhooks", { url: "https://hooks.example.org/calm", name: "Calm hook", events: ["post.failed"] });
    const isActive = async () => (await site.api("GET", "/webhooks")).webhooks.find((one) => one.id === id).is_active;
    const { page, done } = await site.open("/developers");
    await page.getByRole("tab", { name: "Webhooks" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "Calm hook" });
    const change = await held(page, "PATCH", `/webhooks/${id}`);
    await row.getByRole("button", { name: "Switch off" }).click();
    await row.getByText("Off", { exact: true }).waitFor();
    assert.equal(await isActive(), true);
    await change.refuse();
    await page.getByText("Not today.").waitFor();
    await row.getByText("On", { exact: true }).waitFor();
    await row.getByRole("button", { name: "Switch off" }).click();
    await page.getByText("Calm hook is off.").waitFor();
    assert.equal(await isActive(), false);
    await undo(page).click();
    await page.getByText("Calm hook is on.").waitFor();
    assert.equal(await isActive(), true);
    const deletion = await held(page, "DELETE", `/webhooks/${id}`);
    const erase = async () => {
      await row.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await gone(row);
    };
    await erase();
    await deletion.refuse();
    await row.waitFor();
    await erase();
    await page.getByText("The webhook is deleted.").waitFor();
    assert.equal(await undo(page).count(), 0);
    await done(refused);
  });

  test("the slots of the queue stay as typed when refused, and are undone on the server", async () => {
    const has = async () => (await site.api("GET", "/queue")).queue.slots.some(({ day, time }) => day === 6 && time === "20:45");
    const { page, done } = await site.open("/settings");
    await page.getByLabel("Day", { exact: true }).selectOption("6");
    await page.getByLabel("Time", { exact: true }).fill("20:45");
    await page.getByRole("button", { name: "Add a time" }).click();
    const slot = page.getByRole("button", { name: "Remove Saturday 20:45" });
    const unsaved = page.getByText("Not saved yet");
    await unsaved.waitFor();
    const change = await held(page, "PATCH", "/queue");
    await page.getByRole("button", { name: "Save the queue" }).click();
    await gone(unsaved);
    await slot.waitFor();
    await change.refuse();
    await unsaved.waitFor();
    await slot.waitFor();
    assert.equal(await has(), false);
    await page.getByRole("button", { name: "Save the queue" }).click();
    await page.getByText("The queue is saved.").waitFor();
    assert.equal(await has(), true);
    await undo(page).click();
    await page.getByText("The queue is as it was.").waitFor();
    await gone(slot);
    await until(async () => !(await has()), "the slot is gone");
    await done(refused);
  });
});
