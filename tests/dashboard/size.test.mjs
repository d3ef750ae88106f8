// What a browser has to load before the first page.

import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("the first load is light", async (context) => {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL("../../web/scripts/size.mjs", import.meta.url))]);
  for (const line of stdout.trim().split("\n")) context.diagnostic(line);
});
