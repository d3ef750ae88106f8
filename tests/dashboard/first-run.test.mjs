// An empty folder, `fanfare serve`, and a person with a mouse: how far is it to a planned post?

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { startProgram } from "./program.mjs";
import { site } from "./site.mjs";
import { accessible, caller, openPage, PASSWORD } from "./support.mjs";

const FEW = 10;

describe("the first run", { timeout: 120_000 }, () => {
  let folder;
  let program;
  let setupUrl;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fanfare-first-"));
    program = await startProgram(["serve", "--listen", "127.0.0.1:0", "--sandbox-url", site.sandboxUrl, "--data-dir", folder], {
      FANFARE_ALLOW_PRIVATE_NETWORKS: "true",
    });
    setupUrl = program.firstLine.replace("Dashboard: ", "");
  });
  after(async () => {
    await program?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("leads from nothing to a planned post in a few clicks", async (context) => {
    const { origin, searchParams } = new URL(setupUrl);
    const { page, done } = await openPage(site.browser, origin);
    let clicks = 0;
    const click = async (target) => {
      await target.click();
      clicks += 1;
    };
    const button = (name) => page.getByRole("button", { name, exact: true });

    // Whoever comes without the link is asked for its code, and a guess opens nothing.
    await page.goto(`${origin}/posts`);
    await page.getByRole("heading", { name: "Set up Fanfare" }).waitFor();
    await accessible(page);
    const fill = async () => {
      await page.getByLabel("Name of the organization").fill("Harbour Bakery");
      await page.getByLabel("Your name").fill("Hanna");
      await page.getByLabel("Email").fill("hanna@example.org");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    };
    await page.getByLabel("Setup code").fill("0".repeat(64));
    await fill();
    await button("Set up and sign in").click();
    await page.getByRole("alert").waitFor();

    await page.goto(setupUrl);
    assert.equal(await page.getByLabel("Setup code").inputValue(), searchParams.get("token"));
    assert.equal(new URL(page.url()).search, "", "the code stands in no history");
    await fill();
    await button("Set up and sign in").click();
    await page.getByRole("heading", { name: "Welcome", level: 1 }).waitFor();
    await page.getByText("Emulated platforms stand for the real ones here").waitFor();
    await accessible(page);

    await click(page.getByRole("button", { name: /^X\b/ }));
    const [platform] = await Promise.all([page.waitForEvent("popup"), click(page.getByRole("link", { name: "Open the link" }))]);
    await click(platform.getByRole("button", { name: "Allow" }));
    await platform.getByRole("heading", { name: "X is connected" }).waitFor();
    await platform.close();
    await click(page.getByRole("dialog").getByRole("link", { name: "Write a post" }));
    await page.getByRole("textbox", { name: "Text", exact: true }).fill("The bakery is open");
    await click(page.getByRole("radio", { name: "At a time" }));
    await click(button("Schedule"));
    await page.getByText("Scheduled", { exact: true }).first().waitFor();
    context.diagnostic(`from no account to a scheduled post: ${clicks} clicks`);
    assert.ok(clicks < FEW, `${clicks} clicks`);

    await page.goto(`${origin}/welcome`);
    await page.getByLabel("done").waitFor();
    await page.getByRole("link", { name: "Make an API key" }).click();
    await button("New key").click();
    await page.getByLabel("What is it for?").fill("Website");
    await button("Create").click();
    const api = caller(origin, await page.getByLabel("API key", { exact: true }).innerText());
    const { posts } = await api("GET", "/posts");
    assert.deepEqual(posts.map(({ content, status }) => [content, status]), [["The bakery is open", "scheduled"]]);

    // The link has done its work.
    const late = await openPage(site.browser, origin);
    await late.page.goto(setupUrl);
    await late.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await late.done();
    await done([/401/]);
  });
});
