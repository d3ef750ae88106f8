// Requests that work on this server, with the accounts that are here and a key that stays in the page.

import { PasswordInput, SegmentedControl } from "@mantine/core";
import { useState } from "react";

import { useAccounts } from "@/api/calls/accounts";
import { useTexts, type Key } from "@/i18n";
import { Copyable } from "@/ui/copy";
import { Section } from "@/ui/page";

import css from "./developers.module.css";
import { isKey, LANGUAGES, snippet, type Call, type SnippetLanguage } from "./snippets";

const DAY = 86_400_000;
const NAMES: Record<SnippetLanguage, string> = { curl: "curl", typescript: "TypeScript", python: "Python" };

export function Examples() {
  const { t } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const [key, setKey] = useState("");
  const [language, setLanguage] = useState<SnippetLanguage>("curl");
  const usable = accounts.filter((account) => account.health.can_post);
  const ids = (usable.length > 0 ? usable : accounts).slice(0, 2).map((account) => account.account_id);
  const tomorrow = new Date(Math.ceil((Date.now() + DAY) / (DAY / 24)) * (DAY / 24)).toISOString();
  const given = key.trim();
  return (
    <Section title={t("dev.tab.examples")} lead={t("example.lead")}>
      <div className={css.options}>
        <PasswordInput
          label={t("example.key")}
          description={t("example.key.hint")}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          error={given !== "" && !isKey(given) ? t("example.key.wrong") : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <div>
          <SegmentedControl
            aria-label={t("example.language")}
            value={language}
            onChange={setLanguage}
            data={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
          />
        </div>
      </div>
      {examples(ids, tomorrow).map(([title, call]) => (
        <div key={title} className={css.example}>
          <h3 className={css.exampleTitle}>{t(title)}</h3>
          <Copyable value={snippet(language, call, { origin: window.location.origin, key: given })} label={t(title)} multiline />
        </div>
      ))}
    </Section>
  );
}

function examples(ids: number[], tomorrow: string): [Key, Call][] {
  const body = { content: "Autumn menu is live.", account_ids: ids };
  return [
    ["example.accounts", { method: "GET", path: "/accounts" }],
    ["example.post", { method: "POST", path: "/posts", body }],
    ["example.schedule", { method: "POST", path: "/posts", body: { ...body, scheduled_for: tomorrow } }],
    ["example.results", { method: "GET", path: "/posts/$POST_ID/results" }],
    ["example.events", { method: "GET", path: "/events", streams: true }],
    ["example.webhook", { method: "POST", path: "/webhooks", body: { url: "https://hooks.example.org/fanfare", events: ["post.failed"] } }],
  ];
}
