import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { de } from "./de";
import { en } from "./en";
import { counted, fill, type Key } from "./messages";

const SOURCE = join(import.meta.dirname, "..");
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("the catalogues", () => {
  test("have the same keys", () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });

  test("fill the same places", () => {
    const differ = (Object.keys(en) as Key[]).filter((key) => String(placeholders(de[key])) !== String(placeholders(en[key])));
    expect(differ).toEqual([]);
  });

  test("have no text that nothing uses", () => {
    const code = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path) && !/^i18n\/(en|de)\//.test(path) && !path.endsWith(".test.ts"))
      .map((path) => readFileSync(join(SOURCE, path), "utf8"))
      .join("\n");
    // Keys that are put together from a beginning and a name of the API: `status.${status}`.
    const beginnings = [...code.matchAll(/[`"]([\w.]+\.)\$\{/g)].map((match) => match[1] ?? "");
    const isUsed = (key: string) => {
      const base = key.replace(/\.(one|other)$/, "");
      return code.includes(`"${key}"`) || code.includes(`"${base}"`) || beginnings.some((beginning) => key.startsWith(beginning));
    };
    expect(Object.keys(en).filter((key) => !isUsed(key))).toEqual([]);
  });
});

test("a counted text takes the form that the language wants", () => {
  const rules = new Intl.PluralRules("en");
  expect(counted(en, rules, "posts.media", 1)).toBe("1 file");
  expect(counted(en, rules, "posts.media", 3)).toBe("3 files");
});

test("what has no value stays as it is", () => {
  expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
});
