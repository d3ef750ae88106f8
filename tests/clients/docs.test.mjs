// Runs every example of docs/api.md against a server: all blocks of one language are one program.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { startDemo } from "./support.mjs";

const PAGE = new URL("../../docs/api.md", import.meta.url);

/** How a language's blocks are run, by the name that they have on the page. */
const LANGUAGES = {
  sh: { file: "page.sh", command: ["bash", "-euo", "pipefail"], resources: 10 },
  ts: { file: "page.mjs", command: ["node"], resources: 10 },
  python: { file: "page.py", command: [process.env.PYTHON ?? "python3"], resources: 10 },
};

const blocks = (page, language) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map((match) => match[1]);

describe("the examples of the API's page", () => {
  let demo, page, folder;
  before(async () => {
    [demo, page, folder] = await Promise.all([
      startDemo(),
      readFile(PAGE, "utf8"),
      mkdtemp(join(tmpdir(), "fanfare-docs-")),
    ]);
  });
  after(async () => {
    await demo?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  for (const [language, { file, command, resources }] of Object.entries(LANGUAGES)) {
    test(language, async () => {
      const programs = blocks(page, language);
      assert.ok(programs.length >= resources, `${programs.length} blocks of ${language}`);
      await writeFile(join(folder, file), programs.join("\n"));
      const { code, said } = await run([...command, file], folder, demo);
      assert.equal(code, 0, said);
      assert.doesNotMatch(said, /^null$/m, "what the page looks for is in the answers");
    });
  }
});

async function run([program, ...rest], cwd, demo) {
  const env = { ...process.env, FANFARE_URL: demo.baseUrl, FANFARE_API_KEY: demo.apiKey };
  const child = spawn(program, rest, { cwd, env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  return { code, said };
}
