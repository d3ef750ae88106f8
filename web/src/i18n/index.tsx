// The language of the pages: which one, and how texts, times and numbers are written in it.

import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";

import { en } from "./en";
import { counted, fill, isLanguage, type Catalogue, type Counted, type Key, type Language, type Values } from "./messages";

export { LANGUAGES, type Language, type Key, type Counted } from "./messages";

const STORED = "fanfare-language";

export interface Texts {
  language: Language;
  /** The language with the way in which a country writes it. */
  locale: string;
  setLanguage: (language: Language) => void;
  t: (key: Key, values?: Values) => string;
  tn: (base: Counted, count: number, values?: Values) => string;
  /** A day and a time, in the zone of the browser unless another one is named. */
  moment: (value: string | Date, options?: { zone?: string; style?: "short" | "long" }) => string;
  day: (value: string | Date, options?: Intl.DateTimeFormatOptions) => string;
  clock: (value: string | Date, zone?: string) => string;
  number: (value: number, options?: Intl.NumberFormatOptions) => string;
  bytes: (value: number) => string;
  /** How long ago, or how far ahead. */
  ago: (value: string | Date, now?: Date) => string;
}

const Context = createContext<Texts | null>(null);

async function load(language: Language): Promise<Catalogue> {
  if (language === "de") return (await import("./de")).de;
  return en;
}

function firstLanguage(): Language {
  try {
    const stored = localStorage.getItem(STORED);
    if (stored && isLanguage(stored)) return stored;
  } catch {
    // Storage is switched off: the browser's language holds.
  }
  return navigator.languages.map((name) => name.slice(0, 2)).find(isLanguage) ?? "en";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState<Language>(firstLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; catalogue: Catalogue } | null>(
    language === "en" ? { language, catalogue: en } : null,
  );

  useEffect(() => {
    let current = true;
    void load(language).then((catalogue) => {
      if (!current) return;
      document.documentElement.lang = language;
      setLoaded({ language, catalogue });
    });
    return () => {
      current = false;
    };
  }, [language]);

  const setLanguage = useCallback((next: Language) => {
    try {
      localStorage.setItem(STORED, next);
    } catch {
      // Storage is switched off: the choice holds until the page is closed.
    }
    choose(next);
  }, []);

  const texts = useMemo(() => (loaded ? makeTexts(loaded.language, loaded.catalogue, setLanguage) : null), [loaded, setLanguage]);
  return texts ? <Context value={texts}>{children}</Context> : null;
}

export function useTexts(): Texts {
  const texts = use(Context);
  if (!texts) throw new Error("useTexts is used outside of LanguageProvider");
  return texts;
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

export function makeTexts(language: Language, catalogue: Catalogue, setLanguage: (language: Language) => void): Texts {
  const rules = new Intl.PluralRules(language);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const locale = language === "en" ? englishOf(navigator.languages) : language;
  const format = kept((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));
  const numbers = kept((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
  const zoned = (zone: string | undefined) => (zone ? { timeZone: zone } : {});
  return {
    language,
    locale,
    setLanguage,
    // A newer server may know words that these pages do not: they are shown as they are.
    t: (key, values) => fill((catalogue as Partial<Catalogue>)[key] ?? key.slice(key.lastIndexOf(".") + 1), values),
    tn: (base, count, values) => counted(catalogue, rules, base, count, values),
    moment: (value, { zone, style = "short" } = {}) =>
      format({
        ...zoned(zone),
        weekday: "short",
        day: "numeric",
        month: style === "long" ? "long" : "short",
        ...(style === "long" || new Date(value).getFullYear() !== new Date().getFullYear() ? { year: "numeric" } : {}),
        hour: "numeric",
        minute: "2-digit",
      }).format(new Date(value)),
    day: (value, options = { day: "numeric", month: "short", year: "numeric" }) => format(options).format(new Date(value)),
    clock: (value, zone) => format({ ...zoned(zone), hour: "numeric", minute: "2-digit" }).format(new Date(value)),
    number: (value, options = {}) => numbers(options).format(value),
    bytes: (value) => bytes(locale, value),
    ago: (value, now = new Date()) => {
      const seconds = (new Date(value).getTime() - now.getTime()) / 1000;
      const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length);
      return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : relative.format(Math.round(seconds), "second");
    },
  };
}

/** What writes times and numbers takes far longer to make than to use, so there is one for each way of writing. */
function kept<Options extends object, Format>(make: (options: Options) => Format): (options: Options) => Format {
  const made = new Map<string, Format>();
  return (options) => {
    const name = JSON.stringify(options);
    const format = made.get(name) ?? make(options);
    made.set(name, format);
    return format;
  };
}

/** People who read English write dates in different ways. */
function englishOf(languages: readonly string[]): string {
  return languages.find((name) => name.startsWith("en")) ?? "en";
}

function bytes(locale: string, value: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: step < 2 ? 0 : 1,
  }).format(value / 1000 ** step);
}
