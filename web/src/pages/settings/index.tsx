// What belongs to the workspace, to its people and to oneself.

import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { useTexts } from "@/i18n";
import { Page } from "@/ui/page";

import { AuditLog } from "./audit";
import { Members } from "./members";
import { QueueSettings } from "./queue";
import { ServerSettings } from "./server";
import { You } from "./you";

const TABS = ["queue", "members", "you", "server", "audit"] as const;
type Tab = (typeof TABS)[number];

export function SettingsPage() {
  const { t } = useTexts();
  const search = useSearch({ from: "/signed-in/settings" });
  const navigate = useNavigate();
  const { manage, operate } = useMay();
  const tabs = TABS.filter((one) => manage || (one !== "audit" && (one !== "server" || operate)));
  const tab: Tab = tabs.find((one) => one === search.tab) ?? "queue";
  return (
    <Page title={t("settings.title")}>
      <Tabs value={tab} onChange={(value) => void navigate({ to: "/settings", search: { tab: value ?? "queue" }, replace: true })} keepMounted={false}>
        <Tabs.List aria-label={t("settings.title")}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`settings.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="queue" pt="lg">
          <QueueSettings />
        </Tabs.Panel>
        <Tabs.Panel value="members" pt="lg">
          <Members />
        </Tabs.Panel>
        <Tabs.Panel value="you" pt="lg">
          <You />
        </Tabs.Panel>
        <Tabs.Panel value="server" pt="lg">
          <ServerSettings />
        </Tabs.Panel>
        <Tabs.Panel value="audit" pt="lg">
          <AuditLog />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
