// Prints what a browser loads for each page, compressed, and fails when the first page is too heavy.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 250 * 1024;
const DIST = new URL("../dist/", import.meta.url);

const manifest = JSON.parse(await readFile(new URL("manifest.json", DIST), "utf8"));

/** The files that a chunk needs before it can run. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

async function weigh(keys, ending) {
  const files = new Set();
  for (const key of keys) {
    if (ending === "js") files.add(manifest[key].file);
    else for (const file of manifest[key].css ?? []) files.add(file);
  }
  let sum = 0;
  for (const file of files) if (file.endsWith(ending)) sum += gzipSync(await readFile(new URL(file, DIST))).length;
  return sum;
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const first = closure("index.html");
const start = await weigh(first, "js");
console.log(`first load        ${kilobytes(start).padStart(10)} JS ${kilobytes(await weigh(first, "css")).padStart(10)} CSS`);
for (const [key, entry] of Object.entries(manifest)) {
  if (!entry.isDynamicEntry) continue;
  const more = [...closure(key)].filter((other) => !first.has(other));
  console.log(`${(entry.name ?? key).padEnd(16)} +${kilobytes(await weigh(more, "js")).padStart(10)} JS`);
}
if (start > LIMIT) {
  console.error(`The first load has ${kilobytes(start)} of scripts; ${kilobytes(LIMIT)} are allowed (${fileURLToPath(DIST)}).`);
  process.exit(1);
}
