// Starts and stops the program that is tested.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const BINARY = process.env.FANFARE_BIN ?? fileURLToPath(new URL("../../target/debug/fanfare", import.meta.url));
const START_MS = 60_000;

/** The settings of whoever runs the tests are not the program's. */
export function ownEnvironment(more = {}) {
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FANFARE_"))), ...more };
}

/** Runs the program until it has said its first line, and ends it with this process at the latest. */
export async function startProgram(words, environment = {}) {
  const child = spawn(BINARY, words, { stdio: ["ignore", "pipe", "pipe"], env: ownEnvironment(environment) });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(`cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  const patience = AbortSignal.timeout(START_MS);
  const failed = ended.then((why) => assert.fail(`${BINARY} ${words[0]} ${why}\n${log}`));
  const [firstLine] = await Promise.race([once(createInterface({ input: child.stdout }), "line", { signal: patience }), failed]);
  failed.catch(() => {});
  return {
    firstLine,
    async stop() {
      process.removeListener("exit", kill);
      child.kill("SIGTERM");
      assert.equal(await ended, "ended with 0", log);
    },
  };
}
