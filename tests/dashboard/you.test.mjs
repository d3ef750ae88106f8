// What people change about their own ways in: the address, the names of passkeys, the logins of another system.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { site } from "./site.mjs";
import { accessible, fits, openPage, PASSWORD, PHONE, until } from "./support.mjs";

const SETTINGS = "/settings?tab=you";

/** Somebody new, whom the operator has made. */
async function person(name) {
  const made = { email: `${name}@example.org`, password: PASSWORD };
  await site.command("user", "create", made.email, "--name", name, "--org", "Northlight");
  return made;
}

/** Chooses who one is at the other system, and agrees. */
async function agree(page, email) {
  await page.getByRole("heading", { name: "Allow this app?" }).waitFor();
  await page.getByRole("combobox").selectOption(email);
  await page.getByRole("button", { name: "Allow" }).click();
}

/** What is read out with a field. */
const explained = (field) =>
  field.evaluate((input) => input.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent).join(" ").trim());

/** The sandbox's login is another origin. */
const left = [new RegExp(`asked ${site.sandboxUrl}`)];

describe("one's own ways in", { timeout: 180_000 }, () => {
  test("an address is changed by those who know the password, and signs in from then on", async () => {
    const dora = await person("dora");
    await person("edith");
    const elsewhere = await site.open("/posts", { as: dora, fresh: true });
    await elsewhere.page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
    const { page, done } = await site.open(SETTINGS, { as: dora, fresh: true });
    await page.getByText("You sign in with dora@example.org.").waitFor();
    await page.getByText("Fanfare sends no mail").waitFor();
    const email = page.getByLabel("New email address");
    const password = page.getByLabel("Your password", { exact: true });
    await email.fill("dora@new.example");
    await password.fill("a guess");
    await page.getByRole("button", { name: "Change the address" }).click();
    await page.getByText("This is not your present password.").waitFor();
    assert.equal(await explained(password), "This is not your present password.");
    await email.fill("Edith@example.org");
    await password.fill(PASSWORD);
    await page.getByRole("button", { name: "Change the address" }).click();
    await page.getByText("You cannot use this address here.").waitFor();
    assert.match(await explained(email), /^You cannot use this address here\./);
    await accessible(page);
    await email.fill("dora@new.example");
    await page.getByRole("button", { name: "Change the address" }).click();
    await page.getByText("You sign in with dora@new.example now.").waitFor();
    await page.getByText("You sign in with dora@new.example.", { exact: true }).waitFor();
    assert.equal(await email.inputValue(), "");
    // This browser goes on, and the other one does not.
    await page.getByRole("textbox", { name: "Your name" }).fill("Dora N.");
    await page.getByRole("button", { name: "Save the name" }).click();
    await page.getByText("Your name is saved.").waitFor();
    await elsewhere.page.reload();
    await elsewhere.page.getByRole("heading", { name: "Sign in", level: 1 }).waitFor();
    await elsewhere.done();
    await done([/400/]);
    await site.signIn({ email: "dora@new.example" });
  });

  test("a login of another system is linked, used, and unlinked", async () => {
    const fred = await person("fred");
    const { page, done } = await site.open(SETTINGS, { as: fred, fresh: true });
    await page.getByText("No login is linked to you.").waitFor();
    await page.getByRole("button", { name: "Link your login of Example login" }).click();
    await page.getByRole("heading", { name: "Allow this app?" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("alert").getByText("You said no on the other page.").waitFor();
    await accessible(page);
    await page.getByRole("button", { name: "Link your login of Example login" }).click();
    await agree(page, "kim@elsewhere.example");
    await page.getByText("The login is linked.").waitFor();
    assert.equal(new URL(page.url()).search, "?tab=you");
    await page.getByText("kim@elsewhere.example").waitFor();
    assert.equal(await page.getByRole("button", { name: "Link your login of Example login" }).count(), 0);
    await accessible(page);

    const again = await openPage(site.browser, site.url);
    await again.page.goto(`${site.url}${SETTINGS}`);
    await again.page.getByRole("button", { name: "Continue with Example login" }).click();
    await agree(again.page, "kim@elsewhere.example");
    await again.page.getByText("You sign in with fred@example.org.").waitFor();
    await again.done(left);

    await page.getByRole("button", { name: "Unlink Example login" }).click();
    await page.getByRole("dialog").getByText("It signs you in no longer").waitFor();
    await accessible(page);
    await page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
    await page.getByText("Example login is unlinked.").waitFor();
    await page.getByText("No login is linked to you.").waitFor();
    await done(left);
  });

  test("the last way in stays, and a login that is somebody else's is not taken", async () => {
    const gil = await person("gil");
    const invited = await site.open("/settings?tab=members");
    await invited.page.getByLabel("Email").fill("kim@elsewhere.example");
    await invited.page.getByRole("button", { name: "Invite" }).click();
    await invited.page.getByLabel("Link of the invitation").waitFor();
    await invited.done();
    // Comes by the login and has no password.
    const kim = await openPage(site.browser, site.url, { viewport: PHONE });
    await kim.page.goto(`${site.url}${SETTINGS}`);
    await kim.page.getByRole("button", { name: "Continue with Example login" }).click();
    await agree(kim.page, "kim@elsewhere.example");
    await kim.page.getByText("You have no password, so this works for 15 minutes").waitFor();
    await kim.page.getByText("You have no password yet.").waitFor();
    await accessible(kim.page);
    await fits(kim.page);
    await kim.page.getByRole("button", { name: "Unlink Example login" }).click();
    await kim.page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
    await kim.page.getByRole("dialog").getByRole("alert").getByText("add a passkey first").waitFor();
    await kim.page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    // A password of their own is another way in.
    const first = kim.page.getByLabel("New password");
    await first.fill("kim@elsewhere.example");
    await kim.page.getByRole("button", { name: "Set a password" }).click();
    await kim.page.getByText("The password must not be your address or your name.").waitFor();
    assert.match(await explained(first), /^The password must not be/);
    await first.fill(PASSWORD);
    await kim.page.getByRole("button", { name: "Set a password" }).click();
    await kim.page.getByText("The password is set.").waitFor();
    await kim.page.getByRole("button", { name: "Change the password" }).waitFor();
    await kim.done([...left, /409/, /400/]);

    const { page, done } = await site.open(SETTINGS, { as: gil, fresh: true });
    await page.getByRole("button", { name: "Link your login of Example login" }).click();
    await agree(page, "kim@elsewhere.example");
    await page.getByRole("alert").getByText("It signs somebody else in here.").waitFor();
    await page.getByText("No login is linked to you.").waitFor();
    await done(left);
  });

  test("a passkey gets another name", async () => {
    // Passkeys need a name, so the browser asks for localhost.
    const url = site.url.replace("127.0.0.1", "localhost");
    const { page, context, done } = await openPage(site.browser, url);
    const hana = await person("hana");
    const { value } = await site.signIn(hana);
    await context.addCookies([{ name: "fanfare_session", value, url, httpOnly: true, sameSite: "Lax" }]);
    const devtools = await context.newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await page.goto(`${url}${SETTINGS}`);
    await page.getByLabel("Name of the new passkey").fill("Laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("The passkey Laptop is added.").waitFor();
    await page.getByRole("button", { name: "Rename Laptop" }).click();
    const dialog = page.getByRole("dialog");
    assert.equal(await dialog.getByLabel("New name").inputValue(), "Laptop");
    await until(() => dialog.getByLabel("New name").evaluate((field) => field === document.activeElement), "the field has the focus");
    await accessible(page);
    await dialog.getByLabel("New name").fill("   ");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("name is missing.").waitFor();
    await dialog.getByLabel("New name").fill("Blue key");
    await page.keyboard.press("Enter");
    await page.getByText("The passkey is called Blue key now.").waitFor();
    await page.getByRole("button", { name: "Remove Blue key" }).waitFor();
    await dialog.waitFor({ state: "detached" });
    await done([/400/]);
  });

  test("all of it is in German too, on a phone and in the dark", async () => {
    const { page, done } = await site.open(SETTINGS, { locale: "de-DE", viewport: PHONE, colorScheme: "dark" });
    await page.getByRole("heading", { name: "Deine E-Mail-Adresse" }).waitFor();
    await page.getByRole("heading", { name: "Single Sign-on" }).waitFor();
    await page.getByText("Fanfare verschickt keine E-Mails").waitFor();
    await accessible(page);
    await fits(page);
    await done();
  });
});
