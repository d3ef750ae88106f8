// Ways in and out, the language and the colours.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { site, viewer } from "./site.mjs";
import { accessible, fits, openPage, PASSWORD, PHONE } from "./support.mjs";

describe("signing in", { timeout: 180_000 }, () => {
  const heading = (page, name) => page.getByRole("heading", { name, level: 1 }).waitFor();

  test("leads to the page that was asked for", async () => {
    const { page, done } = await site.open("/campaigns", { as: null });
    await heading(page, "Sign in");
    await accessible(page);
    await page.getByLabel("Email").fill(site.user.email);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The e-mail address or the password is wrong.").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(site.user.password);
    await page.keyboard.press("Enter");
    await heading(page, "Campaigns");
    await done([/401/]);
  });

  test("works once with a link that was sent, which then stands in no history", async () => {
    const link = site.signInUrl.slice(site.url.length);
    const token = new URL(site.signInUrl).searchParams.get("token");
    const { page, done } = await site.open(link, { as: null });
    await heading(page, "Posts");
    await page.goBack();
    assert.ok(!page.url().includes(token), page.url());
    await done();
    const again = await site.open(link, { as: null });
    await again.page.getByText("The link does not work.").waitFor();
    await again.page.getByLabel("Email").waitFor();
    assert.ok(!again.page.url().includes(token), again.page.url());
    await again.done([/401/]);
  });

  test("ends, and then shows nothing any more", async () => {
    const { page, done } = await site.open("/posts", { fresh: true });
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await heading(page, "Sign in");
    await page.goto(`${site.url}/settings`);
    await heading(page, "Sign in");
    await done();
  });

  test("keeps the language and the colours that were chosen", async () => {
    const { page, done } = await site.open("/posts");
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Dark", exact: true }).click();
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Deutsch" }).click();
    await heading(page, "Beiträge");
    await page.reload();
    await heading(page, "Beiträge");
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    assert.equal(await page.locator("html").getAttribute("data-mantine-color-scheme"), "dark");
    await accessible(page);
    await done();
  });

  test("is in German for those whose browser is", async () => {
    const { page, done } = await site.open("/sign-in", { as: null, locale: "de-DE" });
    await heading(page, "Anmelden");
    await done();
  });

  test("shows another organization to those who belong to several", async () => {
    const person = { email: "bo@example.org", password: PASSWORD };
    await site.command("user", "create", person.email, "--role", "admin", "--name", "Bo", "--org", "Northlight");
    await site.command("org", "create", "Southlight", "--email", person.email);
    const { page, done } = await site.open("/campaigns", { as: person });
    await heading(page, "Campaigns");
    await page.getByRole("link", { name: "Autumn menu" }).waitFor();
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Southlight" }).click();
    await heading(page, "Posts");
    await page.getByRole("button", { name: "Your account" }).getByText("Southlight").waitFor();
    await page.goto(`${site.url}/campaigns`);
    await heading(page, "Campaigns");
    await page.getByText("No campaigns yet").waitFor();
    await done();
  });

  test("offers those who may only look nothing that would be refused", async () => {
    const { page, done } = await site.open("/compose", { as: viewer });
    await page.getByRole("heading", { name: "You may look, but not publish" }).waitFor();
    await accessible(page);
    assert.equal(await page.getByRole("link", { name: "New post" }).count(), 0);
    for (const path of ["/posts", "/calendar", "/accounts", "/library", "/campaigns", "/analytics", "/developers", "/settings?tab=members"]) {
      await page.goto(`${site.url}${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("load");
    }
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
    const other = await site.open(link.slice(site.url.length), { as: null, viewport: PHONE });
    await accessible(other.page);
    await fits(other.page);
    await other.page.getByLabel("Your name").fill("Ben");
    await other.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await other.page.getByRole("button", { name: "Join" }).click();
    await heading(other.page, "Posts");
    await other.page.goto(`${site.url}/settings?tab=members`);
    await other.page.getByText("ben@example.org").waitFor();
    await other.done();
  });

  test("a password is changed by those who know it, and ends the sessions elsewhere", async () => {
    const person = { email: "cleo@example.org", password: PASSWORD };
    await site.command("user", "create", person.email, "--name", "Cleo", "--org", "Northlight");
    const elsewhere = await site.open("/posts", { as: person, fresh: true });
    await heading(elsewhere.page, "Posts");
    const { page, done } = await site.open("/settings?tab=you", { as: person, fresh: true });
    await page.getByText("This browser").first().waitFor();
    await page.getByLabel("Current password", { exact: true }).fill("a guess");
    await page.getByLabel("New password", { exact: true }).fill("something new and long");
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByText("This is not your present password.").waitFor();
    await page.getByLabel("Current password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByText("The password is changed.").waitFor();
    // This browser goes on, with changes too.
    await page.goto(`${site.url}/campaigns`);
    await page.getByRole("button", { name: "New campaign" }).click();
    await page.getByLabel("Name").fill("By Cleo");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("link", { name: "By Cleo" }).waitFor();
    await elsewhere.page.reload();
    await heading(elsewhere.page, "Sign in");
    await elsewhere.done();
    await done([/400/]);
  });

  test("leads nowhere but into the dashboard afterwards", async () => {
    const outside = ["//evil.example/", "/\\evil.example/", "\\\\evil.example", "https://evil.example/", "javascript:window.ran=1", "/%2f%2fevil.example", "/\t/evil.example"];
    for (const then of outside) {
      const { page, done } = await openPage(site.browser, site.url);
      await page.goto(`${site.url}/sign-in?then=${encodeURIComponent(then)}`);
      await page.getByLabel("Email").fill(viewer.email);
      await page.getByLabel("Password", { exact: true }).fill(viewer.password);
      await page.keyboard.press("Enter");
      await page.waitForURL((now) => now.pathname !== "/sign-in");
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal(new URL(page.url()).origin, site.url, then);
      assert.equal(await page.evaluate(() => window.ran), undefined, then);
      await done();
    }
  });
});
