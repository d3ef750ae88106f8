// Ways in and out, the language and the colours.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessible, fits, PHONE, start } from "./support.mjs";

describe("signing in", { timeout: 180_000 }, () => {
  let site;
  before(async () => {
    site = await start();
  });
  after(() => site?.stop());

  test("leads to the page that was asked for", async () => {
    const { page, done } = await site.open("/accounts", { signedIn: false });
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await accessible(page);
    await page.getByLabel("Email").fill(site.user.email);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The address or the password is not right.").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(site.user.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Accounts", level: 1 }).waitFor();
    await done([/401/]);
  });

  test("works with a link that was sent, which then stands in no history", async () => {
    const { page, done } = await site.open("/sign-in#token=demo", { signedIn: false });
    await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
    await page.goBack();
    assert.ok(!page.url().includes("demo"), page.url());
    await done();
  });

  test("is offered when a link has ended", async () => {
    const { page, done } = await site.open("/sign-in#token=used", { signedIn: false });
    await page.getByText("The link does not work.").waitFor();
    await page.getByLabel("Email").waitFor();
    await done([/401/]);
  });

  test("ends, and then shows nothing any more", async () => {
    const { page, done } = await site.open("/posts");
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(`${site.url}/settings`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await done();
  });

  test("keeps the language and the colours that were chosen", async () => {
    const { page, done } = await site.open("/posts");
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Dark", exact: true }).click();
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Deutsch" }).click();
    await page.getByRole("heading", { name: "Beiträge", level: 1 }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Beiträge", level: 1 }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    assert.equal(await page.locator("html").getAttribute("data-mantine-color-scheme"), "dark");
    await accessible(page);
    await done();
  });

  test("is in German for those whose browser is", async () => {
    const { page, done } = await site.open("/sign-in", { signedIn: false, locale: "de-DE" });
    await page.getByRole("heading", { name: "Anmelden" }).waitFor();
    await done();
  });

  test("shows another organization to those who belong to several", async () => {
    const { page, done } = await site.open("/campaigns");
    await page.getByRole("heading", { name: "Campaigns", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Southlight" }).click();
    await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Your account" }).getByText("Southlight").waitFor();
    await done();
  });

  test("offers those who may only look nothing that would be refused", async () => {
    const { page, done } = await site.open("/compose", { as: "vera@example.org" });
    await page.getByRole("heading", { name: "You may look, but not publish" }).waitFor();
    await accessible(page);
    assert.equal(await page.getByRole("link", { name: "New post" }).count(), 0);
    await page.goto(`${site.url}/settings?tab=audit`);
    await page.getByRole("tab", { name: "Members" }).waitFor();
    assert.equal(await page.getByRole("tab", { name: "Audit log" }).count(), 0);
    await done();
  });

  test("joins by an invitation", async () => {
    const { page, done } = await site.open("/settings?tab=members");
    await page.getByLabel("Email").fill("ben@example.org");
    await page.getByRole("button", { name: "Invite" }).click();
    const link = await page.getByLabel("Link of the invitation").innerText();
    await done();
    const path = link.slice(new URL(link).origin.length);
    const other = await site.open(path, { signedIn: false, viewport: PHONE });
    await accessible(other.page);
    await fits(other.page);
    await other.page.getByLabel("Your name").fill("Ben");
    await other.page.getByLabel("Password", { exact: true }).fill("a password of some length");
    await other.page.getByRole("button", { name: "Join" }).click();
    await other.page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
    await other.done();
  });
});

describe("the first visit", { timeout: 180_000 }, () => {
  let site;
  before(async () => {
    site = await start({ setupNeeded: true });
  });
  after(() => site?.stop());

  test("makes the owner", async () => {
    const { page, done } = await site.open("/", { signedIn: false });
    await page.getByRole("heading", { name: "Set up Fanfare" }).waitFor();
    await accessible(page);
    await page.getByLabel("Setup code").fill("guessed");
    await page.getByLabel("Name of the organization").fill("Northlight");
    await page.getByLabel("Your name").fill("Ana");
    await page.getByLabel("Email").fill("owner@example.org");
    await page.getByLabel("Password", { exact: true }).fill("a password of some length");
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await page.getByText("The setup code is not right.").waitFor();
    await page.getByLabel("Setup code").fill("let-me-in");
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await page.getByRole("heading", { name: "Accounts", level: 1 }).waitFor();
    await done([/400/]);
  });
});
