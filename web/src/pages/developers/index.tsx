// For those who post from their own programs.

import { Anchor, Tabs } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";

import { useMay } from "@/api/session";
import { useTexts } from "@/i18n";
import { Page } from "@/ui/page";

import { Examples } from "./examples";
import { ApiKeys } from "./keys";
import { Webhooks } from "./webhooks";

export function DevelopersPage() {
  const { t } = useTexts();
  const { manage } = useMay();
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
      <Tabs defaultValue={manage ? "keys" : "webhooks"} keepMounted={false}>
        <Tabs.List aria-label={t("dev.title")}>
          {manage && <Tabs.Tab value="keys">{t("dev.tab.keys")}</Tabs.Tab>}
          <Tabs.Tab value="webhooks">{t("dev.tab.webhooks")}</Tabs.Tab>
          <Tabs.Tab value="examples">{t("dev.tab.examples")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys" pt="lg">
          <ApiKeys />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks" pt="lg">
          <Webhooks />
        </Tabs.Panel>
        <Tabs.Panel value="examples" pt="lg">
          <Examples />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
