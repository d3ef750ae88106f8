// Catalogues of texts and how a text is made from one. Every text that people read is in a catalogue;
// what the server says (errors, warnings) is shown as it is.

import { en } from "./en";

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;
export type Values = Record<string, string | number>;

/** The names that have a form for one and a form for many. */
export type Counted = { [K in Key]: K extends `${infer Base}.other` ? Base : never }[Key];

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

export function isLanguage(value: string): value is Language {
  return value in LANGUAGES;
}

export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The form of a counted text that the language wants for a number. */
export function counted(catalogue: Catalogue, rules: Intl.PluralRules, base: Counted, count: number, values: Values = {}): string {
  const exact = `${base}.${rules.select(count)}`;
  const key = exact in catalogue ? (exact as Key) : (`${base}.other` as Key);
  return fill(catalogue[key], { count, ...values });
}
