// What belongs to the workspace, to its people and to oneself.

import { useNavigate, useSearch } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { useTexts } from "@/i18n";
import { Page } from "@/ui/page";
import { PageTabs } from "@/ui/page-tabs";

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
      <PageTabs
        label={t("settings.title")}
        tabs={tabs}
        open={tab}
        nameOf={(one) => t(`settings.tab.${one}`)}
        onOpen={(value) => void navigate({ to: "/settings", search: { tab: value ?? "queue" }, replace: true })}
        panels={{ queue: <QueueSettings />, members: <Members />, you: <You />, server: <ServerSettings />, audit: <AuditLog /> }}
      />
    </Page>
  );
}
