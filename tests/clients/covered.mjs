// Which of a client's methods, tools and commands the tests called, and what came of it. Each test file
// adds lines to a file; run.mjs makes a table of them when all tests are over.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { beforeEach } from "node:test";

/** Where the lines go; nowhere when a test file is run by itself. */
export const COVERED_FILE = process.env.FANFARE_COVERED_FILE;

let running = "before the tests";

/** Has the calls that follow noted under the names of the tests that make them. */
export function noteTests() {
  beforeEach((context) => {
    running = context.name;
  });
}

function add(line) {
  if (COVERED_FILE) appendFileSync(COVERED_FILE, `${JSON.stringify(line)}\n`);
}

/** Everything that a client can be asked. */
export function noteSurface(client, names) {
  assert.ok(names.length > 0, `${client} can be asked something`);
  add({ client, names });
}

/** A call that reached the server: whether it did what it is for, or was refused. */
export function noteCall(client, name, succeeded) {
  add({ client, name, test: running, succeeded });
}

/** What `ask` gives, and a line about it. */
export async function noted(client, name, ask) {
  try {
    const answer = await ask();
    noteCall(client, name, true);
    return answer;
  } catch (error) {
    noteCall(client, name, false);
    throw error;
  }
}

/** An MCP client whose calls of tools are noted. */
export function noteTools(name, client) {
  const callTool = client.callTool.bind(client);
  client.callTool = async (request, ...rest) => {
    const answer = await callTool(request, ...rest);
    noteCall(name, request.name, answer.isError !== true);
    return answer;
  };
  return client;
}

/** The rows of the table: client, name, test, outcome. */
export function rows(file) {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const calls = new Map();
  for (const { client, name, test, succeeded } of lines.filter((line) => line.name)) {
    const key = `${client}\n${name}`;
    const call = calls.get(key) ?? { test: null, succeeded: 0, refused: 0 };
    if (succeeded) call.succeeded += 1;
    else call.refused += 1;
    // The test in which it did what it is for says more than one in which it was refused.
    if (call.test === null || (succeeded && call.succeeded === 1)) call.test = test;
    calls.set(key, call);
  }
  const surface = new Set(
    lines.filter((line) => line.names).flatMap(({ client, names }) => names.map((name) => `${client}\n${name}`)),
  );
  return [...surface].sort().map((key) => {
    const [client, name] = key.split("\n");
    const { test = "", succeeded = 0, refused = 0 } = calls.get(key) ?? {};
    const outcome = succeeded > 0 ? `worked ${succeeded}×` : refused > 0 ? `only refused ${refused}×` : "never called";
    return { client, name, test, outcome: succeeded && refused ? `${outcome}, refused ${refused}×` : outcome, worked: succeeded > 0 };
  });
}
