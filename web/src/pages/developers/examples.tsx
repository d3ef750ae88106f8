// Commands that work on this server, with the accounts that are here.

import { useAccounts } from "@/api/calls/accounts";
import { useTexts, type Key } from "@/i18n";
import { Copyable } from "@/ui/copy";
import { Section } from "@/ui/page";

import css from "./developers.module.css";

const DAY = 86_400_000;

export function Examples() {
  const { t } = useTexts();
  const { data: accounts = [] } = useAccounts();
  const usable = accounts.filter((account) => account.health.can_post);
  const ids = (usable.length > 0 ? usable : accounts).slice(0, 2).map((account) => account.account_id);
  const tomorrow = new Date(Math.ceil((Date.now() + DAY) / (DAY / 24)) * (DAY / 24)).toISOString();
  return (
    <Section title={t("dev.tab.examples")} lead={t("example.lead")}>
      {examples(window.location.origin, ids, tomorrow).map(([title, command]) => (
        <div key={title} className={css.example}>
          <h3 className={css.exampleTitle}>{t(title)}</h3>
          <Copyable value={command} label={t(title)} multiline />
        </div>
      ))}
    </Section>
  );
}

function examples(origin: string, ids: number[], tomorrow: string): [Key, string][] {
  const list = `[${ids.join(", ")}]`;
  const call = (method: string, path: string, body?: string) =>
    [
      `curl${method === "GET" ? "" : ` -X ${method}`} "${origin}/v1${path}" \\`,
      `  -H "Authorization: Bearer $FANFARE_API_KEY"${body ? " \\" : ""}`,
      ...(body ? [`  -H "Content-Type: application/json" \\`, `  -d '${body}'`] : []),
    ].join("\n");
  return [
    ["example.accounts", call("GET", "/accounts")],
    ["example.post", call("POST", "/posts", `{"content": "Autumn menu is live.", "account_ids": ${list}}`)],
    ["example.schedule", call("POST", "/posts", `{"content": "Autumn menu is live.", "account_ids": ${list}, "scheduled_for": "${tomorrow}"}`)],
    ["example.results", call("GET", "/posts/$POST_ID/results")],
    ["example.events", call("GET", "/events").replace("curl", "curl -N")],
    ["example.webhook", call("POST", "/webhooks", `{"url": "https://hooks.example.org/fanfare", "events": ["post.failed"]}`)],
  ];
}
