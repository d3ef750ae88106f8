// Takes the pictures of docs/screenshots.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { tell } from "./story.mjs";
import { DESKTOP, PHONE, picture, start } from "./support.mjs";

const FOLDER = process.argv[2] ?? fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
await mkdir(FOLDER, { recursive: true });
const site = await start();
const story = await tell(site);

async function compose(page) {
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Pumpkin soup is back on the menu. Come early: last year it was gone by noon. #autumn @northlight");
  for (const name of ["x", "bluesky", "instagram"]) await page.locator(`label:has-text("${{ x: "X", bluesky: "Bluesky", instagram: "Instagram" }[name]}") input[type=checkbox]`).first().check();
  await page.locator('input[type="file"]').first().setInputFiles({ name: "soup.png", mimeType: "image/png", buffer: picture(1080, 1080, [150, 70, 0]) });
  await page.getByPlaceholder("Describe it for people who cannot see it").fill("A bowl of pumpkin soup on a wooden table");
  await page.locator('aside[aria-busy="false"]').waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo(0, 0));
}

const PAGES = [
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
const only = process.argv[3]?.split(",");
for (const [look, viewport, colorScheme] of [["", DESKTOP, "light"], ["-dark", DESKTOP, "dark"], ["-phone", PHONE, "light"]]) {
  for (const [name, path, prepare] of PAGES) {
    if (only && !only.includes(name)) continue;
    const { page, context } = await site.open(path, { viewport, colorScheme });
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle").catch(() => undefined);
    await prepare?.(page);
    await page.locator('[aria-label="Loading"]').waitFor({ state: "detached" });
    await page.screenshot({ path: `${FOLDER}/${name}${look}.png` });
    await context.close();
  }
}
const { page } = await site.open("/sign-in", { signedIn: false });
await page.getByRole("button", { name: "Sign in" }).waitFor();
await page.screenshot({ path: `${FOLDER}/sign-in.png` });
await site.stop();
