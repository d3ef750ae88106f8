// Takes the pictures of docs/screenshots.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { tell } from "./story.mjs";
import { DESKTOP, PHONE, picture, start } from "./support.mjs";

const FOLDER = process.argv[2] ?? fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
await mkdir(FOLDER, { recursive: true });
const site = await start();
const story = await tell(site);

const TEXT = "Pumpkin soup is back on the menu. Come early: last year it was gone by noon. #autumn @northlight";

async function compose(page) {
  await page.getByRole("textbox", { name: "Text", exact: true }).fill(TEXT);
  for (const name of ["X", "Bluesky", "Instagram"]) await page.getByRole("checkbox", { name: new RegExp(`, ${name}$`) }).check();
  await page.locator('input[type="file"]').first().setInputFiles({ name: "soup.png", mimeType: "image/png", buffer: picture(1080, 1080, [150, 70, 0]) });
  await page.getByPlaceholder("Describe it for people who cannot see it").fill("A bowl of pumpkin soup on a wooden table");
  await page.locator('aside[aria-busy="false"]').waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo(0, 0));
}

const PAGES = [
  ["welcome", "/welcome"],
  ["posts", "/posts"],
  ["post", `/posts/${story.partly}`],
  ["composer", "/compose", compose],
  ["calendar", "/calendar", (page) => page.getByText("Sunday brunch").first().waitFor()],
  ["accounts", "/accounts", (page) => page.getByText("Access has ended").first().waitFor()],
  ["library", "/library"],
  ["campaigns", "/campaigns"],
  ["analytics", "/analytics"],
  ["developers", "/developers"],
  ["settings", "/settings"],
];
/** The pages that are also shown in the dark and on a phone. */
const TWICE = ["welcome", "posts", "composer", "calendar", "accounts"];
for (const [look, viewport, colorScheme] of [["", DESKTOP, "light"], ["-dark", DESKTOP, "dark"], ["-phone", PHONE, "light"]]) {
  for (const [name, path, prepare] of PAGES) {
    if (look && !TWICE.includes(name)) continue;
    const { page, context } = await site.open(path, { viewport, colorScheme });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await prepare?.(page);
    await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
    await page.screenshot({ path: `${FOLDER}/${name}${look}.png` });
    await context.close();
  }
}
const { page, context } = await site.open("/sign-in", { as: null });
await page.getByRole("button", { name: "Sign in" }).waitFor();
await page.screenshot({ path: `${FOLDER}/sign-in.png` });
await context.close();
await site.stop();
