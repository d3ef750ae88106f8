// Writes src/api/schema.d.ts from the OpenAPI document that `fanfare openapi` prints.
// With --check it writes nothing and fails when the file is not what it would write.

import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import openapiTS, { astToString } from "openapi-typescript";

const BINARY = process.env.FANFARE_BIN ?? fileURLToPath(new URL("../../target/debug/fanfare", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/api/schema.d.ts", import.meta.url));
const HEAD = "// Made by `npm run api` from the OpenAPI document. Do not edit.\n\n";

const { stdout } = await promisify(execFile)(BINARY, ["openapi"], {
  maxBuffer: 64 * 1024 * 1024,
  // The settings of whoever runs this are not the program's.
  env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FANFARE_"))),
});
const made = HEAD + astToString(await openapiTS(JSON.parse(stdout), { alphabetize: true, defaultNonNullable: false, emptyObjectsUnknown: true }));

if (process.argv.includes("--check")) {
  const there = await readFile(TARGET, "utf8").catch(() => "");
  if (there !== made) {
    console.error("src/api/schema.d.ts is not what the API says. Run `npm run api` and commit it.");
    process.exit(1);
  }
  console.log("src/api/schema.d.ts is what the API says.");
} else {
  await writeFile(TARGET, made);
  console.log(`Wrote ${TARGET}.`);
}
