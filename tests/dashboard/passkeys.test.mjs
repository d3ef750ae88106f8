// Ways in without a password, against a real server: a passkey of Chromium's virtual authenticator, and the
// sandbox's login. Passkeys need a name, so the browser asks for localhost.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const BINARY = process.env.FANFARE_BIN ?? fileURLToPath(new URL("../../target/debug/fanfare", import.meta.url));
const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

async function startDemo() {
  const child = spawn(BINARY, ["demo", "--json", "--port", "0", "--sandbox-port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill("SIGKILL"));
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const stop = async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  };
  return { ...JSON.parse(line), stop };
}

describe("ways in without a password", { timeout: 180_000 }, () => {
  let demo;
  let browser;
  before(async () => {
    const executablePath = BROWSERS.find((path) => path && existsSync(path));
    assert.ok(executablePath, "Chromium is needed: apt-get install chromium, or name it in CHROMIUM");
    demo = await startDemo();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** A page of a new browser, in English. */
  async function open() {
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return page;
  }

  test("a passkey is added, used, and removed", async () => {
    const byName = demo.base_url.replace("127.0.0.1", "localhost");
    const page = await open();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    // An authenticator that nobody has to touch would answer the offer in the form before the button is pressed.
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
    });

    await page.goto(`${byName}/sign-in`);
    await page.getByLabel("Email").fill(demo.email);
    await page.getByLabel("Password", { exact: true }).fill(demo.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
    await page.goto(`${byName}/settings?tab=you`);
    await page.getByText("You have no passkey yet.").waitFor();
    await page.getByLabel("Name of the new passkey").fill("Laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("The passkey Laptop is added.").waitFor();
    await page.getByText("never used").waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map(({ id }) => id), []);

    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("button", { name: "Your account" }).waitFor();
    await page.goto(`${byName}/settings?tab=you`);
    await page.getByText("last used").waitFor();

    await page.getByRole("button", { name: "Remove Laptop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("The passkey Laptop is removed.").waitFor();
    await page.getByText("You have no passkey yet.").waitFor();
    await page.context().close();
  });

  test("the other system's login leads to the page that was asked for, and says what went wrong", async () => {
    const page = await open();
    await page.goto(`${demo.base_url}/accounts`);
    await page.getByRole("button", { name: "Continue with Example login" }).click();
    await page.getByRole("heading", { name: "Allow this app?" }).waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("You said no on the other page.").waitFor();
    await page.goto(`${demo.base_url}/accounts`);
    await page.getByRole("button", { name: "Continue with Example login" }).click();
    await page.getByRole("heading", { name: "Allow this app?" }).waitFor();
    await page.getByRole("combobox").selectOption("bo@example.org");
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("heading", { name: "Accounts", level: 1 }).waitFor();
    await page.context().close();
  });
});
