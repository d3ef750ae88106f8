// For those who post from their own programs.

import { Anchor, Tabs } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { useTexts } from "@/i18n";
import { Page } from "@/ui/page";

import { Examples } from "./examples";
import { ApiKeys } from "./keys";
import { Mcp } from "./mcp";
import { Requests } from "./requests";
import { Webhooks } from "./webhooks";

const TABS = ["keys", "webhooks", "requests", "examples", "mcp"] as const;

export function DevelopersPage() {
  const { t } = useTexts();
  const search = useSearch({ from: "/signed-in/developers" });
  const navigate = useNavigate();
  const { manage } = useMay();
  const tabs = manage ? TABS : TABS.filter((one) => one !== "keys" && one !== "requests");
  const tab = tabs.find((one) => one === search.tab) ?? (manage ? "keys" : "webhooks");
  return (
    <Page
      title={t("dev.title")}
      lead={t("dev.lead")}
      actions={
        <Anchor href="/docs" className="row">
          {t("dev.docs")} <IconExternalLink size={15} aria-hidden />
        </Anchor>
      }
    >
      <Tabs value={tab} onChange={(value) => void navigate({ to: "/developers", search: value ? { tab: value } : {}, replace: true })} keepMounted={false}>
        <Tabs.List aria-label={t("dev.title")}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`dev.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="keys" pt="lg">
          <ApiKeys />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks" pt="lg">
          <Webhooks />
        </Tabs.Panel>
        <Tabs.Panel value="requests" pt="lg">
          <Requests />
        </Tabs.Panel>
        <Tabs.Panel value="examples" pt="lg">
          <Examples />
        </Tabs.Panel>
        <Tabs.Panel value="mcp" pt="lg">
          <Mcp />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
