// For those who post from their own programs.

import { Anchor } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { useMay } from "@/api/session";
import { useTexts } from "@/i18n";
import { Page } from "@/ui/page";
import { PageTabs } from "@/ui/page-tabs";

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
      <PageTabs
        label={t("dev.title")}
        tabs={tabs}
        open={tab}
        nameOf={(one) => t(`dev.tab.${one}`)}
        onOpen={(value) => void navigate({ to: "/developers", search: value ? { tab: value } : {}, replace: true })}
        panels={{ keys: <ApiKeys />, webhooks: <Webhooks />, requests: <Requests />, examples: <Examples />, mcp: <Mcp /> }}
      />
    </Page>
  );
}
