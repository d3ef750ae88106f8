// Making a webhook, and changing one.

import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { useState } from "react";

import { useCreateWebhook, useUpdateWebhook } from "@/api/calls/webhooks";
import type { EventName, Webhook } from "@/api/types";
import { useTexts } from "@/i18n";
import { typed } from "@/lib/form";
import { FormRefusal, refusalOf } from "@/ui/form-refusal";
import { SecretOnce } from "@/ui/secret-once";

import css from "./developers.module.css";

const EVENTS: EventName[] = [
  "post.scheduled", "post.publishing", "post.published", "post.failed", "post.partially_failed", "post.updated", "post.deleted",
  "account.connected", "account.disconnected", "account.reconnect_needed", "media.uploaded", "media.deleted",
];
const USUAL: EventName[] = ["post.published", "post.failed", "account.reconnect_needed"];

export function WebhookDialog({ webhook, onClose }: { webhook: Webhook | "new" | null; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Modal
      opened={webhook !== null}
      onClose={onClose}
      size="lg"
      title={t(webhook === "new" ? "hooks.new" : "hooks.edit")}
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      {webhook && <Form webhook={webhook === "new" ? null : webhook} onClose={onClose} />}
    </Modal>
  );
}

function Form({ webhook, onClose }: { webhook: Webhook | null; onClose: () => void }) {
  const { t } = useTexts();
  const create = useCreateWebhook();
  const update = useUpdateWebhook();
  const [events, setEvents] = useState<string[]>(webhook?.events ?? USUAL);
  const error = create.error ?? update.error;
  const errorOf = (field: string) => refusalOf(error, field);
  if (create.data) {
    return <SecretOnce note={t("hooks.secret.once")} label={t("hooks.secret")} value={create.data.secret} onClose={onClose} />;
  }
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const body = { url: typed(form, "url"), name: typed(form, "name") || null, events: events as EventName[] };
        if (webhook) update.mutate({ id: webhook.id, body }, { onSuccess: onClose });
        else create.mutate(body);
      }}
    >
      <TextInput name="url" type="url" label={t("hooks.url")} placeholder="https://" defaultValue={webhook?.url} error={errorOf("url")} required withAsterisk={false} data-autofocus />
      <TextInput name="name" label={t("hooks.name")} defaultValue={webhook?.name ?? ""} error={errorOf("name")} />
      <Checkbox.Group label={t("hooks.events")} value={events} onChange={setEvents} error={errorOf("events")}>
        <div className={css.choices}>
          {EVENTS.map((name) => (
            <Checkbox key={name} value={name} label={<code>{name}</code>} />
          ))}
        </div>
      </Checkbox.Group>
      <FormRefusal error={error} fields={["url", "name", "events"]} />
      <div>
        <Button type="submit" loading={create.isPending || update.isPending} disabled={events.length === 0}>
          {t(webhook ? "do.save" : "do.create")}
        </Button>
      </div>
    </form>
  );
}
