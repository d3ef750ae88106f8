// How programs with a language model are connected.

import { useTexts, type Key } from "@/i18n";
import { Copyable } from "@/ui/copy";
import { Section } from "@/ui/page";

import css from "./developers.module.css";

export function Mcp() {
  const { t } = useTexts();
  const address = `${window.location.origin}/mcp`;
  const clients: [Key, string][] = [
    ["mcp.address", address],
    ["mcp.claudeCode", `claude mcp add --transport http fanfare ${address}`],
    ["mcp.cursor", JSON.stringify({ mcpServers: { fanfare: { url: address } } }, null, 2)],
    ["mcp.vscode", JSON.stringify({ servers: { fanfare: { type: "http", url: address } } }, null, 2)],
    ["mcp.key", `claude mcp add --transport http fanfare ${address} \\\n  --header "Authorization: Bearer $FANFARE_API_KEY"`],
  ];
  return (
    <Section title={t("dev.tab.mcp")} lead={t("mcp.lead")}>
      {clients.map(([title, command]) => (
        <div key={title} className={css.example}>
          <h3 className={css.exampleTitle}>{t(title)}</h3>
          <Copyable value={command} label={t(title)} multiline />
        </div>
      ))}
      <p className="dim small no-margin">{t("mcp.reach")}</p>
    </Section>
  );
}
