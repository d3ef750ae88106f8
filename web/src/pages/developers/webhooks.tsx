// Webhooks: where events go, and how that went.

import { Button } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useState } from "react";

import { useDeleteWebhook, useTestWebhook, useUpdateWebhook, useWebhooks } from "@/api/calls/webhooks";
import type { Webhook } from "@/api/types";
import { useTexts } from "@/i18n";
import { Badge } from "@/ui/badges";
import { useCalm } from "@/ui/calm";
import { Confirm } from "@/ui/confirm";
import { Section } from "@/ui/page";
import { Await, describe, Empty } from "@/ui/states";
import { useTell } from "@/ui/toasts";
import { Note } from "@/ui/note";

import { Deliveries } from "./deliveries";
import css from "./developers.module.css";
import { WebhookDialog } from "./webhook-dialog";

export function Webhooks() {
  const { t } = useTexts();
  const webhooks = useWebhooks();
  const [edited, setEdited] = useState<Webhook | "new" | null>(null);
  return (
    <Section
      title={t("dev.tab.webhooks")}
      lead={t("hooks.lead")}
      actions={
        <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setEdited("new")}>
          {t("hooks.new")}
        </Button>
      }
    >
      <Await query={webhooks}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={IconWebhook} title={t("hooks.empty")}>
              {t("hooks.empty.do")}
            </Empty>
          ) : (
            <ul className={`plain ${css.list ?? ""}`}>
              {all.map((webhook) => (
                <Row key={webhook.id} webhook={webhook} onEdit={() => setEdited(webhook)} />
              ))}
            </ul>
          )
        }
      </Await>
      <WebhookDialog webhook={edited} onClose={() => setEdited(null)} />
    </Section>
  );
}

function Row({ webhook, onEdit }: { webhook: Webhook; onEdit: () => void }) {
  const { t } = useTexts();
  const tell = useTell();
  const update = useUpdateWebhook();
  const test = useTestWebhook();
  const calm = useCalm();
  const name = webhook.name ?? webhook.url;
  const [opened, setOpened] = useState(false);
  const set = (is_active: boolean) => update.mutateAsync({ id: webhook.id, body: { is_active } });
  const said = (isActive: boolean) => t(isActive ? "hooks.switchedOn" : "hooks.switchedOff", { name });
  const switchTo = (isActive: boolean) =>
    void calm({ send: () => set(isActive), done: said(isActive), undo: { send: () => set(!isActive), done: said(!isActive) } });
  const failed = (error: unknown) => tell(describe(error, t), { tone: "bad" });
  return (
    <li className={css.hook}>
      <div className="row wrap between top">
        <div className="grow">
          <span className="row wrap">
            <span className="strong breaks">{name}</span>
            <Badge tone={webhook.is_active ? "good" : "mute"}>{t(webhook.is_active ? "hooks.active" : "hooks.inactive")}</Badge>
          </span>
          {webhook.name && <p className="dim small no-margin breaks">{webhook.url}</p>}
          <p className={css.events}>{webhook.events.join(", ")}</p>
        </div>
      </div>
      {webhook.auto_disabled_at && <Note tone="bad">{t("hooks.disabled", { count: webhook.consecutive_failures })}</Note>}
      <div className="row wrap">
        <Button size="xs" variant="default" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {t(opened ? "hooks.hide" : "hooks.show")}
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={test.isPending}
          onClick={() =>
            test.mutate(webhook.id, {
              onSuccess: (result) =>
                result.ok
                  ? tell(t("hooks.test.ok", { status: result.status, ms: result.duration_ms }))
                  : tell(result.error ?? result.message, { tone: "bad" }),
              onError: failed,
            })
          }
        >
          {t("hooks.test")}
        </Button>
        <Button size="xs" variant="default" onClick={onEdit}>
          {t("do.edit")}
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => switchTo(!webhook.is_active)}
        >
          {t(webhook.is_active ? "hooks.switchOff" : "hooks.switchOn")}
        </Button>
        <Remove webhook={webhook} />
      </div>
      {opened && <Deliveries webhookId={webhook.id} />}
    </li>
  );
}

function Remove({ webhook }: { webhook: Webhook }) {
  const { t } = useTexts();
  const calm = useCalm();
  const remove = useDeleteWebhook();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        {t("do.delete")}
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={t("hooks.delete.ask")}
        action={t("do.delete")}
        onConfirm={() => {
          setAsked(false);
          void calm({ send: () => remove.mutateAsync(webhook.id), done: t("hooks.deleted") });
        }}
      >
        <p className="no-margin breaks">{webhook.url}</p>
        <p className="no-margin">{t("hooks.delete.what")}</p>
      </Confirm>
    </>
  );
}
