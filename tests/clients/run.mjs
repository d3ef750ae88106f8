// Runs all tests, and then prints which method, tool and command of each client they called. Fails when a
// test failed, or when something that a client can be asked never worked against the server.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { rows } from "./covered.mjs";

const folder = await mkdtemp(join(tmpdir(), "fanfare-covered-"));
const file = join(folder, "calls.jsonl");
await writeFile(file, "");
try {
  const env = { ...process.env, FANFARE_COVERED_FILE: file };
  const [code] = await once(
    spawn(process.execPath, ["--test", ...process.argv.slice(2)], { cwd: import.meta.dirname, env, stdio: "inherit" }),
    "close",
  );
  const table = rows(file);
  const width = (name) => Math.max(...table.map((row) => row[name].length), 0);
  for (const { client, name, outcome, test } of table) {
    console.log(`${client.padEnd(width("client"))}  ${name.padEnd(width("name"))}  ${outcome.padEnd(width("outcome"))}  ${test}`);
  }
  const missed = table.filter((row) => !row.worked);
  for (const client of new Set(table.map((row) => row.client))) {
    const own = table.filter((row) => row.client === client);
    console.log(`${client}: ${own.filter((row) => row.worked).length} of ${own.length} worked`);
  }
  if (missed.length > 0) console.error(`never worked: ${missed.map(({ client, name }) => `${client} ${name}`).join(", ")}`);
  process.exitCode = code !== 0 || missed.length > 0 || table.length === 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}
