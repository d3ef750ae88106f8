// What an operator sets up from the dashboard: the apps at platforms, and the last backup.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";

import { site } from "./site.mjs";
import { DESKTOP, PASSWORD, PHONE, accessible, fits, until } from "./support.mjs";

const SERVER = "/settings?tab=server";
const row = (page, name) => page.getByRole("listitem").filter({ has: page.getByText(name, { exact: true }) });

describe("what an operator sets up", { timeout: 180_000 }, () => {
  for (const [device, viewport, colorScheme] of [["desktop", DESKTOP, "light"], ["phone", PHONE, "dark"]]) {
    test(`an app at a platform is set, changed and removed: ${device}`, async () => {
      const { page, done } = await site.open(SERVER, { viewport, colorScheme });
      await row(page, "LinkedIn").getByText("Emulated by the sandbox").waitFor();
      await page.getByRole("button", { name: "Set LinkedIn up" }).click();
      const dialog = page.getByRole("dialog", { name: "App at LinkedIn" });
      await dialog.getByText("/connect/callback/linkedin").waitFor();
      await accessible(page);

      await dialog.getByLabel("Client ID").fill("my id");
      await dialog.getByLabel("Client secret", { exact: true }).fill("never-shown");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("no spaces").waitFor();
      assert.equal(await dialog.getByLabel("Client ID").getAttribute("aria-invalid"), "true", "the field is named");
      await accessible(page);

      await dialog.getByLabel("Client ID").fill("my-id");
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByText("The app at LinkedIn is in use.").waitFor();
      await row(page, "LinkedIn").getByText("my-id · set").waitFor();
      await dialog.waitFor({ state: "hidden" });
      await accessible(page);
      await fits(page);

      await page.getByRole("button", { name: "Change the app at LinkedIn" }).click();
      assert.equal(await dialog.getByLabel("Client ID").inputValue(), "my-id");
      assert.equal(await dialog.getByLabel("Client secret", { exact: true }).inputValue(), "");
      await dialog.getByRole("button", { name: "Cancel" }).click();

      await page.getByRole("button", { name: "Remove the app at LinkedIn" }).click();
      const ask = page.getByRole("dialog", { name: "Remove the app at LinkedIn?" });
      await ask.getByRole("button", { name: "Remove" }).click();
      await page.getByText("The app at LinkedIn is removed.").waitFor();
      await row(page, "LinkedIn").getByText("Emulated by the sandbox").waitFor();
      await done([/status of 400/]);
    });
  }

  test("an app that is set at the command line is used by the running server", async () => {
    const used = async () => {
      const { url } = await site.api("POST", "/accounts/connect-link", { platform: "pinterest" });
      const answer = await fetch(url, { redirect: "manual" });
      return new URL(answer.headers.get("location")).searchParams.get("client_id");
    };
    assert.equal(await used(), "sandbox-pinterest-client");
    await site.command("app", "set", "pinterest", "--client-id", "from-the-shell");
    await until(async () => (await used()) === "from-the-shell", "the server sees the app");
    const { page, done } = await site.open(SERVER, { locale: "de-DE" });
    await row(page, "Pinterest").getByText("from-the-shell · eingetragen").waitFor();
    await accessible(page);
    await done();
    await site.command("app", "remove", "pinterest");
    await until(async () => (await used()) === "sandbox-pinterest-client", "the server forgets the app");
  });

  test("the AI provider is set, tested and removed", async () => {
    const { page, done } = await site.open(SERVER, { viewport: PHONE });
    await page.getByText("Emulated by the sandbox: always").waitFor();
    await page.getByRole("button", { name: "Test the provider" }).click();
    await page.getByText("The provider answers.").waitFor();
    await page.getByRole("button", { name: "Set a provider up" }).click();
    const dialog = page.getByRole("dialog", { name: "AI provider" });
    await dialog.getByLabel("Address of the API").fill("nowhere");
    await dialog.getByLabel("API key", { exact: true }).fill("never-shown");
    await dialog.getByLabel("Model for captions").fill("gpt-4.1-mini");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("base_url must be the root").waitFor();
    await accessible(page);
    await dialog.getByLabel("Address of the API").fill(`${site.sandboxUrl}/api.openai.com/v1`);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("The AI provider is in use.").waitFor();
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Test the provider" }).click();
    await page.getByText("The AI provider refuses this server's key").waitFor();
    await accessible(page);
    await fits(page);
    await page.getByRole("button", { name: "Remove the provider" }).click();
    await page.getByRole("dialog", { name: "Remove the AI provider?" }).getByRole("button", { name: "Remove" }).click();
    await page.getByText("The AI provider is removed.").waitFor();
    await page.getByText("Emulated by the sandbox: always").waitFor();
    await done([/status of 400/]);
  });

  test("the last backup is shown, and what to do while there is none", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fanfare-backup-"));
    try {
      const { page, done } = await site.open(SERVER);
      await page.getByText("There is no backup yet").waitFor();
      await accessible(page);
      await site.command("backup", join(folder, "tuesday"));
      await page.reload();
      await page.getByText("tuesday", { exact: true }).waitFor();
      assert.equal(await page.getByText(folder).count(), 0, "where it is stays on the server");
      assert.equal(await page.getByText("There is no backup yet").count(), 0);
      await accessible(page);
      await done();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("an owner who is no operator sees what is ready, and whom to ask", async () => {
    const owner = { email: "otto@example.org", password: PASSWORD };
    await site.command("user", "create", owner.email, "--role", "owner", "--name", "Otto", "--org", "Northlight");
    const { page, done } = await site.open(SERVER, { as: owner });
    await page.getByText("Operators of this server change what follows").waitFor();
    assert.equal(await page.getByRole("button", { name: "Set LinkedIn up" }).count(), 0);
    await accessible(page);
    await site.command("user", "operator", owner.email);
    await page.reload();
    await page.getByRole("button", { name: "Set LinkedIn up" }).waitFor();
    await done();
  });
});
